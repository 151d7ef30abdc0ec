package dev.halcyon.cpu;

/**
 * Weights with input and output channels exchanged, as the gradient of the input needs them: term (tap, output
 * channel), column input channel; only some taps, in some order.
 *
 * @param address the first tap's first weight of the group
 * @param inputs input channels of the group
 * @param outputs output channels of the group
 * @param outputStep bytes from a tap's input channel to the next
 * @param taps which taps
 */
record TapWeights(long address, int inputs, int outputs, long outputStep, int[] taps) implements RightOperand {
    @Override
    public void pack(long k, int depth, int column, int columns, int width, long to) {
        for (long term = k; term < k + depth;) {
            int tap = (int) (term / outputs);
            int output = (int) (term % outputs);
            int count = (int) Math.min(outputs - output, k + depth - term);
            long from = address + ((long) taps[tap] * inputs + column) * outputStep + 4L * output;
            Vectorization.tiles().transpose(from, outputStep, columns, count, to + 4 * (term - k) * width, 4L * width);
            term += count;
        }
    }
}
