package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.ptx.PtxException;
import dev.halcyon.emulator.ptx.PtxType;
import java.util.ArrayList;
import java.util.List;

/**
 * The name of an instruction, whose modifiers are taken off one by one by the one who knows what they mean. One that
 * nobody took is an error.
 */
final class Opcode {
    private final String full;
    private final int line;
    private final String base;
    private final List<String> modifiers;

    Opcode(String full, int line) {
        this.full = full;
        this.line = line;
        modifiers = new ArrayList<>(List.of(full.split("\\.")));
        base = modifiers.removeFirst();
    }

    /** What stands before the first dot. */
    String base() {
        return base;
    }

    int line() {
        return line;
    }

    /** Takes a modifier if it is there; says whether it was. */
    boolean take(String modifier) {
        return modifiers.remove(modifier);
    }

    /** Takes the one of some modifiers that is there; null if none is. */
    String takeOneOf(String... candidates) {
        for (String candidate : candidates) {
            if (take(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    /** Takes the one of some modifiers that is there. */
    String requireOneOf(String... candidates) {
        String taken = takeOneOf(candidates);
        if (taken == null) {
            throw error("one of the modifiers " + List.of(candidates) + " is expected");
        }
        return taken;
    }

    /** Takes the last modifier, which names a type. */
    PtxType takeType() {
        PtxType type = modifiers.isEmpty() ? null : PtxType.named(modifiers.getLast());
        if (type == null) {
            throw error("a type is expected at the end");
        }
        modifiers.removeLast();
        return type;
    }

    /** Fails unless every modifier was taken. */
    void finish() {
        if (!modifiers.isEmpty()) {
            throw error("unknown modifier '." + modifiers.getFirst() + "'");
        }
    }

    /** An error about the instruction. */
    PtxException error(String what) {
        return new PtxException(line, "instruction '" + full + "': " + what);
    }

    /** The error that an instruction is not known with such a type. */
    PtxException unknown() {
        return error("unknown instruction");
    }
}
