package dev.halcyon.cuda;

import dev.halcyon.device.AdamWStep;
import dev.halcyon.device.Backend;
import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Binary;
import dev.halcyon.device.Buffer;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.CrossEntropy;
import dev.halcyon.device.DeviceOptions;
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
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Supplier;
import jcuda.driver.JCudaDriver;

/**
 * A GPU as a device. Work is queued on one stream; only {@link #download} and {@link #synchronize} wait for it.
 */
final class CudaBackend implements Backend {
    private final Gpu gpu;
    private final Context context;
    private final Steps steps;
    private final DeviceMemory memory;
    private final Staging staging;
    private final Scratch scratch;
    private final Modules modules;
    private final Launcher launcher;
    private final Cublas cublas;
    private final Elementwise elementwise;
    private final Images pixels;
    private final Shapes shapes;
    private final Reductions reductions;
    private final Draws draws;
    private final Optimizers optimizers;
    private final Norms norms;
    private final LayerNorms layerNorms;
    private final SoftmaxRows softmax;
    private final Pools pools;
    private final Gemms gemms;
    private final Convolutions convolutions;
    private boolean open = true;

    CudaBackend(Gpu gpu, DeviceOptions options) {
        this.gpu = gpu;
        DriverLibrary library = DriverLibrary.open();
        context = new Context(gpu);
        Submission submission = Submission.chosen();
        steps = new Steps(context, library, submission);
        memory = orUndo(() -> new DeviceMemory(context, library, this::makeRoom), context::close);
        staging = orUndo(() -> new Staging(context, memory, steps), () -> {
            memory.close();
            context.close();
        });
        steps.attach(memory, staging);
        scratch = new Scratch(memory);
        modules = new Modules(context, steps, memory);
        launcher = new Launcher(context, submission, steps, modules, scratch, options.precision());
        cublas = new Cublas(context, steps, memory);
        elementwise = new Elementwise(launcher);
        pixels = new Images(launcher);
        shapes = new Shapes(launcher);
        reductions = new Reductions(launcher);
        draws = new Draws(launcher);
        optimizers = new Optimizers(launcher);
        norms = new Norms(launcher);
        layerNorms = new LayerNorms(launcher);
        softmax = new SoftmaxRows(launcher);
        pools = new Pools(launcher);
        gemms = new Gemms(launcher, cublas);
        convolutions = new Convolutions(launcher, gemms);
    }

    /** A part, behind which nothing is left open if it cannot be made. */
    private static <T> T orUndo(Supplier<T> part, Runnable undo) {
        try {
            return part.get();
        } catch (RuntimeException e) {
            undo.run();
            throw e;
        }
    }

    @Override
    public String description() {
        return gpu.toString();
    }

    @Override
    public Buffer allocate(long bytes) {
        return memory.allocate(bytes);
    }

    @Override
    public void free(Buffer buffer) {
        memory.free((CudaBuffer) buffer);
    }

    @Override
    public void upload(MemorySegment source, View destination) {
        staging.upload(source.asSlice(0, destination.bytes()), Views.address(destination));
    }

    @Override
    public void download(View source, MemorySegment destination) {
        steps.interrupt();
        staging.download(Views.address(source), destination.asSlice(0, source.bytes()));
    }

    @Override
    public void copy(View source, View destination) {
        if (source.bytes() > 0) {
            context.makeCurrent();
            context.check(JCudaDriver.cuMemcpyDtoDAsync(new DevicePointer(Views.address(destination)),
                    new DevicePointer(Views.address(source)), source.bytes(), context.stream()), "cuMemcpyDtoDAsync");
            steps.note(DevicePointer.class);
        }
    }

    @Override
    public void copyFrom(Backend other, View source, View destination) {
        if (!(other instanceof CudaBackend peer)) {
            Backend.super.copyFrom(other, source, destination);
            return;
        }
        peer.steps.interrupt();
        steps.interrupt();
        memory.shareWith(peer.gpu);
        peer.memory.shareWith(gpu);
        context.copyFrom(peer.context, Views.address(source), Views.address(destination), source.bytes());
    }

