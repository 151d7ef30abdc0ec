package dev.halcyon.emulator.arithmetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instructions by which lanes talk to each other; shuffles as the CUDA C++ guide describes its functions. */
final class WarpOperationsTest {
    private static final int[] MEMBERS = {-1, 1, 0x80000000, 0x0000ffff, 0xaaaaaaaa, 0x00010010};

    /** The operand c that CUDA's functions of a given width pass. */
    private static int c(int width, int limit) {
        return 32 - width << 8 | limit;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16, 32})
    void shufflesStayInSegments(int width) {
        for (int lane = 0; lane < 32; lane++) {
            int segment = lane / width;
            for (int b = 0; b < 32; b++) {
                int below = lane - b;
                assertEquals(below >= 0 && below / width == segment ? below : -1,
                        Shuffle.UP.source(lane, b, c(width, 0)));
                int above = lane + b;
                assertEquals(above / width == segment ? above : -1, Shuffle.DOWN.source(lane, b, c(width, 31)));
                int partner = lane ^ b;
                assertEquals(partner / width <= segment ? partner : -1, Shuffle.BFLY.source(lane, b, c(width, 31)));
                assertEquals(segment * width + b % width, Shuffle.IDX.source(lane, b, c(width, 31)));
            }
        }
    }

    /** Only the lower five bits of b count, and c may stop short of the segment's end. */
    @Test
    void shufflesUpToALimit() {
        assertEquals(3, Shuffle.of("idx").source(0, 32 + 3, 31));
        assertEquals(9, Shuffle.of("down").source(8, 33, 31));
        assertEquals(5, Shuffle.IDX.source(0, 5, 5));
        assertEquals(-1, Shuffle.IDX.source(0, 6, 5));
        assertEquals(-1, Shuffle.UP.source(6, 4, 3));
        assertEquals(3, Shuffle.UP.source(7, 4, 3));
    }

    @Test
    void votes() {
        Random random = new Random(5);
        for (int members : MEMBERS) {
            for (int predicates : new int[] {0, -1, members, ~members, 1, 0x8000, random.nextInt(), random.nextInt()}) {
                boolean[] answers = new boolean[Integer.bitCount(members)];
                int count = 0;
                for (int lane = 0; lane < 32; lane++) {
                    if ((members >>> lane & 1) != 0) {
                        answers[count++] = (predicates >>> lane & 1) != 0;
                    }
                }
                long yes = IntStream.range(0, count).filter(i -> answers[i]).count();
                assertEquals(yes == count, Vote.ALL.apply(predicates, members));
                assertEquals(yes > 0, Vote.ANY.apply(predicates, members));
                assertEquals(yes == 0 || yes == count, Vote.UNI.apply(predicates, members));
            }
        }
    }

    @Test
    void sameValuesAreMatched() {
        long[] values = LongStream.range(0, 32).map(lane -> lane % 3 << 40 | lane % 2).toArray();
        for (int members : MEMBERS) {
            for (int lane = 0; lane < 32; lane++) {
                if ((members >>> lane & 1) == 0) {
                    continue;
                }
                int remainder = lane % 6;
                int expected = IntStream.range(0, 32).filter(other -> other % 6 == remainder)
                        .map(other -> members & 1 << other).reduce(0, (a, b) -> a | b);
                assertEquals(expected, Match.any(values, members, lane));
            }
        }
        assertEquals(0, Match.all(values, -1));
        assertEquals(0x01041041, Match.all(values, 0x01041041), "every sixth lane");
        assertEquals(0, Match.all(values, 0x01041043));
    }

    @Test
    void reductions() {
        int[] registers = new Random(6).ints(64).toArray();
        for (int members : MEMBERS) {
            int[] taken = IntStream.range(0, 32).filter(lane -> (members >>> lane & 1) != 0)
                    .map(lane -> registers[32 + lane]).toArray();
            long[] unsigned = Arrays.stream(taken).mapToLong(Integer::toUnsignedLong).toArray();
            assertReduced((int) Arrays.stream(unsigned).sum(), WarpReduction.ADD, registers, members);
            assertReduced(Arrays.stream(taken).min().orElseThrow(), WarpReduction.MIN, registers, members);
            assertReduced(Arrays.stream(taken).max().orElseThrow(), WarpReduction.MAX, registers, members);
            assertReduced((int) Arrays.stream(unsigned).min().orElseThrow(), WarpReduction.MIN_UNSIGNED, registers,
                    members);
            assertReduced((int) Arrays.stream(unsigned).max().orElseThrow(), WarpReduction.MAX_UNSIGNED, registers,
                    members);
            for (int bit = 0; bit < 32; bit++) {
                int number = bit;
                long ones = Arrays.stream(taken).filter(value -> (value >>> number & 1) != 0).count();
                assertEquals(ones == taken.length, bit(WarpReduction.AND.apply(registers, 32, members), bit));
                assertEquals(ones > 0, bit(WarpReduction.OR.apply(registers, 32, members), bit));
                assertEquals(ones % 2 == 1, bit(WarpReduction.XOR.apply(registers, 32, members), bit));
            }
        }
    }

    private static void assertReduced(int expected, WarpReduction reduction, int[] registers, int members) {
        assertEquals(expected, reduction.apply(registers, 32, members), reduction::name);
    }

    private static boolean bit(int value, int number) {
        return (value >>> number & 1) != 0;
    }

    /** Number 100 m + 10 r + c is at row r and column c of matrix m: its digits tell where a lane's half came from. */
    private static int[] matrices() {
        int[] rows = new int[4 * 8 * 4];
        for (int matrix = 0; matrix < 4; matrix++) {
            for (int row = 0; row < 8; row++) {
                for (int column = 0; column < 8; column++) {
                    rows[(matrix * 8 + row) * 4 + column / 2] |= 100 * matrix + 10 * row + column << 16 * (column % 2);
                }
            }
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void matricesAreSpreadOverTheLanes(int count) {
        int[] targets = Arrays.copyOf(new int[] {96, 0, 32, 160}, count);
        int[] plain = new int[32 * 6];
        int[] transposed = new int[32 * 6];
        LoadMatrix.apply(matrices(), false, plain, targets);
        LoadMatrix.apply(matrices(), true, transposed, targets);
        int[] expected = new int[32 * 6];
        int[] expectedTransposed = new int[32 * 6];
        for (int matrix = 0; matrix < count; matrix++) {
            for (int row = 0; row < 8; row++) {
                for (int column = 0; column < 8; column++) {
                    int number = 100 * matrix + 10 * row + column;
                    int at = targets[matrix] + 4 * row + column / 2;
                    expected[at] |= number << 16 * (column % 2);
                    int transposedAt = targets[matrix] + 4 * column + row / 2;
                    expectedTransposed[transposedAt] |= number << 16 * (row % 2);
                }
            }
        }
        assertArrayEquals(expected, plain);
        assertArrayEquals(expectedTransposed, transposed);
    }

    /** Lane 13 has row 3, numbers 2 and 3; transposed, column 3, rows 2 and 3. */
    @Test
    void oneLaneOfALoadedMatrix() {
        int[] registers = new int[64];
        LoadMatrix.apply(matrices(), false, registers, 0, 32);
        assertEquals(33 << 16 | 32, registers[13]);
        assertEquals(133 << 16 | 132, registers[32 + 13]);
        LoadMatrix.apply(matrices(), true, registers, 0, 32);
        assertEquals(33 << 16 | 23, registers[13]);
        assertEquals(133 << 16 | 123, registers[32 + 13]);
    }

    @Test
    void aReductionOfOneLaneIsItsValue() {
        int[] registers = IntStream.range(0, 32).toArray();
        for (WarpReduction reduction : WarpReduction.values()) {
            assertEquals(17, reduction.apply(registers, 0, 1 << 17));
        }
        assertTrue(Vote.UNI.apply(0, -1));
        assertFalse(Vote.ANY.apply(0, -1));
    }
}
