package dev.halcyon.device.reference;

import dev.halcyon.device.AdamWStep;
import dev.halcyon.device.Backend;
import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Binary;
import dev.halcyon.device.Buffer;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.CrossEntropy;
import dev.halcyon.device.DeviceMemoryException;
import dev.halcyon.device.Gemm;
import dev.halcyon.device.LayerNorm;
import dev.halcyon.device.NormalizeImages;
import dev.halcyon.device.Pool2d;
import dev.halcyon.device.Random;
import dev.halcyon.device.Reduce;
import dev.halcyon.device.Region;
import dev.halcyon.device.SgdStep;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The executable specification: every operation in plain loops and double precision, whatever type its operands are
 * stored in. Slow; other backends are tested against it.
 */
public final class ReferenceBackend implements Backend {
    private static final long ALIGNMENT = 64;

    /** A backend without state. */
    public ReferenceBackend() {
    }

    @Override
    public String description() {
        return "reference";
    }

    @Override
    public Buffer allocate(long bytes) {
        Arena arena = Arena.ofShared();
        try {
            return new Numbers.Block(arena, arena.allocate(bytes, ALIGNMENT));
        } catch (OutOfMemoryError e) {
            arena.close();
            throw new DeviceMemoryException(bytes, "the operating system refused it", e);
        }
    }

    @Override
    public void free(Buffer buffer) {
        ((Numbers.Block) buffer).arena().close();
    }

    @Override
    public void upload(MemorySegment source, View destination) {
        MemorySegment.copy(source, 0, Numbers.of(destination).memory(), destination.offset(), destination.bytes());
    }

    @Override
    public void download(View source, MemorySegment destination) {
        MemorySegment.copy(Numbers.of(source).memory(), source.offset(), destination, 0, source.bytes());
    }

    @Override
    public void copy(View source, View destination) {
        MemorySegment.copy(Numbers.of(source).memory(), source.offset(), Numbers.of(destination).memory(),
                destination.offset(), source.bytes());
    }

    @Override
    public void fill(View destination, double value) {
        for (long i = 0; i < destination.elements(); i++) {
            Numbers.of(destination).set(i, value);
        }
    }

    @Override
    public void synchronize() {
        // every call has returned when its work is done
    }

    @Override
    public void unary(Unary op, View x, View y) {
        for (long i = 0; i < y.elements(); i++) {
            Numbers.of(y).set(i, ReferenceElementwise.value(op, Numbers.of(x).get(i)));
        }
    }

    @Override
    public void unaryGradient(Unary op, View saved, View dy, View dx) {
        for (long i = 0; i < dx.elements(); i++) {
            double slope = ReferenceElementwise.derivative(op, Numbers.of(saved).get(i));
            Numbers.of(dx).set(i, Numbers.of(dy).get(i) * slope);
        }
    }

    @Override
    public void binary(Binary op, View a, View b, View y) {
        ReferenceElementwise.binary(op, a, b, y);
    }

    @Override
    public void scaleAdd(double alpha, View x, double beta, View y) {
        for (long i = 0; i < y.elements(); i++) {
            double before = beta == 0 ? 0 : beta * Numbers.of(y).get(i);
            Numbers.of(y).set(i, alpha * Numbers.of(x).get(i) + before);
        }
    }

    @Override
    public void cast(View x, View y) {
        for (long i = 0; i < y.elements(); i++) {
            if (x.type().isFloating() || y.type().isFloating()) {
                Numbers.of(y).set(i, Numbers.of(x).get(i));
            } else {
                Numbers.of(y).setWhole(i, Numbers.of(x).whole(i));
            }
        }
    }

    @Override
    public void normalizeImages(NormalizeImages d, View images, View placements, View y) {
        ReferenceElementwise.normalizeImages(d, images, placements, y);
    }

    @Override
    public void transpose(int[] permutation, View x, View y) {
        int rank = y.shape().rank();
        long[] position = new long[rank];
        for (long i = 0; i < y.elements(); i++) {
            long rest = i;
            for (int axis = rank - 1; axis >= 0; axis--) {
                position[permutation[axis]] = rest % y.extent(axis);
                rest /= y.extent(axis);
            }
            move(x, index(x.shape(), position), y, i);
        }
    }

    @Override
    public void copyRegion(Region region, View x, View y) {
        Shape block = Shape.of(region.extents());
        long[] from = new long[block.rank()];
        long[] to = new long[block.rank()];
        for (long i = 0; i < block.elements(); i++) {
            long rest = i;
            for (int axis = block.rank() - 1; axis >= 0; axis--) {
                from[axis] = region.from()[axis] + rest % block.extent(axis);
                to[axis] = region.to()[axis] + rest % block.extent(axis);
                rest /= block.extent(axis);
            }
            move(x, index(x.shape(), from), y, index(y.shape(), to));
        }
    }

