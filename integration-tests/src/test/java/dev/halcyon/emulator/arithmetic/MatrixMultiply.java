package dev.halcyon.emulator.arithmetic;

/**
 * {@code mma.sync.aligned.m16n8kK.row.col.f32.T.T.f32}: D = A B + C for A of 16 rows and K columns, B of K rows and 8
 * columns, C and D of 16 rows and 8 columns in float32.
 * <p>
 * Each sum begins with the number of C and takes up the products, which are exact, in order of k, in double; the result
 * is rounded to float32 once, to the nearest. (PTX leaves order and intermediate precision open; a GPU truncates more.)
 */
public enum MatrixMultiply {
    M16N8K8_F16(2, 1, MatrixMultiply::f16), M16N8K16_F16(2, 2, MatrixMultiply::f16), //
    M16N8K8_BF16(2, 1, MatrixMultiply::bf16), M16N8K16_BF16(2, 2, MatrixMultiply::bf16), //
    /** Of a number that is no TF32 the lower 13 bits do not count. */
    M16N8K4_TF32(1, 1, MatrixMultiply::tf32), M16N8K8_TF32(1, 2, MatrixMultiply::tf32);

    private static final int LANES = 32;
    private static final int ROWS = 16;
    private static final int COLUMNS = 8;
    private static final int HALF_ROWS = 8;

    private final int packed;
    private final int parts;
    private final Unpacking unpacking;

    /** The number at a place in a register. */
    @FunctionalInterface
    private interface Unpacking {
        double number(int register, int place);
    }

    /**
     * @param packed numbers in a register
     * @param parts registers of B: each covers 4 lanes' numbers of a column
     */
    MatrixMultiply(int packed, int parts, Unpacking unpacking) {
        this.packed = packed;
        this.parts = parts;
        this.unpacking = unpacking;
    }

    private static double f16(int register, int place) {
        return Half.F16.toFloat(register >>> 16 * place);
    }

    private static double bf16(int register, int place) {
        return Half.BF16.toFloat(register >>> 16 * place);
    }

    private static double tf32(int register, int place) {
        return Float.intBitsToFloat(register & ~0x1fff);
    }

    /** The extent K. */
    public int depth() {
        return 4 * packed * parts;
    }

    /**
     * Executes the instruction. Arrays say where registers begin in {@code registers}, in the order of the operands; a
     * register may be in more than one of them.
     *
     * @param registers of the warp: register r of lane l at 32 r + l
     * @param d 4 registers
     * @param a K/4 registers of 16-bit numbers, K/2 of TF32
     * @param b half as many
     * @param c 4 registers
     */
    public void apply(int[] registers, int[] d, int[] a, int[] b, int[] c) {
        double[] left = left(registers, a);
        double[] right = right(registers, b);
        double[] sums = accumulators(registers, c);
        for (int k = 0; k < depth(); k++) {
            for (int row = 0; row < ROWS; row++) {
                double factor = left[k * ROWS + row];
                for (int column = 0; column < COLUMNS; column++) {
                    sums[row * COLUMNS + column] += factor * right[k * COLUMNS + column];
                }
            }
        }
        for (int i = 0; i < d.length; i++) {
            for (int lane = 0; lane < LANES; lane++) {
                registers[d[i] + lane] = Float32.bits((float) sums[accumulator(i, lane)]);
            }
        }
    }

    /** A, column by column: lane l holds of rows l/4 and l/4 + 8. */
    private double[] left(int[] registers, int[] a) {
        double[] left = new double[depth() * ROWS];
        for (int i = 0; i < a.length; i++) {
            for (int lane = 0; lane < LANES; lane++) {
                int row = lane / 4 + HALF_ROWS * (i % 2);
                unpack(registers[a[i] + lane], left, k(i / 2, lane) * ROWS + row, ROWS);
            }
        }
        return left;
    }

    /** B, row by row: lane l holds of column l/4. */
    private double[] right(int[] registers, int[] b) {
        double[] right = new double[depth() * COLUMNS];
        for (int i = 0; i < b.length; i++) {
            for (int lane = 0; lane < LANES; lane++) {
                unpack(registers[b[i] + lane], right, k(i, lane) * COLUMNS + lane / 4, COLUMNS);
            }
        }
        return right;
    }

    private static double[] accumulators(int[] registers, int[] c) {
        double[] sums = new double[ROWS * COLUMNS];
        for (int i = 0; i < c.length; i++) {
            for (int lane = 0; lane < LANES; lane++) {
                sums[accumulator(i, lane)] = Float.intBitsToFloat(registers[c[i] + lane]);
            }
        }
        return sums;
    }

    private int k(int part, int lane) {
        return packed * (4 * part + lane % 4);
    }

    private static int accumulator(int i, int lane) {
        int row = lane / 4 + HALF_ROWS * (i / 2);
        return row * COLUMNS + 2 * (lane % 4) + i % 2;
    }

    private void unpack(int register, double[] matrix, int first, int step) {
        for (int place = 0; place < packed; place++) {
            matrix[first + place * step] = unpacking.number(register, place);
        }
    }
}
