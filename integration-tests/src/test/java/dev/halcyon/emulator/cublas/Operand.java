package dev.halcyon.emulator.cublas;

/**
 * A matrix, or a batch of them, column by column.
 *
 * @param address of the first element of the first matrix
 * @param type of the elements, a {@code cudaDataType}
 * @param leadingDimension elements from the start of a column to that of the next
 * @param stride elements from the start of a matrix to that of the next; without meaning where there is one
 */
public record Operand(long address, int type, int leadingDimension, long stride) {
}