    private static long index(Shape shape, long[] position) {
        long index = 0;
        for (int axis = 0; axis < shape.rank(); axis++) {
            index = index * shape.extent(axis) + position[axis];
        }
        return index;
    }

    private static void move(View x, long from, View y, long to) {
        long size = x.type().bytes();
        MemorySegment.copy(Numbers.of(x).memory(), x.offset() + from * size, Numbers.of(y).memory(),
                y.offset() + to * size, size);
    }

    @Override
    public void gatherRows(View table, View indices, View rows) {
        Numbers.of(indices).checkIndices("gatherRows", indices.elements(), table.extent(0));
        long width = table.elements() / table.extent(0);
        for (long i = 0; i < rows.elements(); i++) {
            move(table, Numbers.of(indices).whole(i / width) * width + i % width, rows, i);
        }
    }

    @Override
    public void scatterAddRows(View rows, View indices, View table) {
        Numbers.of(indices).checkIndices("scatterAddRows", indices.elements(), table.extent(0));
        long width = table.elements() / table.extent(0);
        for (long i = 0; i < rows.elements(); i++) {
            Numbers.of(table).add(Numbers.of(indices).whole(i / width) * width + i % width, Numbers.of(rows).get(i));
        }
    }

    @Override
    public void reduce(Reduce d, View x, View y) {
        ReferenceElementwise.reduce(d, x, y);
    }

    @Override
    public void argMax(View x, View y) {
        long width = x.extent(-1);
        for (long row = 0; row < y.elements(); row++) {
            Numbers.of(y).setWhole(row, largest(x, row * width, width, new boolean[(int) width]));
        }
    }

    @Override
    public void topK(View x, View values, View indices) {
        long width = x.extent(1);
        long wanted = values.extent(1);
        for (long row = 0; row < x.extent(0); row++) {
            boolean[] taken = new boolean[(int) width];
            for (long k = 0; k < wanted; k++) {
                int best = largest(x, row * width, width, taken);
                taken[best] = true;
                Numbers.of(values).set(row * wanted + k, Numbers.of(x).get(row * width + best));
                Numbers.of(indices).setWhole(row * wanted + k, best);
            }
        }
    }

    /** The first of the largest elements that are not taken; NaN counts as the largest, the zeros as equal. */
    private static int largest(View x, long start, long width, boolean[] taken) {
        int best = -1;
        for (int i = 0; i < width; i++) {
            double value = Numbers.of(x).get(start + i) + 0.0;
            if (!taken[i] && (best < 0 || Double.compare(value, Numbers.of(x).get(start + best) + 0.0) > 0)) {
                best = i;
            }
        }
        return best;
    }

    @Override
    public void gemm(Gemm d, View a, View b, View c) {
        ReferenceRows.gemm(d, a, b, c);
    }

    @Override
    public void batchedGemm(Gemm d, View a, View b, View c) {
        for (long batch = 0; batch < a.extent(0); batch++) {
            ReferenceRows.gemm(d, a.row(batch), b.row(batch), c.row(batch));
        }
    }

    @Override
    public void gemmBiasActivation(Gemm d, Unary activation, View a, View b, View bias, View c) {
        ReferenceFused.gemmBiasActivation(d, activation, a, b, bias, c);
    }

    @Override
    public void conv2d(Conv2d d, View x, View w, View y) {
        ReferenceImages.conv2d(d, x, w, y);
    }

    @Override
    public void conv2dInputGradient(Conv2d d, boolean accumulate, View dy, View w, View dx) {
        ReferenceImages.inputGradient(d, accumulate, dy, w, dx);
    }

    @Override
    public void conv2dWeightGradient(Conv2d d, View x, View dy, View dw) {
        ReferenceImages.weightGradient(d, x, dy, dw);
    }

    @Override
    public void conv2dBiasActivation(Conv2d d, Unary activation, View x, View w, View bias, View y) {
        ReferenceFused.conv2dBiasActivation(d, activation, x, w, bias, y);
    }

    @Override
    public void conv2dBatchNormInference(Conv2d d, BatchNorm norm, Unary activation, View x, View w, View residual,
            View gamma, View beta, View runningMean, View runningVariance, View y) {
        ReferenceFused.conv2dBatchNormInference(d, norm, activation, x, w, residual, gamma, beta, runningMean,
                runningVariance, y);
    }

    @Override
    public void maxPool(Pool2d d, View x, View y, View argument) {
        ReferenceImages.maxPool(d, x, y, argument);
    }

    @Override
    public void maxPoolGradient(Pool2d d, View argument, View dy, View dx) {
        ReferenceImages.maxPoolGradient(d, argument, dy, dx);
    }

    @Override
    public void averagePool(Pool2d d, View x, View y) {
        ReferenceImages.averagePool(d, x, y);
    }

