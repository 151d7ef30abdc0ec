package dev.halcyon.device;

import dev.halcyon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A backend that tells a listener of every operation that another one carries out. Each is waited for, so that its time
 * is its own.
 */
final class ObservedBackend implements Backend {
    private final Backend plain;
    private final OperationListener listener;

    ObservedBackend(Backend plain, OperationListener listener) {
        this.plain = plain;
        this.listener = listener;
    }

    private void run(String name, double flops, List<View> views, Runnable operation) {
        plain.synchronize();
        long start = System.nanoTime();
        operation.run();
        plain.synchronize();
        long end = System.nanoTime();
        List<Shape> shapes = views.stream().map(View::shape).toList();
        listener.ran(new OperationListener.Operation(name, shapes, start, end - start, flops,
                views.stream().mapToLong(View::bytes).sum()));
    }

    /** Those that are there. */
    private static List<View> views(View... views) {
        return Arrays.stream(views).filter(Objects::nonNull).toList();
    }

    @SafeVarargs
    private static List<View> views(List<View>... lists) {
        List<View> all = new ArrayList<>();
        for (List<View> list : lists) {
            all.addAll(list);
        }
        return all;
    }

    @Override
    public String description() {
        return plain.description();
    }

    @Override
    public double peakGflopsPerSecond() {
        return plain.peakGflopsPerSecond();
    }

    @Override
    public boolean isQueued() {
        return plain.isQueued();
    }

    @Override
    public Buffer allocate(long bytes) {
        return plain.allocate(bytes);
    }

    @Override
    public void free(Buffer buffer) {
        plain.free(buffer);
    }

    @Override
    public void synchronize() {
        plain.synchronize();
    }

    @Override
    public void upload(MemorySegment source, View destination) {
        run("upload", 0, views(destination), () -> plain.upload(source, destination));
    }

    @Override
    public void download(View source, MemorySegment destination) {
        run("download", 0, views(source), () -> plain.download(source, destination));
    }

    @Override
    public void copy(View source, View destination) {
        run("copy", 0, views(source, destination), () -> plain.copy(source, destination));
    }

    @Override
    public void copyFrom(Backend other, View source, View destination) {
        Backend from = other instanceof ObservedBackend observed ? observed.plain : other;
        run("copyFrom", 0, views(source, destination), () -> plain.copyFrom(from, source, destination));
    }

    @Override
    public void fill(View destination, double value) {
        run("fill", 0, views(destination), () -> plain.fill(destination, value));
    }

    @Override
    public void prefetch(MemorySegment source, View destination) {
        run("prefetch", 0, views(destination), () -> plain.prefetch(source, destination));
    }

    @Override
    public void unary(Unary op, View x, View y) {
        run("unary", 0, views(x, y), () -> plain.unary(op, x, y));
    }

    @Override
    public void unaryGradient(Unary op, View saved, View dy, View dx) {
        run("unaryGradient", 0, views(saved, dy, dx), () -> plain.unaryGradient(op, saved, dy, dx));
    }

    @Override
    public void binary(Binary op, View a, View b, View y) {
        run("binary", 0, views(a, b, y), () -> plain.binary(op, a, b, y));
    }

    @Override
    public void scaleAdd(double alpha, View x, double beta, View y) {
        run("scaleAdd", 0, views(x, y), () -> plain.scaleAdd(alpha, x, beta, y));
    }

    @Override
    public void cast(View x, View y) {
        run("cast", 0, views(x, y), () -> plain.cast(x, y));
    }

    @Override
    public void castAll(List<View> x, List<View> y) {
        run("castAll", 0, views(x, y), () -> plain.castAll(x, y));
    }

    @Override
    public void normalizeImages(NormalizeImages d, View images, View placements, View y) {
        run("normalizeImages", 0, views(images, placements, y), () -> plain.normalizeImages(d, images, placements, y));
    }

    @Override
    public void transpose(int[] permutation, View x, View y) {
        run("transpose", 0, views(x, y), () -> plain.transpose(permutation, x, y));
    }

    @Override
    public void copyRegion(Region region, View x, View y) {
        run("copyRegion", 0, views(x, y), () -> plain.copyRegion(region, x, y));
    }

    @Override
    public void gatherRows(View table, View indices, View rows) {
        run("gatherRows", 0, views(table, indices, rows), () -> plain.gatherRows(table, indices, rows));
    }

    @Override
    public void scatterAddRows(View rows, View indices, View table) {
        run("scatterAddRows", 0, views(rows, indices, table), () -> plain.scatterAddRows(rows, indices, table));
    }