    @Override
    public void synchronize() {
        steps.interrupt();
        context.synchronize();
    }

    @Override
    public boolean isQueued() {
        return true;
    }

    @Override
    public void step(Runnable work) {
        steps.run(work);
    }

    @Override
    public void fill(View destination, double value) {
        elementwise.fill(destination, value);
    }

    @Override
    public void unary(Unary op, View x, View y) {
        elementwise.unary(op, x, y);
    }

    @Override
    public void unaryGradient(Unary op, View saved, View dy, View dx) {
        elementwise.unaryGradient(op, saved, dy, dx);
    }

    @Override
    public void binary(Binary op, View a, View b, View y) {
        elementwise.binary(op, a, b, y);
    }

    @Override
    public void scaleAdd(double alpha, View x, double beta, View y) {
        elementwise.scaleAdd(alpha, x, beta, y);
    }

    @Override
    public void cast(View x, View y) {
        elementwise.cast(x, y);
    }

    @Override
    public void castAll(List<View> x, List<View> y) {
        optimizers.castAll(x, y);
    }

    @Override
    public void normalizeImages(NormalizeImages d, View images, View placements, View y) {
        pixels.normalizeImages(d, images, placements, y);
    }

    @Override
    public void transpose(int[] permutation, View x, View y) {
        shapes.transpose(permutation, x, y);
    }

    @Override
    public void copyRegion(Region region, View x, View y) {
        shapes.copyRegion(region, x, y);
    }

    @Override
    public void gatherRows(View table, View indices, View rows) {
        shapes.gatherRows(table, indices, rows);
    }

    @Override
    public void scatterAddRows(View rows, View indices, View table) {
        shapes.scatterAddRows(rows, indices, table);
    }

    @Override
    public void reduce(Reduce d, View x, View y) {
        reductions.reduce(d, x, y);
    }

    @Override
    public void argMax(View x, View y) {
        reductions.argMax(x, y);
    }

    @Override
    public void topK(View x, View values, View indices) {
        reductions.topK(x, values, indices);
    }

    @Override
    public void gemm(Gemm d, View a, View b, View c) {
        gemms.gemm(d, a, b, c);
    }

    @Override
    public void batchedGemm(Gemm d, View a, View b, View c) {
        gemms.batchedGemm(d, a, b, c);
    }

    @Override
    public void gemmBiasActivation(Gemm d, Unary activation, View a, View b, View bias, View c) {
        gemms.gemmBiasActivation(d, activation, a, b, bias, c);
    }

    @Override
    public void conv2d(Conv2d d, View x, View w, View y) {
        convolutions.conv2d(d, x, w, y);
    }

    @Override
    public void conv2dInputGradient(Conv2d d, boolean accumulate, View dy, View w, View dx) {
        convolutions.conv2dInputGradient(d, accumulate, dy, w, dx);
    }

    @Override
    public void conv2dWeightGradient(Conv2d d, View x, View dy, View dw) {
        convolutions.conv2dWeightGradient(d, x, dy, dw);
    }

    @Override
    public void conv2dBiasActivation(Conv2d d, Unary activation, View x, View w, View bias, View y) {
        convolutions.conv2dBiasActivation(d, activation, x, w, bias, y);
    }

    @Override
    public void conv2dBatchNormInference(Conv2d d, BatchNorm norm, Unary activation, View x, View w, View residual,
            View gamma, View beta, View runningMean, View runningVariance, View y) {
        convolutions.conv2dBatchNormInference(d, norm, activation, x, w, residual, gamma, beta, runningMean,
                runningVariance, y);
    }

    @Override
    public void maxPool(Pool2d d, View x, View y, View argument) {
        pools.maxPool(d, x, y, argument);
    }

    @Override
    public void maxPoolGradient(Pool2d d, View argument, View dy, View dx) {
        pools.maxPoolGradient(d, argument, dy, dx);
    }

    @Override
    public void averagePool(Pool2d d, View x, View y) {
        pools.averagePool(d, x, y);
    }

    @Override
    public void averagePoolGradient(Pool2d d, View dy, View dx) {
        pools.averagePoolGradient(d, dy, dx);
    }

