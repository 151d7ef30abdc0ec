package dev.halcyon.device;

import java.lang.foreign.MemorySegment;

/**
 * Memory that has a size and no contents, and operations that do nothing: what is left of a network is its shapes,
 * which are checked and made above the backend. (PyTorch calls this its {@code meta} device.)
 */
final class ShapeBackend implements Backend {
    /** Memory that is not there. */
    private record Nowhere(long bytes) implements Buffer {
    }

    @Override
    public String description() {
        return "shapes without contents";
    }

    @Override
    public Buffer allocate(long bytes) {
        return new Nowhere(bytes);
    }

    @Override
    public void free(Buffer buffer) {
    }

    @Override
    public void upload(MemorySegment source, View destination) {
    }

    @Override
    public void download(View source, MemorySegment destination) {
        throw new UnsupportedOperationException("a device of shapes computes nothing that could be read");
    }

    @Override
    public void copy(View source, View destination) {
    }

    @Override
    public void fill(View destination, double value) {
    }

    @Override
    public void synchronize() {
    }

    @Override
    public void unary(Unary op, View x, View y) {
    }

    @Override
    public void unaryGradient(Unary op, View saved, View dy, View dx) {
    }

    @Override
    public void binary(Binary op, View a, View b, View y) {
    }

    @Override
    public void scaleAdd(double alpha, View x, double beta, View y) {
    }

    @Override
    public void cast(View x, View y) {
    }

    @Override
    public void transpose(int[] permutation, View x, View y) {
    }

    @Override
    public void copyRegion(Region region, View x, View y) {
    }

    @Override
    public void gatherRows(View table, View indices, View rows) {
    }

    @Override
    public void scatterAddRows(View rows, View indices, View table) {
    }

    @Override
    public void reduce(Reduce d, View x, View y) {
    }

    @Override
    public void argMax(View x, View y) {
    }

    @Override
    public void topK(View x, View values, View indices) {
    }

    @Override
    public void gemm(Gemm d, View a, View b, View c) {
    }

    @Override
    public void batchedGemm(Gemm d, View a, View b, View c) {
    }

    @Override
    public void conv2d(Conv2d d, View x, View w, View y) {
    }

    @Override
    public void conv2dInputGradient(Conv2d d, boolean accumulate, View dy, View w, View dx) {
    }

    @Override
    public void conv2dWeightGradient(Conv2d d, View x, View dy, View dw) {
    }

    @Override
    public void maxPool(Pool2d d, View x, View y, View argument) {
    }

    @Override
    public void maxPoolGradient(Pool2d d, View argument, View dy, View dx) {
    }

    @Override
    public void averagePool(Pool2d d, View x, View y) {
    }

    @Override
    public void averagePoolGradient(Pool2d d, View dy, View dx) {
    }

    @Override
    public void batchNorm(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance,
            View mean, View inverseDeviation, View y) {
    }

    @Override
    public void batchNormInference(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance,
            View y) {
    }

    @Override
    public void batchNormGradient(View x, View gamma, View mean, View inverseDeviation, View dy, View dx, View dgamma,
            View dbeta) {
    }

    @Override
    public void layerNorm(LayerNorm d, View x, View gamma, View beta, View mean, View inverseDeviation, View y) {
    }

    @Override
    public void layerNormGradient(View x, View gamma, View mean, View inverseDeviation, View dy, View dx, View dgamma,
            View dbeta) {
    }

    @Override
    public void softmax(View x, View y) {
    }

    @Override
    public void softmaxGradient(View y, View dy, View dx) {
    }

    @Override
    public void random(Random d, View y) {
    }

    @Override
    public void close() {
    }
}
