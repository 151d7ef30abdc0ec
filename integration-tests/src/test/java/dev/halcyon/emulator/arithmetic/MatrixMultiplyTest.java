package dev.halcyon.emulator.arithmetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code mma} against plain products in double. Numbers are put into registers element by element, by the ISA's figures
 * turned round: which lane, which register and which half of it holds row r and column c.
 */
final class MatrixMultiplyTest {
    private static final int ROWS = 16;
    private static final int COLUMNS = 8;
    private static final int A = 0;
    private static final int B = 4;
    private static final int C = 6;
    private static final int D = 10;
    private static final int REGISTERS = 14;

    private static boolean isPacked(MatrixMultiply shape) {
        return !shape.name().endsWith("TF32");
    }

    private static int encode(MatrixMultiply shape, double x) {
        if (shape.name().endsWith("_F16")) {
            return Half.F16.of((float) x);
        }
        return shape.name().endsWith("BF16") ? Half.BF16.of((float) x) : Float.floatToRawIntBits((float) x);
    }

    /** The number as the type of A and B keeps it. */
    private static double kept(MatrixMultiply shape, double x) {
        if (isPacked(shape)) {
            Half half = shape.name().endsWith("_F16") ? Half.F16 : Half.BF16;
            return half.toFloat(half.of((float) x));
        }
        return FloatFormat.TF32.round((float) x, Rounding.ZERO);
    }

    /** Figures of A: groups of four lanes share a row, the lanes of a group its columns. */
    private static void putA(MatrixMultiply shape, int[] registers, int row, int column, double x) {
        boolean lowerRows = row >= 8;
        int group = lowerRows ? row - 8 : row;
        if (isPacked(shape)) {
            boolean rightColumns = column >= 8;
            int inPart = rightColumns ? column - 8 : column;
            int lane = 4 * group + inPart / 2;
            int register = (lowerRows ? 1 : 0) + (rightColumns ? 2 : 0);
            registers[32 * (A + register) + lane] |= encode(shape, x) << (inPart % 2 == 0 ? 0 : 16);
        } else {
            boolean rightColumns = column >= 4;
            int lane = 4 * group + (rightColumns ? column - 4 : column);
            int register = (lowerRows ? 1 : 0) + (rightColumns ? 2 : 0);
            registers[32 * (A + register) + lane] = encode(shape, x);
        }
    }

    /** Figures of B: groups of four lanes share a column, the lanes of a group its rows. */
    private static void putB(MatrixMultiply shape, int[] registers, int row, int column, double x) {
        int rowsOfARegister = isPacked(shape) ? 8 : 4;
        int register = row < rowsOfARegister ? 0 : 1;
        int inPart = row - register * rowsOfARegister;
        if (isPacked(shape)) {
            int lane = 4 * column + inPart / 2;
            registers[32 * (B + register) + lane] |= encode(shape, x) << (inPart % 2 == 0 ? 0 : 16);
        } else {
            registers[32 * (B + register) + 4 * column + inPart] = encode(shape, x);
        }
    }

    /** Figures of C and D: where row and column are, counted from the first register of the operand. */
    private static int placeOfC(int row, int column) {
        int register = (column & 1) | (row < 8 ? 0 : 2);
        int lane = (row & 7) << 2 | column >> 1;
        return 32 * register + lane;
    }

    private static int[] registers(int first, int count) {
        int[] registers = new int[count];
        for (int i = 0; i < count; i++) {
            registers[i] = 32 * (first + i);
        }
        return registers;
    }

