package dev.halcyon.emulator.cublas;

import java.util.Arrays;

/** The product of two matrices in float32. */
final class Products {
    /** Rows and terms at a time: a block of A stays in the second-level cache. */
    private static final int ROWS = 512;
    private static final int TERMS = 256;

    private Products() {
    }

    /**
     * Multiplies. Each sum takes up its products in order of k, each product and addition rounded as one; that is one of
     * the orders that cuBLAS leaves open.
     *
     * @param a m rows, k columns, column by column; so are all
     * @param b k rows, n columns
     * @param sums m rows, n columns: zeros, to which the product is added
     */
    static void multiply(float[] a, float[] b, int m, int n, int k, float[] sums) {
        for (int row = 0; row < m; row += ROWS) {
            float[] strip = new float[Math.min(ROWS, m - row)];
            for (int term = 0; term < k; term += TERMS) {
                float[][] factors = columns(a, term * m + row, strip.length, m, Math.min(TERMS, k - term));
                for (int column = 0; column < n; column++) {
                    System.arraycopy(sums, column * m + row, strip, 0, strip.length);
                    accumulate(factors, b, column * k + term, strip);
                    System.arraycopy(strip, 0, sums, column * m + row, strip.length);
                }
            }
        }
    }

    /** Columns in arrays of their own: the JVM vectorises a loop whose arrays all have the same index. */
    private static float[][] columns(float[] a, int first, int rows, int m, int terms) {
        float[][] columns = new float[terms][];
        for (int term = 0; term < terms; term++) {
            int start = first + term * m;
            columns[term] = Arrays.copyOfRange(a, start, start + rows);
        }
        return columns;
    }

    private static void accumulate(float[][] a, float[] b, int at, float[] sums) {
        int term = 0;
        for (; term + 4 <= a.length; term += 4) {
            int first = at + term;
            add(a[term], b[first], a[term + 1], b[first + 1], a[term + 2], b[first + 2], a[term + 3], b[first + 3],
                    sums);
        }
        for (; term < a.length; term++) {
            add(a[term], b[at + term], sums);
        }
    }

    private static void add(float[] a0, float b0, float[] a1, float b1, float[] a2, float b2, float[] a3, float b3,
            float[] sums) {
        for (int i = 0; i < sums.length; i++) {
            float two = Math.fma(a1[i], b1, Math.fma(a0[i], b0, sums[i]));
            sums[i] = Math.fma(a3[i], b3, Math.fma(a2[i], b2, two));
        }
    }

    private static void add(float[] a, float b, float[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Math.fma(a[i], b, sums[i]);
        }
    }
}
