package dev.halcyon.cpu;

/**
 * The weights of some taps, as a convolution multiplies by them: term (tap, input channel), column output channel.
 *
 * @param address the first tap's first weight
 * @param inputs input channels
 * @param outputStep bytes from a tap's input channel to the next
 * @param taps which taps
 */
record TapRows(long address, int inputs, long outputStep, int[] taps) implements RightOperand {
    @Override
    public void pack(long k, int depth, int column, int columns, int width, long to) {
        for (long term = k; term < k + depth;) {
            int input = (int) (term % inputs);
            int count = (int) Math.min(inputs - input, k + depth - term);
            long from = address + ((long) taps[(int) (term / inputs)] * inputs + input) * outputStep + 4L * column;
            Vectorization.tiles().copyRuns(from, outputStep, to + 4 * (term - k) * width, 4L * width, count, columns);
            term += count;
        }
    }
}
