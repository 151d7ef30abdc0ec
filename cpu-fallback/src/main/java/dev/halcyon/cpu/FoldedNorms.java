package dev.halcyon.cpu;

import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Binary;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;

/**
 * Convolutions with the batch norm of inference behind them: a factor per output channel, which goes into the weights,
 * and a bias. Weights are folded at every call, since they may have changed: they are few beside the pixels.
 */
final class FoldedNorms {
    private final Workers workers;
    private final Convolutions convolutions;
    private final RowKernels kernels = Vectorization.rows();
    /** Weights, then the factors, then the bias. */
    private CpuBuffer folded = CpuBuffer.allocate(0);

    FoldedNorms(Workers workers, Convolutions convolutions) {
        this.workers = workers;
        this.convolutions = convolutions;
    }

    /** With s = gamma / sqrt(variance + epsilon): weights w s, bias beta - mean s. */
    void forward(Conv2d d, BatchNorm norm, Unary activation, View x, View w, View gamma, View beta, View runningMean,
            View runningVariance, View y) {
        int outputs = (int) w.extent(3);
        long step = 4L * outputs;
        reserve(w.bytes() + 2 * step);
        View weights = new View(folded, 0, w.shape(), w.type());
        View bias = new View(folded, w.bytes() + step, beta.shape(), beta.type());
        long factors = folded.address() + w.bytes();
        for (long at = 0; at < step; at += 4) {
            double factor = get(gamma, at) / Math.sqrt(get(runningVariance, at) + norm.epsilon());
            Memory.setFloat(factors + at, (float) factor);
            Memory.setFloat(factors + step + at, (float) (get(beta, at) - get(runningMean, at) * factor));
        }
        long from = Memory.address(w);
        workers.forEach(w.shape().product(0, 3), outputs, (row, _) -> kernels.binary(Binary.MULTIPLY,
                from + row * step, 1, factors, 1, folded.address() + row * step, outputs));
        convolutions.forward(d, activation, x, weights, bias, y);
    }

    private static double get(View view, long offset) {
        return Memory.getFloat(Memory.address(view) + offset);
    }

    private void reserve(long bytes) {
        if (bytes > folded.bytes()) {
            folded.free();
            folded = CpuBuffer.allocate(bytes);
        }
    }

    void close() {
        folded.free();
    }
}
