package dev.halcyon.emulator.cublas;

import dev.halcyon.emulator.memory.AccessFault;
import dev.halcyon.emulator.memory.DeviceMemory;
import java.util.function.Consumer;

/** Brings matrices from device memory and back. Those outside lie column by column without gaps. */
final class Storage {
    private final DeviceMemory memory;
    private final Consumer<String> findings;

    /** @param findings told of each matrix of which elements are read that were never written */
    Storage(DeviceMemory memory, Consumer<String> findings) {
        this.memory = memory;
        this.findings = findings;
    }

    float[] read(Stored matrix, int rows, int columns) {
        checkAlignment(matrix);
        float[] elements = new float[Math.multiplyExact(rows, columns)];
        int count = run(matrix, rows, columns);
        boolean isComplete = true;
        for (int at = 0; at < elements.length; at += count) {
            isComplete &= isWritten(matrix, at / rows, count);
            matrix.element().read(memory, matrix.column(at / rows), elements, at, count);
        }
        report(matrix, isComplete);
        return elements;
    }

    /** Reads a matrix whose transpose is stored; rows and columns are those of what comes back. */
    float[] readTransposed(Stored matrix, int rows, int columns) {
        checkAlignment(matrix);
        float[] elements = new float[Math.multiplyExact(rows, columns)];
        float[] line = new float[columns];
        boolean isComplete = true;
        for (int row = 0; row < rows; row++) {
            isComplete &= isWritten(matrix, row, columns);
            matrix.element().read(memory, matrix.column(row), line, 0, columns);
            for (int column = 0; column < columns; column++) {
                elements[column * rows + row] = line[column];
            }
        }
        report(matrix, isComplete);
        return elements;
    }

    void write(Stored matrix, int rows, int columns, float[] elements) {
        checkAlignment(matrix);
        int count = run(matrix, rows, columns);
        for (int at = 0; at < elements.length; at += count) {
            matrix.element().write(memory, matrix.column(at / rows), elements, at, count);
        }
    }

    /** How many elements lie next to each other: a column, or all where there are no gaps between columns. */
    private static int run(Stored matrix, int rows, int columns) {
        return matrix.leadingDimension() == rows ? rows * columns : rows;
    }

    private static void checkAlignment(Stored matrix) {
        if (matrix.address() % matrix.element().bytes() != 0) {
            throw new AccessFault("matrix %s of a product is at 0x%x, which is no multiple of its elements' %d bytes"
                    .formatted(matrix.name(), matrix.address(), matrix.element().bytes()));
        }
    }

    private boolean isWritten(Stored matrix, int column, int count) {
        return memory.firstUnwritten(matrix.column(column), (long) count * matrix.element().bytes()) < 0;
    }

    private void report(Stored matrix, boolean isComplete) {
        if (!isComplete) {
            findings.accept("cuBLAS reads elements of matrix %s at 0x%x that were never written"
                    .formatted(matrix.name(), matrix.address()));
        }
    }
}
