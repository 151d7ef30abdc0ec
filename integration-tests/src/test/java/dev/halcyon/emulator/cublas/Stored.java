package dev.halcyon.emulator.cublas;

/**
 * A matrix in device memory, column by column.
 *
 * @param name what messages call it
 * @param address of its first element
 * @param leadingDimension elements from the start of a column to that of the next
 */
record Stored(String name, long address, Element element, int leadingDimension) {
    /** Address of a column. */
    long column(int number) {
        return address + (long) number * leadingDimension * element.bytes();
    }
}
