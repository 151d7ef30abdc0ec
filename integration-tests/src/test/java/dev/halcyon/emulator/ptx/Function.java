package dev.halcyon.emulator.ptx;

import java.util.List;

/**
 * A kernel or a device function.
 *
 * @param entry whether it is a kernel
 * @param results what a device function gives back
 * @param variables those declared in its body, in any scope
 * @param registers those of its body, in the order of their numbers
 * @param body null if it is only declared
 * @param limits what the text says about launches
 */
public record Function(String name, boolean entry, List<Variable> results, List<Variable> parameters,
        List<Variable> variables, List<Register> registers, List<Statement> body, Limits limits, int line) {

    /**
     * What a kernel's text says about its launches.
     *
     * @param maxThreads threads per block at most ({@code .maxntid} or {@code .reqntid}), 0 if not said
     * @param exactThreads whether each launch must have just so many ({@code .reqntid})
     */
    public record Limits(int maxThreads, boolean exactThreads) {
    }
}