    @Override
    public void averagePoolGradient(Pool2d d, View dy, View dx) {
        ReferenceImages.averagePoolGradient(d, dy, dx);
    }

    @Override
    public void batchNorm(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance, View mean,
            View inverseDeviation, View y) {
        ReferenceRows.batchNorm(d, x, gamma, beta, runningMean, runningVariance, mean, inverseDeviation, y);
    }

    @Override
    public void batchNormInference(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance,
            View y) {
        ReferenceRows.batchNormInference(d, x, gamma, beta, runningMean, runningVariance, y);
    }

    @Override
    public void batchNormGradient(View x, View gamma, View mean, View inverseDeviation, View dy, View dx, View dgamma,
            View dbeta) {
        ReferenceRows.batchNormGradient(x, gamma, mean, inverseDeviation, dy, dx, dgamma, dbeta);
    }

    @Override
    public void batchNormActivation(BatchNorm d, Unary activation, View x, View residual, View gamma, View beta,
            View runningMean, View runningVariance, View mean, View inverseDeviation, View y) {
        ReferenceFused.batchNormActivation(d, activation, x, residual, gamma, beta, runningMean, runningVariance, mean,
                inverseDeviation, y);
    }

    @Override
    public void batchNormActivationInference(BatchNorm d, Unary activation, View x, View residual, View gamma,
            View beta, View runningMean, View runningVariance, View y) {
        ReferenceFused.batchNormActivationInference(d, activation, x, residual, gamma, beta, runningMean,
                runningVariance, y);
    }

    @Override
    public void batchNormActivationGradient(Unary activation, View x, View y, View gamma, View mean,
            View inverseDeviation, View dy, View dx, View dresidual, View dgamma, View dbeta) {
        ReferenceFused.batchNormActivationGradient(activation, x, y, gamma, mean, inverseDeviation, dy, dx, dresidual,
                dgamma, dbeta);
    }

    @Override
    public void layerNorm(LayerNorm d, View x, View gamma, View beta, View mean, View inverseDeviation, View y) {
        ReferenceRows.layerNorm(d, x, gamma, beta, mean, inverseDeviation, y);
    }

    @Override
    public void layerNormGradient(View x, View gamma, View mean, View inverseDeviation, View dy, View dx, View dgamma,
            View dbeta) {
        ReferenceRows.layerNormGradient(x, gamma, mean, inverseDeviation, dy, dx, dgamma, dbeta);
    }

    @Override
    public void softmax(View x, View y) {
        ReferenceRows.softmax(x, y);
    }

    @Override
    public void softmaxGradient(View y, View dy, View dx) {
        ReferenceRows.softmaxGradient(y, dy, dx);
    }

    @Override
    public void crossEntropy(CrossEntropy d, View logits, View targets, View weights, View losses, View gradient) {
        ReferenceRows.crossEntropy(d, logits, targets, weights, losses, gradient);
    }

    @Override
    public void random(Random d, View y) {
        for (long i = 0; i < y.elements(); i++) {
            Numbers.of(y).set(i, ReferenceElementwise.draw(d, i));
        }
    }

    @Override
    public void dropout(Random keep, View x, View y) {
        for (long i = 0; i < y.elements(); i++) {
            boolean kept = ReferenceElementwise.draw(keep, i) == 1;
            Numbers.of(y).set(i, kept ? Numbers.of(x).get(i) / keep.probability() : 0);
        }
    }

    @Override
    public void sgd(SgdStep d, List<View> parameters, List<View> gradients, List<View> velocities) {
        for (int i = 0; i < parameters.size(); i++) {
            ReferenceOptimizers.sgd(d, parameters.get(i), gradients.get(i),
                    velocities.isEmpty() ? null : velocities.get(i));
        }
    }

    @Override
    public void adamW(AdamWStep d, List<View> parameters, List<View> gradients, List<View> first, List<View> second) {
        for (int i = 0; i < parameters.size(); i++) {
            ReferenceOptimizers.adamW(d, parameters.get(i), gradients.get(i), first.get(i), second.get(i));
        }
    }

    @Override
    public void weightAverage(double decay, List<View> parameters, List<View> averages) {
        for (int i = 0; i < parameters.size(); i++) {
            scaleAdd(1 - decay, parameters.get(i), decay, averages.get(i));
        }
    }

    @Override
    public void globalNorm(List<View> gradients, View norm) {
        Numbers.of(norm).set(0, Math.sqrt(ReferenceOptimizers.sumOfSquares(gradients)));
    }

    @Override
    public void allFinite(List<View> views, View flag) {
        Numbers.of(flag).set(0, ReferenceOptimizers.allFinite(views) ? 1 : 0);
    }

    @Override
    public void close() {
        // buffers are freed one by one, and there is nothing else
    }
}