    /** The instruction on matrices row by row: A of 16 rows, B of 8 columns, C and the result of 16 by 8. */
    private static float[] multiply(MatrixMultiply shape, double[] a, double[] b, double[] c, int d) {
        int depth = shape.depth();
        int[] registers = new int[32 * REGISTERS];
        for (int k = 0; k < depth; k++) {
            for (int row = 0; row < ROWS; row++) {
                putA(shape, registers, row, k, a[row * depth + k]);
            }
            for (int column = 0; column < COLUMNS; column++) {
                putB(shape, registers, k, column, b[k * COLUMNS + column]);
            }
        }
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            registers[32 * C + placeOfC(i / COLUMNS, i % COLUMNS)] = Float.floatToRawIntBits((float) c[i]);
        }
        int parts = depth / (isPacked(shape) ? 8 : 4);
        shape.apply(registers, registers(d, 4), registers(A, 2 * parts), registers(B, parts), registers(C, 4));
        float[] result = new float[ROWS * COLUMNS];
        for (int i = 0; i < result.length; i++) {
            result[i] = Float.intBitsToFloat(registers[32 * d + placeOfC(i / COLUMNS, i % COLUMNS)]);
        }
        return result;
    }

    private static float[] expected(MatrixMultiply shape, double[] a, double[] b, double[] c) {
        int depth = shape.depth();
        float[] result = new float[ROWS * COLUMNS];
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                double sum = (float) c[row * COLUMNS + column];
                for (int k = 0; k < depth; k++) {
                    sum += kept(shape, a[row * depth + k]) * kept(shape, b[k * COLUMNS + column]);
                }
                result[row * COLUMNS + column] = (float) sum;
            }
        }
        return result;
    }

    private static double[] draw(DoubleSupplier numbers, int count) {
        double[] drawn = new double[count];
        for (int i = 0; i < count; i++) {
            drawn[i] = numbers.getAsDouble();
        }
        return drawn;
    }

    private static void check(MatrixMultiply shape, DoubleSupplier numbers, DoubleSupplier summands) {
        double[] a = draw(numbers, ROWS * shape.depth());
        double[] b = draw(numbers, shape.depth() * COLUMNS);
        double[] c = draw(summands, ROWS * COLUMNS);
        assertArrayEquals(expected(shape, a, b, c), multiply(shape, a, b, c, D));
        assertArrayEquals(expected(shape, a, b, c), multiply(shape, a, b, c, C), "D in the registers of C");
    }

    @ParameterizedTest
    @EnumSource
    void normalDraws(MatrixMultiply shape) {
        Random random = new Random(shape.ordinal());
        for (int i = 0; i < 50; i++) {
            check(shape, random::nextGaussian, random::nextGaussian);
        }
    }

    @ParameterizedTest
    @EnumSource
    void extremeNumbers(MatrixMultiply shape) {
        double[] corners = {0.0, -0.0, 1, -1, Float.MIN_VALUE, 0x1p-24, 0x1p-133, -0x1p-14, 0x1p-126, 65504, 0x1p100,
            -Float.MAX_VALUE};
        Random random = new Random(shape.ordinal());
        for (int i = 0; i < 50; i++) {
            DoubleSupplier numbers = () -> corners[random.nextInt(corners.length)];
            check(shape, numbers, numbers);
        }
    }

    @ParameterizedTest
    @EnumSource
    void infinitiesAndNan(MatrixMultiply shape) {
        Random random = new Random(shape.ordinal());
        double[] seldom = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, 0, -0.0};
        DoubleSupplier numbers = () -> random.nextInt(40) == 0
                ? seldom[random.nextInt(seldom.length)]
                : random.nextGaussian();
        for (int i = 0; i < 20; i++) {
            check(shape, numbers, numbers);
        }
    }

    /** A single 1 in A picks a row of B: each of both at every place, so that no two places can be confused. */
    @ParameterizedTest
    @EnumSource
    void everyPlace(MatrixMultiply shape) {
        int depth = shape.depth();
        double[] b = new double[depth * COLUMNS];
        for (int i = 0; i < b.length; i++) {
            b[i] = 1 + i;
        }
        for (int row = 0; row < ROWS; row++) {
            for (int k = 0; k < depth; k++) {
                double[] a = new double[ROWS * depth];
                a[row * depth + k] = 1;
                float[] product = multiply(shape, a, b, new double[ROWS * COLUMNS], D);
                for (int i = 0; i < product.length; i++) {
                    float picked = i / COLUMNS == row ? 1 + k * COLUMNS + i % COLUMNS : 0;
                    assertEquals(picked, product[i]);
                }
            }
        }
    }

    /** 2^24 + 1 + 1 is 2^24 + 2 when it is rounded once, 2^24 when after every term. */
    @Test
    void sumsAreRoundedOnce() {
        double[] a = new double[ROWS * 16];
        a[0] = 1;
        a[1] = 1;
        double[] b = new double[16 * COLUMNS];
        b[0] = 1;
        b[COLUMNS] = 1;
        double[] c = new double[ROWS * COLUMNS];
        c[0] = 0x1p24;
        assertEquals(0x1p24f + 2, multiply(MatrixMultiply.M16N8K16_BF16, a, b, c, D)[0]);
    }
}
