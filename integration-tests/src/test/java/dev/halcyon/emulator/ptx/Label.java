package dev.halcyon.emulator.ptx;

/**
 * A place in the code of a function.
 *
 * @param number told from every other label of the function by it; names may be declared again in nested scopes
 */
public record Label(String name, int number) {
}