    @Override
    public void reduce(Reduce d, View x, View y) {
        run("reduce", 0, views(x, y), () -> plain.reduce(d, x, y));
    }

    @Override
    public void argMax(View x, View y) {
        run("argMax", 0, views(x, y), () -> plain.argMax(x, y));
    }

    @Override
    public void topK(View x, View values, View indices) {
        run("topK", 0, views(x, values, indices), () -> plain.topK(x, values, indices));
    }

    @Override
    public void gemm(Gemm d, View a, View b, View c) {
        run("gemm", 2.0 * d.m(a.shape()) * d.n(b.shape()) * d.k(a.shape()), views(a, b, c),
                () -> plain.gemm(d, a, b, c));
    }

    @Override
    public void batchedGemm(Gemm d, View a, View b, View c) {
        run("batchedGemm", 2.0 * a.extent(0) * d.m(a.shape()) * d.n(b.shape()) * d.k(a.shape()), views(a, b, c),
                () -> plain.batchedGemm(d, a, b, c));
    }

    @Override
    public void gemmBiasActivation(Gemm d, Unary activation, View a, View b, View bias, View c) {
        run("gemmBiasActivation", 2.0 * d.m(a.shape()) * d.n(b.shape()) * d.k(a.shape()), views(a, b, bias, c),
                () -> plain.gemmBiasActivation(d, activation, a, b, bias, c));
    }

    @Override
    public void conv2d(Conv2d d, View x, View w, View y) {
        run("conv2d", 2.0 * d.multiplyAdds(x.shape(), w.shape()), views(x, w, y), () -> plain.conv2d(d, x, w, y));
    }

    @Override
    public void conv2dInputGradient(Conv2d d, boolean accumulate, View dy, View w, View dx) {
        run("conv2dInputGradient", 2.0 * d.multiplyAdds(dx.shape(), w.shape()),
                views(dy, w, accumulate ? dx : null, dx), () -> plain.conv2dInputGradient(d, accumulate, dy, w, dx));
    }

    @Override
    public void conv2dWeightGradient(Conv2d d, View x, View dy, View dw) {
        run("conv2dWeightGradient", 2.0 * d.multiplyAdds(x.shape(), dw.shape()), views(x, dy, dw),
                () -> plain.conv2dWeightGradient(d, x, dy, dw));
    }

    @Override
    public void conv2dBiasActivation(Conv2d d, Unary activation, View x, View w, View bias, View y) {
        run("conv2dBiasActivation", 2.0 * d.multiplyAdds(x.shape(), w.shape()), views(x, w, bias, y),
                () -> plain.conv2dBiasActivation(d, activation, x, w, bias, y));
    }

    @Override
    public void conv2dBatchNormInference(Conv2d d, BatchNorm norm, Unary activation, View x, View w, View residual,
            View gamma, View beta, View runningMean, View runningVariance, View y) {
        run("conv2dBatchNormInference", 2.0 * d.multiplyAdds(x.shape(), w.shape()),
                views(x, w, residual, gamma, beta, runningMean, runningVariance, y),
                () -> plain.conv2dBatchNormInference(d, norm, activation, x, w, residual, gamma, beta, runningMean,
                        runningVariance, y));
    }

    @Override
    public void maxPool(Pool2d d, View x, View y, View argument) {
        run("maxPool", 0, views(x, y, argument), () -> plain.maxPool(d, x, y, argument));
    }

    @Override
    public void maxPoolGradient(Pool2d d, View argument, View dy, View dx) {
        run("maxPoolGradient", 0, views(argument, dy, dx), () -> plain.maxPoolGradient(d, argument, dy, dx));
    }

    @Override
    public void averagePool(Pool2d d, View x, View y) {
        run("averagePool", 0, views(x, y), () -> plain.averagePool(d, x, y));
    }

    @Override
    public void averagePoolGradient(Pool2d d, View dy, View dx) {
        run("averagePoolGradient", 0, views(dy, dx), () -> plain.averagePoolGradient(d, dy, dx));
    }

    @Override
    public void batchNorm(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance, View mean,
            View inverseDeviation, View y) {
        run("batchNorm", 0, views(x, gamma, beta, runningMean, runningVariance, mean, inverseDeviation, y),
                () -> plain.batchNorm(d, x, gamma, beta, runningMean, runningVariance, mean, inverseDeviation, y));
    }

    @Override
    public void batchNormInference(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance,
            View y) {
        run("batchNormInference", 0, views(x, gamma, beta, runningMean, runningVariance, y),
                () -> plain.batchNormInference(d, x, gamma, beta, runningMean, runningVariance, y));
    }

