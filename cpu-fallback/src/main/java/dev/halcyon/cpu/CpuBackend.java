package dev.halcyon.cpu;

import dev.halcyon.device.AdamWStep;
import dev.halcyon.device.Backend;
import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Binary;
import dev.halcyon.device.Buffer;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.CrossEntropy;
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
import dev.halcyon.tensor.DataType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The processor as a device: float32 arithmetic; every type can be stored, copied and cast. Calls are carried out at
 * once.
 */
final class CpuBackend implements Backend {
    private final String description;
    private final Workers workers;
    private final PreparedWeights prepared = new PreparedWeights();
    private final Elementwise elementwise;
    private final Pixels pixels;
    private final Draws draws;
    private final Copies copies;
    private final Transposes transposes;
    private final Reductions reductions;
    private final Multiplier multiplier;
    private final Gemms gemms;
    private final Convolutions convolutions;
    private final FoldedNorms foldedNorms;
    private final Pools pools;
    private final Norms norms;
    private final LayerNorms layerNorms;
    private final SoftmaxRows softmax;
    private final Optimizers optimizers;
    private boolean open = true;

    CpuBackend(int threads, String description) {
        this.description = description;
        workers = new Workers(threads);
        elementwise = new Elementwise(workers);
        pixels = new Pixels(workers);
        draws = new Draws(workers);
        copies = new Copies(workers);
        transposes = new Transposes(workers);
        reductions = new Reductions(workers);
        multiplier = new Multiplier(workers, prepared);
        gemms = new Gemms(workers, multiplier);
        convolutions = new Convolutions(workers, multiplier, prepared);
        foldedNorms = new FoldedNorms(workers, convolutions, prepared);
        pools = new Pools(workers);
        norms = new Norms(workers);
        layerNorms = new LayerNorms(workers);
        softmax = new SoftmaxRows(workers);
        optimizers = new Optimizers(workers);
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public double peakGflopsPerSecond() {
        return Peak.measure(workers);
    }

    @Override
    public Buffer allocate(long bytes) {
        return CpuBuffer.allocate(bytes);
    }

    @Override
    public void free(Buffer buffer) {
        CpuBuffer memory = (CpuBuffer) buffer;
        prepared.written(memory.address(), memory.bytes());
        memory.free();
    }

    @Override
    public void upload(MemorySegment source, View destination) {
        MemorySegment target = ((CpuBuffer) written(destination).buffer()).segment();
        MemorySegment.copy(source, 0, target, destination.offset(), destination.bytes());
    }

    @Override
    public void download(View source, MemorySegment destination) {
        MemorySegment.copy(((CpuBuffer) source.buffer()).segment(), source.offset(), destination, 0, source.bytes());
    }

    @Override
    public void copy(View source, View destination) {
        copies.copy(source, written(destination));
    }

    @Override
    public void fill(View destination, double value) {
        elementwise.fill(written(destination), value);
    }

    @Override
    public void synchronize() {
        // every call has returned when its work is done
    }

    @Override
    public void unary(Unary op, View x, View y) {
        elementwise.unary(op, float32(x), written(y));
    }

    @Override
    public void unaryGradient(Unary op, View saved, View dy, View dx) {
        elementwise.unaryGradient(op, float32(saved), dy, written(dx));
    }

    @Override
    public void binary(Binary op, View a, View b, View y) {
        elementwise.binary(op, float32(a), b, written(y));
    }

    @Override
    public void scaleAdd(double alpha, View x, double beta, View y) {
        elementwise.scaleAdd(alpha, float32(x), beta, written(y));
    }

    @Override
    public void cast(View x, View y) {
        elementwise.cast(x, written(y));
    }

    @Override
    public void normalizeImages(NormalizeImages d, View images, View placements, View y) {
        pixels.normalize(d, images, placements, float32(written(y)));
    }

    @Override
    public void transpose(int[] permutation, View x, View y) {
        transposes.transpose(permutation, x, written(y));
    }

    @Override
    public void copyRegion(Region region, View x, View y) {
        copies.copyRegion(region, x, written(y));
    }

    @Override
    public void gatherRows(View table, View indices, View rows) {
        Indices.check("gatherRows", indices, table.extent(0));
        copies.gatherRows(table, indices, written(rows));
    }

    @Override
    public void scatterAddRows(View rows, View indices, View table) {
        Indices.check("scatterAddRows", indices, table.extent(0));
        copies.scatterAddRows(float32(rows), indices, written(table));
    }

    @Override
    public void reduce(Reduce d, View x, View y) {
        reductions.reduce(d, float32(x), written(y));
    }

    @Override
    public void argMax(View x, View y) {
        reductions.argMax(float32(x), written(y));
    }

    @Override
    public void topK(View x, View values, View indices) {
        reductions.topK(float32(x), written(values), written(indices));
    }

    @Override
    public void gemm(Gemm d, View a, View b, View c) {
        gemms.gemm(d, Unary.IDENTITY, float32(a), b, null, written(c));
    }

    @Override
    public void batchedGemm(Gemm d, View a, View b, View c) {
        gemms.batched(d, float32(a), b, written(c));
    }

    @Override
    public void gemmBiasActivation(Gemm d, Unary activation, View a, View b, View bias, View c) {
        gemms.gemm(d, activation, float32(a), b, bias, written(c));
    }

    @Override
    public void conv2d(Conv2d d, View x, View w, View y) {
        convolutions.forward(d, Unary.IDENTITY, float32(x), w, null, null, written(y));
    }

    @Override
    public void conv2dInputGradient(Conv2d d, boolean accumulate, View dy, View w, View dx) {
        convolutions.inputGradient(d, accumulate, float32(dy), w, written(dx));
    }

    @Override
    public void conv2dWeightGradient(Conv2d d, View x, View dy, View dw) {
        convolutions.weightGradient(d, float32(x), dy, written(dw));
    }

    @Override
    public void conv2dBiasActivation(Conv2d d, Unary activation, View x, View w, View bias, View y) {
        convolutions.forward(d, activation, float32(x), w, bias, null, written(y));
    }

    @Override
    public void conv2dBatchNormInference(Conv2d d, BatchNorm norm, Unary activation, View x, View w, View residual,
            View gamma, View beta, View runningMean, View runningVariance, View y) {
        foldedNorms.forward(d, norm, activation, float32(x), w, residual, gamma, beta, runningMean, runningVariance,
                written(y));
    }

    @Override
    public void maxPool(Pool2d d, View x, View y, View argument) {
        pools.max(d, float32(x), written(y), written(argument));
    }

    @Override
    public void maxPoolGradient(Pool2d d, View argument, View dy, View dx) {
        pools.maxGradient(d, argument, float32(dy), written(dx));
    }

    @Override
    public void averagePool(Pool2d d, View x, View y) {
        pools.average(d, float32(x), written(y));
    }

    @Override
    public void averagePoolGradient(Pool2d d, View dy, View dx) {
        pools.averageGradient(d, float32(dy), written(dx));
    }

    @Override
    public void batchNorm(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance, View mean,
            View inverseDeviation, View y) {
        train(d, Unary.IDENTITY, x, null, gamma, beta, runningMean, runningVariance, mean, inverseDeviation, y);
    }

    @Override
    public void batchNormInference(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance,
            View y) {
        norms.inference(d, Unary.IDENTITY, float32(x), null, gamma, beta, runningMean, runningVariance, written(y));
    }

    @Override
    public void batchNormGradient(View x, View gamma, View mean, View inverseDeviation, View dy, View dx, View dgamma,
            View dbeta) {
        norms.gradient(Unary.IDENTITY, float32(x), null, gamma, mean, inverseDeviation, dy, written(dx), null,
                written(dgamma), written(dbeta));
    }

    @Override
    public void batchNormActivation(BatchNorm d, Unary activation, View x, View residual, View gamma, View beta,
            View runningMean, View runningVariance, View mean, View inverseDeviation, View y) {
        boolean fused = ChannelKernels.fuses(activation);
        train(d, fused ? activation : Unary.IDENTITY, x, residual, gamma, beta, runningMean, runningVariance, mean,
                inverseDeviation, y);
        if (!fused) {
            unary(activation, y, y);
        }
    }

    private void train(BatchNorm d, Unary activation, View x, View residual, View gamma, View beta, View runningMean,
            View runningVariance, View mean, View inverseDeviation, View y) {
        norms.training(d, activation, float32(x), residual, gamma, beta, written(runningMean),
                written(runningVariance), written(mean), written(inverseDeviation), written(y));
    }

    @Override
    public void batchNormActivationInference(BatchNorm d, Unary activation, View x, View residual, View gamma,
            View beta, View runningMean, View runningVariance, View y) {
        boolean fused = ChannelKernels.fuses(activation);
        norms.inference(d, fused ? activation : Unary.IDENTITY, float32(x), residual, gamma, beta, runningMean,
                runningVariance, written(y));
        if (!fused) {
            unary(activation, y, y);
        }
    }

    @Override
    public void batchNormActivationGradient(Unary activation, View x, View y, View gamma, View mean,
            View inverseDeviation, View dy, View dx, View dresidual, View dgamma, View dbeta) {
        if (ChannelKernels.fuses(activation)) {
            norms.gradient(activation, float32(x), y, gamma, mean, inverseDeviation, dy, written(dx),
                    dresidual == null ? null : written(dresidual), written(dgamma), written(dbeta));
        } else {
            Backend.super.batchNormActivationGradient(activation, x, y, gamma, mean, inverseDeviation, dy, dx,
                    dresidual, dgamma, dbeta);
        }
    }

    @Override
    public void layerNorm(LayerNorm d, View x, View gamma, View beta, View mean, View inverseDeviation, View y) {
        layerNorms.forward(d, float32(x), gamma, beta, written(mean), written(inverseDeviation), written(y));
    }

    @Override
    public void layerNormGradient(View x, View gamma, View mean, View inverseDeviation, View dy, View dx, View dgamma,
            View dbeta) {
        layerNorms.gradient(float32(x), gamma, mean, inverseDeviation, dy, written(dx), written(dgamma),
                written(dbeta));
    }

    @Override
    public void softmax(View x, View y) {
        softmax.softmax(float32(x), written(y));
    }

    @Override
    public void softmaxGradient(View y, View dy, View dx) {
        softmax.gradient(float32(y), dy, written(dx));
    }

    @Override
    public void crossEntropy(CrossEntropy d, View logits, View targets, View weights, View losses, View gradient) {
        if (targets.type() == DataType.INT64) {
            Indices.check("crossEntropy", targets, logits.extent(1));
        }
        softmax.crossEntropy(d, float32(logits), targets, weights, written(losses), written(gradient));
    }

    @Override
    public void random(Random d, View y) {
        draws.random(d, float32(written(y)));
    }

    @Override
    public void dropout(Random keep, View x, View y) {
        draws.dropout(keep, float32(x), written(y));
    }

    @Override
    public void sgd(SgdStep d, List<View> parameters, List<View> gradients, List<View> velocities) {
        parameters.forEach(CpuBackend::float32);
        optimizers.sgd(d, written(parameters), written(gradients), written(velocities));
    }

    @Override
    public void adamW(AdamWStep d, List<View> parameters, List<View> gradients, List<View> first, List<View> second) {
        parameters.forEach(CpuBackend::float32);
        optimizers.adamW(d, written(parameters), written(gradients), written(first), written(second));
    }

    @Override
    public void weightAverage(double decay, List<View> parameters, List<View> averages) {
        parameters.forEach(CpuBackend::float32);
        optimizers.weightAverage(decay, parameters, written(averages));
    }

    @Override
    public void globalNorm(List<View> gradients, View norm) {
        gradients.forEach(CpuBackend::float32);
        optimizers.globalNorm(gradients, written(norm));
    }

    @Override
    public void allFinite(List<View> views, View flag) {
        views.forEach(CpuBackend::float32);
        optimizers.allFinite(views, written(flag));
    }

    /** An output: what was made of its memory's earlier contents serves no more. */
    private View written(View view) {
        CpuBuffer memory = (CpuBuffer) view.buffer();
        prepared.written(memory.address(), memory.bytes());
        return view;
    }

    private List<View> written(List<View> views) {
        views.forEach(this::written);
        return views;
    }

    private static View float32(View view) {
        if (view.type() != DataType.FLOAT32) {
            throw new UnsupportedOperationException("the CPU backend computes in FLOAT32, found " + view.type()
                    + "; cast to FLOAT32 first");
        }
        return view;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            workers.close();
            elementwise.close();
            multiplier.close();
            convolutions.close();
            foldedNorms.close();
            prepared.close();
            reductions.close();
            norms.close();
            layerNorms.close();
            optimizers.close();
        }
    }
}
