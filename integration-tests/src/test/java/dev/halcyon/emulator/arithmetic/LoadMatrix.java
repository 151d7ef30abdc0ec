package dev.halcyon.emulator.arithmetic;

/**
 * {@code ldmatrix.sync.aligned.m8n8.num.b16}: matrices of 8 rows of 8 numbers of 16 bits, spread over the lanes as
 * {@code mma} wants them.
 */
public final class LoadMatrix {
    private static final int LANES = 32;
    private static final int ROWS = 8;
    private static final int WORDS = 4;

    private LoadMatrix() {
    }

    /**
     * Spreads matrices over the lanes: lane l gets of each the numbers 2(l mod 4) and 2(l mod 4) + 1 of row l/4 in the
     * lower and upper half of a register; with {@code .trans} those of column l/4.
     *
     * @param rows 4 words (16 bytes, little-endian) for each row, that at the address which lane 8m + r gave being row r
     *            of matrix m
     * @param transposed {@code .trans}
     * @param registers of the warp: register r of lane l at 32 r + l
     * @param targets where the register of each matrix begins: 1, 2 or 4 of them
     */
    public static void apply(int[] rows, boolean transposed, int[] registers, int... targets) {
        for (int matrix = 0; matrix < targets.length; matrix++) {
            int first = matrix * ROWS * WORDS;
            for (int lane = 0; lane < LANES; lane++) {
                registers[targets[matrix] + lane] = transposed
                        ? column(rows, first, lane / WORDS, lane % WORDS)
                        : rows[first + lane];
            }
        }
    }

    private static int column(int[] rows, int first, int column, int pair) {
        int word = first + 2 * pair * WORDS + column / 2;
        int shift = 16 * (column % 2);
        return rows[word] >>> shift & 0xffff | rows[word + WORDS] >>> shift << 16;
    }
}