    @Override
    public void batchNormGradient(View x, View gamma, View mean, View inverseDeviation, View dy, View dx, View dgamma,
            View dbeta) {
        run("batchNormGradient", 0, views(x, gamma, mean, inverseDeviation, dy, dx, dgamma, dbeta),
                () -> plain.batchNormGradient(x, gamma, mean, inverseDeviation, dy, dx, dgamma, dbeta));
    }

    @Override
    public void batchNormActivation(BatchNorm d, Unary activation, View x, View residual, View gamma, View beta,
            View runningMean, View runningVariance, View mean, View inverseDeviation, View y) {
        run("batchNormActivation", 0,
                views(x, residual, gamma, beta, runningMean, runningVariance, mean, inverseDeviation, y),
                () -> plain.batchNormActivation(d, activation, x, residual, gamma, beta, runningMean, runningVariance,
                        mean, inverseDeviation, y));
    }

    @Override
    public void batchNormActivationInference(BatchNorm d, Unary activation, View x, View residual, View gamma,
            View beta, View runningMean, View runningVariance, View y) {
        run("batchNormActivationInference", 0, views(x, residual, gamma, beta, runningMean, runningVariance, y),
                () -> plain.batchNormActivationInference(d, activation, x, residual, gamma, beta, runningMean,
                        runningVariance, y));
    }

    @Override
    public void batchNormActivationGradient(Unary activation, View x, View y, View gamma, View mean,
            View inverseDeviation, View dy, View dx, View dresidual, View dgamma, View dbeta) {
        run("batchNormActivationGradient", 0,
                views(x, y, gamma, mean, inverseDeviation, dy, dx, dresidual, dgamma, dbeta),
                () -> plain.batchNormActivationGradient(activation, x, y, gamma, mean, inverseDeviation, dy, dx,
                        dresidual, dgamma, dbeta));
    }

    @Override
    public void layerNorm(LayerNorm d, View x, View gamma, View beta, View mean, View inverseDeviation, View y) {
        run("layerNorm", 0, views(x, gamma, beta, mean, inverseDeviation, y),
                () -> plain.layerNorm(d, x, gamma, beta, mean, inverseDeviation, y));
    }

    @Override
    public void layerNormGradient(View x, View gamma, View mean, View inverseDeviation, View dy, View dx, View dgamma,
            View dbeta) {
        run("layerNormGradient", 0, views(x, gamma, mean, inverseDeviation, dy, dx, dgamma, dbeta),
                () -> plain.layerNormGradient(x, gamma, mean, inverseDeviation, dy, dx, dgamma, dbeta));
    }

    @Override
    public void softmax(View x, View y) {
        run("softmax", 0, views(x, y), () -> plain.softmax(x, y));
    }

    @Override
    public void softmaxGradient(View y, View dy, View dx) {
        run("softmaxGradient", 0, views(y, dy, dx), () -> plain.softmaxGradient(y, dy, dx));
    }

    @Override
    public void crossEntropy(CrossEntropy d, View logits, View targets, View weights, View losses, View gradient) {
        run("crossEntropy", 0, views(logits, targets, weights, losses, gradient),
                () -> plain.crossEntropy(d, logits, targets, weights, losses, gradient));
    }

    @Override
    public void random(Random d, View y) {
        run("random", 0, views(y), () -> plain.random(d, y));
    }

    @Override
    public void dropout(Random keep, View x, View y) {
        run("dropout", 0, views(x, y), () -> plain.dropout(keep, x, y));
    }

    @Override
    public void sgd(SgdStep d, List<View> parameters, List<View> gradients, List<View> velocities) {
        run("sgd", 0, views(parameters, gradients, velocities), () -> plain.sgd(d, parameters, gradients, velocities));
    }

    @Override
    public void adamW(AdamWStep d, List<View> parameters, List<View> gradients, List<View> first, List<View> second) {
        run("adamW", 0, views(parameters, gradients, first, second),
                () -> plain.adamW(d, parameters, gradients, first, second));
    }

    @Override
    public void weightAverage(double decay, List<View> parameters, List<View> averages) {
        run("weightAverage", 0, views(parameters, averages), () -> plain.weightAverage(decay, parameters, averages));
    }

    @Override
    public void globalNorm(List<View> gradients, View norm) {
        run("globalNorm", 0, views(List.of(norm), gradients), () -> plain.globalNorm(gradients, norm));
    }

    @Override
    public void allFinite(List<View> views, View flag) {
        run("allFinite", 0, views(List.of(flag), views), () -> plain.allFinite(views, flag));
    }

    @Override
    public void close() {
        plain.close();
    }
}
