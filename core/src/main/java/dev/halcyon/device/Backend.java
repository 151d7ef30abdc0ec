package dev.halcyon.device;

import dev.halcyon.tensor.DataType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What a device has to be able to do. Everything above it (autograd, layers, training) is written against this
 * interface alone.
 *
 * <h2>Contract</h2>
 * <ul>
 * <li>Shapes, types and descriptors have been checked by the caller; an implementation trusts them. Floating-point
 * views of one call share one type, except that beside data of a 16-bit type the biases, the gradients of weights, the
 * parameters of norms with their statistics and gradients, and sums over rows that are accumulated, are of its
 * {@link DataType#parameterType parameterType}. A type that a device does not compute in is refused with an {@link UnsupportedOperationException} that names it.</li>
 * <li>Outputs are allocated by the caller. Whether a call writes or adds is stated per method: gradients of activations
 * are written, or added where the call says so; gradients of parameters are added. A written output may hold anything
 * before.</li>
 * <li>Element-wise operations may write over an input (the same view as the output), and gradients of batch norms over
 * that of the output where they say so. No other overlap is allowed.</li>
 * <li>Work may be queued: calls are carried out in order, and {@link #download} and {@link #synchronize} wait. Memory
 * that was freed may be handed out again at once, since later work is queued behind earlier work.</li>
 * <li>Results depend on arguments alone: the same bits for any number of threads and at every repetition.</li>
 * <li>Methods are called by one thread at a time; {@link #free} may come from any thread.</li>
 * </ul>
 *
 * <p>Abstract methods are the primitives. Default methods are fused operations made of primitives: correct everywhere,
 * and worth overriding where that saves passes over memory. Their temporaries come from {@link #allocate}.
 */
public interface Backend extends AutoCloseable {

    /** What this device is, for people: {@code AMD EPYC 9B45, 2 threads, 16 lanes}. */
    String description();

    /**
     * The most floating-point operations a second that this device's arithmetic units can do, in 10⁹ and float32, by
     * measuring for a moment; 0 if that is unknown.
     */
    default double peakGflopsPerSecond() {
        return 0;
    }

    // ---- memory

    /**
     * Obtains memory aligned to at least 64 bytes, with undefined contents.
     *
     * @throws DeviceMemoryException if there is not enough
     */
    Buffer allocate(long bytes);

    /** Gives memory back. The buffer is not used afterwards. */
    void free(Buffer buffer);

    /** Copies host memory into a view; the source may be reused on return. */
    void upload(MemorySegment source, View destination);

    /** Copies a view into host memory, after all work before it. */
    void download(View source, MemorySegment destination);

    /** Copies elements between views of one type and size. */
    void copy(View source, View destination);

    /**
     * Copies elements of another device of this kind, or of another kind, to a view of this one. What is queued on either
     * device before comes before, and what is queued after comes after. By way of the host, unless overridden.
     *
     * @param source on {@code other}, of the destination's type and size
     */
    default void copyFrom(Backend other, View source, View destination) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(source.bytes(), Long.BYTES);
            other.download(source, host);
            upload(host, destination);
        }
    }

    /** Sets every element, of any type, to a number. */
    void fill(View destination, double value);

    /** Waits until all work is done. */
    void synchronize();

    /** Starts an upload that may overlap with queued work; the source must stay as it is until {@link #synchronize}. */
    default void prefetch(MemorySegment source, View destination) {
        upload(source, destination);
    }

    /**
     * Carries out work that repeats with the same shapes, such as a training step: runs {@code work}, which calls this
     * backend. A backend may note the calls and submit them as a whole; it has done so when this returns. Results that
     * are read while the work runs would have to be waited for, and are better read afterwards.
     */
    default void step(Runnable work) {
        work.run();
    }

    /** Whether calls return before their work is done, so that the device stands still while a result is read. */
    default boolean isQueued() {
        return false;
    }

    // ---- element-wise

    /** y = op(x). */
    void unary(Unary op, View x, View y);

    /** dx = dy op'(x), where {@code saved} is x or y as {@link Unary#saved} says. */
    void unaryGradient(Unary op, View saved, View dy, View dx);

    /** y = op(a, b), with a and b broadcast to y's shape. */
    void binary(Binary op, View a, View b, View y);

    /** y = alpha x + beta y, for equal shapes; with beta 0, y is written without being read. */
    void scaleAdd(double alpha, View x, double beta, View y);

    /** Converts between element types; floats become integers by truncation, narrower floats round to nearest even. */
    void cast(View x, View y);

    /** {@link #cast} for many views: y[i] = x[i] converted. */
    default void castAll(List<View> x, List<View> y) {
        FusedElementwise.castAll(this, x, y);
    }

    /**
     * Pixels to floats: y[i] = normalised window of images[i].
     *
     * @param images uint8 [n, h, w, c]
     * @param placements int32 [n, 3]: the window's top row and left column in the image (may be negative or reach
     *        beyond the far edge), and 1 if the window is mirrored left to right after it was cut
     * @param y float [n, oh, ow, c]
     */
    default void normalizeImages(NormalizeImages d, View images, View placements, View y) {
        FusedElementwise.normalizeImages(this, d, images, placements, y);
    }

    // ---- shape

    /** y[i_p0, i_p1, …] = x[i_0, i_1, …]: axis k of y is axis {@code permutation[k]} of x. Any element type. */
    void transpose(int[] permutation, View x, View y);

    /** Copies a block; elements of y outside it stay. Any element type. */
    void copyRegion(Region region, View x, View y);

    /** rows[i] = table[indices[i]], with int64 indices [n], table [r, …] and rows [n, …]. Indices must be in range. */
    void gatherRows(View table, View indices, View rows);

    /** table[indices[i]] += rows[i], in the order of i. Indices must be in range. */
    void scatterAddRows(View rows, View indices, View table);

    // ---- reduction

    /** Folds the axes in which y has extent 1; x and y have the same rank. */
    void reduce(Reduce d, View x, View y);

    /** Index of the largest element along the innermost axis, the first of equals: x [.., k], y int64 [..]. */
    void argMax(View x, View y);

    /** The m largest of each row, descending, the lower index first among equals: x [n, k], values [n, m], int64 [n, m]. */
    void topK(View x, View values, View indices);

    // ---- linear algebra

    /** C = alpha op(A) op(B) + beta C for matrices. */
    void gemm(Gemm d, View a, View b, View c);

    /** The same for each of a batch: a [batch, m, k], b [batch, k, n], c [batch, m, n]. */
    void batchedGemm(Gemm d, View a, View b, View c);

    /** C = activation(alpha op(A) op(B) + beta C + bias), with bias [n] added to every row. */
    default void gemmBiasActivation(Gemm d, Unary activation, View a, View b, View bias, View c) {
        FusedLinear.gemmBiasActivation(this, d, activation, a, b, bias, c);
    }

    // ---- convolution

    /** y = x * w: x [n, h, w, cin], w [kh, kw, cin/groups, cout], y [n, oh, ow, cout]. */
    void conv2d(Conv2d d, View x, View w, View y);

    /**
     * dx = the gradient with respect to the input.
     *
     * @param accumulate add it to dx instead of writing it
     */
    void conv2dInputGradient(Conv2d d, boolean accumulate, View dy, View w, View dx);

    /** dw += the gradient with respect to the weights. */
    void conv2dWeightGradient(Conv2d d, View x, View dy, View dw);

    /** y = activation(x * w + bias), with bias [cout]; a folded batch norm is such a bias. */
    default void conv2dBiasActivation(Conv2d d, Unary activation, View x, View w, View bias, View y) {
        FusedLinear.conv2dBiasActivation(this, d, activation, x, w, bias, y);
    }

    /**
     * y = activation(batchNorm(x * w) + residual) by the running statistics: the norm is a factor per output channel,
     * put into the weights, and a bias. All but x, w, residual and y are [cout].
     *
     * @param residual y's shape, or null for none
     */
    default void conv2dBatchNormInference(Conv2d d, BatchNorm norm, Unary activation, View x, View w, View residual,
            View gamma, View beta, View runningMean, View runningVariance, View y) {
        FusedLinear.conv2dBatchNormInference(this, d, norm, activation, x, w, residual, gamma, beta, runningMean,
                runningVariance, y);
    }

    // ---- pooling

    /**
     * Maxima of windows, the first in row-major order among equals, NaN above everything.
     *
     * @param argument uint8, y's shape: where in its window each maximum lies, row · kernelWidth + column
     */
    void maxPool(Pool2d d, View x, View y, View argument);

    /** dx = each dy at its maximum, summed over overlapping windows, zero elsewhere. */
    void maxPoolGradient(Pool2d d, View argument, View dy, View dx);

    /** Averages of windows, padding counted as zeros. */
    void averagePool(Pool2d d, View x, View y);

    /** dx = each dy spread evenly over its window. */
    void averagePoolGradient(Pool2d d, View dy, View dx);

    // ---- normalisation

    /**
     * Batch norm of a training step: normalises by the batch's statistics, writes them to {@code mean} and
     * {@code inverseDeviation} (1 / sqrt(variance + epsilon)) for the backward pass, and moves the running statistics.
     * All but x and y are [c].
     */
    void batchNorm(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance, View mean,
            View inverseDeviation, View y);

    /** Batch norm by the running statistics. */
    void batchNormInference(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance, View y);

    /** Gradient of {@link #batchNorm}: dx written, dgamma and dbeta added to. dx may be dy. */
    void batchNormGradient(View x, View gamma, View mean, View inverseDeviation, View dy, View dx, View dgamma,
            View dbeta);

    /**
     * y = activation(batchNorm(x) + residual) in one pass.
     *
     * @param activation one whose derivative is computed from its output, see {@link Unary#saved}
     * @param residual x's shape, or null for none
     */
    default void batchNormActivation(BatchNorm d, Unary activation, View x, View residual, View gamma, View beta,
            View runningMean, View runningVariance, View mean, View inverseDeviation, View y) {
        FusedNormalization.batchNormActivation(this, d, activation, x, residual, gamma, beta, runningMean,
                runningVariance, mean, inverseDeviation, y);
    }

    /**
     * y = activation(batchNorm(x) + residual) by the running statistics, in one pass.
     *
     * @param residual x's shape, or null for none
     */
    default void batchNormActivationInference(BatchNorm d, Unary activation, View x, View residual, View gamma,
            View beta, View runningMean, View runningVariance, View y) {
        FusedNormalization.batchNormActivationInference(this, d, activation, x, residual, gamma, beta, runningMean,
                runningVariance, y);
    }

    /**
     * Gradient of {@link #batchNormActivation}: dx and dresidual written, dgamma and dbeta added to. One of dx and
     * dresidual may be dy.
     *
     * @param dresidual null if there was no residual or nobody wants its gradient
     */
    default void batchNormActivationGradient(Unary activation, View x, View y, View gamma, View mean,
            View inverseDeviation, View dy, View dx, View dresidual, View dgamma, View dbeta) {
        FusedNormalization.batchNormActivationGradient(this, activation, x, y, gamma, mean, inverseDeviation, dy, dx,
                dresidual, dgamma, dbeta);
    }

    /** Layer norm of rows x [.., k] with gamma, beta [k]; mean and inverseDeviation [..] are written for backward. */
    void layerNorm(LayerNorm d, View x, View gamma, View beta, View mean, View inverseDeviation, View y);

    /** Gradient of {@link #layerNorm}: dx written, dgamma and dbeta added to. */
    void layerNormGradient(View x, View gamma, View mean, View inverseDeviation, View dy, View dx, View dgamma,
            View dbeta);

    // ---- softmax

    /** Rows of y sum to 1: y = e^(x - max) / Σ e^(x - max), along the innermost axis. */
    void softmax(View x, View y);

    /** dx = y (dy - Σ y dy). */
    void softmaxGradient(View y, View dy, View dx);

    /**
     * Loss of every row and its gradient in one pass; see {@link CrossEntropy} for the formulas. Neither output is
     * averaged over the batch.
     *
     * @param logits [n, k]
     * @param targets int64 labels [n], each in [0, k), or distributions [n, k] of the logits' type
     * @param weights of the classes [k], or null
     * @param losses [n], written
     * @param gradient [n, k], written: that of each row's own loss
     */
    default void crossEntropy(CrossEntropy d, View logits, View targets, View weights, View losses, View gradient) {
        FusedLoss.crossEntropy(this, d, logits, targets, weights, losses, gradient);
    }

    // ---- random

    /** Fills y with draws. */
    void random(Random d, View y);

    /**
     * y = x / (1 - p) where a Bernoulli draw keeps the element, else 0. Its gradient is the same call on dy.
     *
     * @param keep a {@link Random.Distribution#BERNOULLI} descriptor with probability 1 - p, in (0, 1]
     */
    default void dropout(Random keep, View x, View y) {
        FusedElementwise.dropout(this, keep, x, y);
    }

    // ---- optimiser

    /**
     * One step over many parameters, gradients set to zero on the way.
     *
     * @param velocities one per parameter, or empty if the momentum is 0
     */
    default void sgd(SgdStep d, List<View> parameters, List<View> gradients, List<View> velocities) {
        FusedOptimizer.sgd(this, d, parameters, gradients, velocities);
    }

    /** One step over many parameters, gradients set to zero on the way. */
    default void adamW(AdamWStep d, List<View> parameters, List<View> gradients, List<View> first, List<View> second) {
        FusedOptimizer.adamW(this, d, parameters, gradients, first, second);
    }

    /** average = decay average + (1 - decay) parameter, for many parameters. */
    default void weightAverage(double decay, List<View> parameters, List<View> averages) {
        FusedOptimizer.weightAverage(this, decay, parameters, averages);
    }

    /** norm[0] = sqrt(Σ g²) over all elements of all views. */
    default void globalNorm(List<View> gradients, View norm) {
        FusedOptimizer.globalNorm(this, gradients, norm);
    }

    /** flag[0] = 1 if every element of every view is finite, else 0. */
    default void allFinite(List<View> views, View flag) {
        FusedOptimizer.allFinite(this, views, flag);
    }

    /** Ends threads and gives all memory back. Safe to call twice. */
    @Override
    void close();
}
