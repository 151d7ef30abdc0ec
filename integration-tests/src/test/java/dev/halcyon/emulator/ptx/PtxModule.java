package dev.halcyon.emulator.ptx;

import java.util.List;

/**
 * What a PTX text says.
 *
 * @param version of the PTX language, such as {@code 7.8}
 * @param target such as {@code sm_80}
 * @param variables those outside functions
 */
public record PtxModule(String version, String target, List<Variable> variables, List<Function> functions) {

    /**
     * Reads a PTX text.
     *
     * @throws PtxException if it is not well formed or holds a directive that is not known
     */
    public static PtxModule parse(String text) {
        return new ModuleParser(new Tokens(text)).parse();
    }

    /** The function of that name; null if there is none. */
    public Function function(String name) {
        Function declared = null;
        for (Function function : functions) {
            if (function.name().equals(name)) {
                if (function.body() != null) {
                    return function;
                }
                declared = function;
            }
        }
        return declared;
    }
}