    @Override
    public void batchNorm(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance, View mean,
            View inverseDeviation, View y) {
        norms.batchNorm(d, x, gamma, beta, runningMean, runningVariance, mean, inverseDeviation, y);
    }

    @Override
    public void batchNormInference(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance,
            View y) {
        norms.batchNormInference(d, x, gamma, beta, runningMean, runningVariance, y);
    }

    @Override
    public void batchNormGradient(View x, View gamma, View mean, View inverseDeviation, View dy, View dx, View dgamma,
            View dbeta) {
        norms.batchNormGradient(x, gamma, mean, inverseDeviation, dy, dx, dgamma, dbeta);
    }

    @Override
    public void batchNormActivation(BatchNorm d, Unary activation, View x, View residual, View gamma, View beta,
            View runningMean, View runningVariance, View mean, View inverseDeviation, View y) {
        norms.batchNormActivation(d, activation, x, residual, gamma, beta, runningMean, runningVariance, mean,
                inverseDeviation, y);
    }

    @Override
    public void batchNormActivationInference(BatchNorm d, Unary activation, View x, View residual, View gamma,
            View beta, View runningMean, View runningVariance, View y) {
        norms.batchNormActivationInference(d, activation, x, residual, gamma, beta, runningMean, runningVariance,
                y);
    }

    @Override
    public void batchNormActivationGradient(Unary activation, View x, View y, View gamma, View mean,
            View inverseDeviation, View dy, View dx, View dresidual, View dgamma, View dbeta) {
        norms.batchNormActivationGradient(activation, x, y, gamma, mean, inverseDeviation, dy, dx, dresidual,
                dgamma, dbeta);
    }

    @Override
    public void layerNorm(LayerNorm d, View x, View gamma, View beta, View mean, View inverseDeviation, View y) {
        layerNorms.layerNorm(d, x, gamma, beta, mean, inverseDeviation, y);
    }

    @Override
    public void layerNormGradient(View x, View gamma, View mean, View inverseDeviation, View dy, View dx, View dgamma,
            View dbeta) {
        layerNorms.layerNormGradient(x, gamma, mean, inverseDeviation, dy, dx, dgamma, dbeta);
    }

    @Override
    public void softmax(View x, View y) {
        softmax.softmax(x, y);
    }

    @Override
    public void softmaxGradient(View y, View dy, View dx) {
        softmax.softmaxGradient(y, dy, dx);
    }

    @Override
    public void crossEntropy(CrossEntropy d, View logits, View targets, View weights, View losses, View gradient) {
        softmax.crossEntropy(d, logits, targets, weights, losses, gradient);
    }

    @Override
    public void random(Random d, View y) {
        draws.random(d, y);
    }

    @Override
    public void dropout(Random keep, View x, View y) {
        draws.dropout(keep, x, y);
    }

    @Override
    public void sgd(SgdStep d, List<View> parameters, List<View> gradients, List<View> velocities) {
        optimizers.sgd(d, parameters, gradients, velocities);
    }

    @Override
    public void adamW(AdamWStep d, List<View> parameters, List<View> gradients, List<View> first, List<View> second) {
        optimizers.adamW(d, parameters, gradients, first, second);
    }

    @Override
    public void weightAverage(double decay, List<View> parameters, List<View> averages) {
        optimizers.weightAverage(decay, parameters, averages);
    }

    @Override
    public void globalNorm(List<View> gradients, View norm) {
        optimizers.globalNorm(gradients, norm);
    }

    @Override
    public void allFinite(List<View> views, View flag) {
        optimizers.allFinite(views, flag);
    }

    /** What can be done without when memory is short. */
    private void makeRoom() {
        steps.interrupt();
        scratch.trim();
    }

    /** Of a lost device nothing can be given back but what this process holds, for which no answers are needed. */
    @Override
    public void close() {
        if (open) {
            open = false;
            context.finish();
            steps.close();
            cublas.close();
            staging.close();
            scratch.trim();
            modules.close();
            memory.close();
            launcher.close();
            context.close();
        }
    }
}
