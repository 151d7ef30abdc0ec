package dev.halcyon.cpu;

/** Inner loops of convolutions in which every channel has taps of its own, most often 3×3. */
public interface DepthwiseKernels {
    /** Rows and columns of the taps. */
    int TAPS = 3;

    /**
     * What neighbouring outputs of a row see: three rows of inputs.
     *
     * @param upper first input pixel of the upper taps
     * @param middle first input pixel of the middle taps
     * @param lower first input pixel of the lower taps
     * @param tapStep bytes from a tap's input pixel to the next tap's
     * @param step bytes from an output's inputs to the next output's
     * @param count outputs
     */
    record Window(long upper, long middle, long lower, long tapStep, long step, int count) {
    }

    /**
     * y = the sums of nine products, tap by tap.
     *
     * @param w nine taps
     * @param wStep bytes from a tap to the next; negative to go through them backwards
     * @param y outputs
     * @param yStep bytes from an output to the next
     */
    void forward(Window x, int channels, long w, long wStep, long y, long yStep);

    /**
     * The same with any number of taps, for outputs of a row that all see as many pixels.
     *
     * @param taps where the longs are that tell which pixel each tap sees of the first output's
     * @param count taps
     * @param step bytes from an output's inputs to the next output's
     * @param outputs how many
     */
    void forward(long taps, int count, long step, int outputs, int channels, long w, long wStep, long y, long yStep);

    /**
     * Adds to nine sums what a row of outputs says, output by output.
     *
     * @param dy gradients of the outputs
     * @param dyStep bytes from an output's gradient to the next
     * @param sums nine taps, {@code sumStep} bytes apart
     */
    void weightGradient(Window x, int channels, long dy, long dyStep, long sums, long sumStep);
}
