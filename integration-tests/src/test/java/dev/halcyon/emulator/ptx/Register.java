package dev.halcyon.emulator.ptx;

/**
 * A register of a function. Nested scopes may declare a name again, so a register is told by its number.
 *
 * @param number from 0 in its function
 */
public record Register(String name, PtxType type, int number) {
}
