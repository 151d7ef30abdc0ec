package dev.halcyon.cpu;

/**
 * The inner loops of Winograd's minimal filtering F(4, 3) and F(2, 5) (Winograd 1980; Lavin and Gray 2016): four outputs
 * of a filter with three taps, or two of one with five, from six multiplications. By Cook and Toom's construction the
 * six are values of polynomials at 0, ±{@link #P}, ±{@link #Q} and infinity. With these points, rather than the usual 0,
 * ±1, ±2, squares and cubes are exact in float32 and the largest error is about a third.
 *
 * <p>Every map is linear and works element by element: its bits do not depend on the vector width.
 */
public interface TransformKernels {
    /** The inner pair of points. */
    float P = 0.625f;

    /** The outer pair of points. */
    float Q = 1.5f;

    /** What the value at 0 is multiplied by on the side of the taps. */
    float SHARE_ZERO = 1 / (P * P * Q * Q);

    /** The same for the values at ±P. */
    float SHARE_P = 1 / (2 * P * P * (P * P - Q * Q));

    /** The same for the values at ±Q. */
    float SHARE_Q = 1 / (2 * Q * Q * (Q * Q - P * P));

    /** Bytes from a term of {@link #addProducts} to the next: at least two vectors. */
    long TERM_BYTES = 128;

    /** A one-dimensional map; two dimensions are one map along the rows and one along the columns. */
    enum Map {
        /** Bᵀ: six inputs to six values. */
        INPUT(6, 6),
        /** G: three taps to six values. */
        TAPS(3, 6),
        /** Aᵀ: six products to four outputs. */
        OUTPUT(6, 4),
        /** A: four output gradients to six values. */
        OUTPUT_GRADIENT(4, 6),
        /** Gᵀ: six sums of products to three tap gradients. */
        TAPS_GRADIENT(6, 3),
        /** G of F(2, 5): five taps to six values. */
        FIVE_TAPS(5, 6),
        /** Aᵀ of F(2, 5): six products to two outputs. */
        TWO_OUTPUTS(6, 2),
        /** A of F(2, 5): two output gradients to six values. */
        TWO_OUTPUTS_GRADIENT(2, 6),
        /** Gᵀ of F(2, 5): six sums of products to five tap gradients. */
        FIVE_TAPS_GRADIENT(6, 5);

        private final int inputs;
        private final int outputs;

        Map(int inputs, int outputs) {
            this.inputs = inputs;
            this.outputs = outputs;
        }

        /** Values that are mapped. */
        public int inputs() {
            return inputs;
        }

        /** Values that they become. */
        public int outputs() {
            return outputs;
        }
    }

    /**
     * Where items of equally long runs lie: an item is a number of runs, each the values of all channels.
     *
     * @param address first run of the first item
     * @param step bytes from a run of an item to its next
     * @param next bytes from an item to the next
     */
    record Runs(long address, long step, long next) {
    }

    /**
     * Maps {@code count} items of runs of {@code floats} floats; the results lie elsewhere. A run shorter than a vector
     * is read and written as one vector.
     */
    void map(Map map, Runs from, Runs to, int count, int floats);

    /**
     * c[i][j] = start[i][j] + Σ a[k][i] b[k][j] with {@link TileKernels#ROWS} rows, where term k of both factors lies
     * at {@code k * TERM_BYTES}, as one chain of fused multiply-adds in the order of k.
     *
     * @param vectors 1 or 2: the tile has that many times {@link TileKernels#lanes} columns
     * @param depth terms of the sum
     * @param start what the sum is added to
     * @param startStep bytes from a row of start to the next, 0 for one row for all
     * @param cStep bytes from a row of C to the next
     */
    void addProducts(int vectors, long a, long b, int depth, long start, long startStep, long c, long cStep);
}
