package dev.halcyon.emulator.cublas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.emulator.arithmetic.Half;
import dev.halcyon.emulator.memory.DeviceMemory;
import java.util.function.DoubleSupplier;

/** Matrices with a gap after each column and after each matrix, which no product may touch. */
final class Matrices {
    static final int F32 = 0;
    static final int F16 = 2;
    static final int BF16 = 14;

    private static final int GAP = 0x7fedcba9;

    private final DeviceMemory memory;
    private final int type;
    private final int rows;
    private final int columns;
    private final int leadingDimension;
    private final long stride;
    private final long address;
    private final double[] numbers;

    Matrices(DeviceMemory memory, int type, int rows, int columns, int batch, int gap, DoubleSupplier draws) {
        this.memory = memory;
        this.type = type;
        this.rows = rows;
        this.columns = columns;
        leadingDimension = rows + gap;
        stride = (long) leadingDimension * columns + 3 * gap;
        int count = Math.toIntExact(stride * batch);
        address = memory.allocate(16 + 4L * count) + 4;
        numbers = new double[count];
        for (int i = 0; i < count; i++) {
            if (isElement(i)) {
                store(i, draws.getAsDouble());
                numbers[i] = load(i);
            } else {
                storeGap(i);
            }
        }
    }

    private boolean isElement(int i) {
        int inMatrix = (int) (i % stride);
        return inMatrix < leadingDimension * columns && inMatrix % leadingDimension < rows;
    }

    private void store(int i, double x) {
        if (type == F32) {
            memory.setFloat(address + 4L * i, (float) x);
        } else {
            memory.setShort(address + 2L * i, (short) half().of((float) x));
        }
    }

    private void storeGap(int i) {
        if (type == F32) {
            memory.setInt(address + 4L * i, GAP);
        } else {
            memory.setShort(address + 2L * i, (short) GAP);
        }
    }

    private Half half() {
        return type == F16 ? Half.F16 : Half.BF16;
    }

    double load(int i) {
        return type == F32
                ? memory.getFloat(address + 4L * i)
                : half().toFloat(memory.getShort(address + 2L * i));
    }

    int index(int matrix, int row, int column) {
        return Math.toIntExact(matrix * stride + (long) column * leadingDimension + row);
    }

    /** The number as it was stored at the start. */
    double at(int matrix, int row, int column) {
        return numbers[index(matrix, row, column)];
    }

    void checkGaps() {
        for (int i = 0; i < numbers.length; i++) {
            if (!isElement(i)) {
                int found = type == F32 ? memory.getInt(address + 4L * i) : memory.getShort(address + 2L * i);
                assertEquals(type == F32 ? GAP : (short) GAP, found, "the gap at " + i);
            }
        }
    }

    Operand operand() {
        return new Operand(address, type, leadingDimension, stride);
    }
}
