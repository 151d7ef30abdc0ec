package dev.halcyon.emulator.ptx;

import java.util.List;

/**
 * A variable in memory, or a parameter.
 *
 * @param number told from every other variable of the module by it; names may be declared again in nested scopes
 * @param alignment in bytes, a power of two
 * @param bytes its size; 0 for an array whose size the launch gives
 * @param initial its first bytes (the rest is zero), or null if it has no initial value
 * @param references places in the initial value that hold the address of another variable
 * @param external whether it is only declared here; for shared memory, that it is the launch's dynamic part
 */
public record Variable(String name, int number, Space space, int alignment, long bytes, byte[] initial,
        List<Reference> references, boolean external, int line) {

    /**
     * An address that is known once the variables have their places.
     *
     * @param at offset of the eight bytes
     * @param symbol the variable whose address goes there
     * @param offset what is added to it
     */
    public record Reference(int at, String symbol, long offset) {
    }
}
