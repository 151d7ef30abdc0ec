package dev.halcyon.cpu;

import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Binary;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import java.util.stream.Stream;

/**
 * Convolutions with the batch norm of inference behind them: a factor per output channel, which goes into the weights,
 * and a bias.
 */
final class FoldedNorms {
    private final Workers workers;
    private final Convolutions convolutions;
    private final PreparedWeights prepared;
    private final RowKernels kernels = Vectorization.rows();
    private final Scratch scratch = new Scratch();

    FoldedNorms(Workers workers, Convolutions convolutions, PreparedWeights prepared) {
        this.workers = workers;
        this.convolutions = convolutions;
        this.prepared = prepared;
    }

    /** A convolution's weights and the norm behind it. The form has the weights, then the factors, then the bias. */
    private record Folded(BatchNorm norm, View w, View gamma, View beta, View runningMean, View runningVariance)
            implements PreparedWeights.Key {
        @Override
        public long[] sources() {
            return Stream.of(w, gamma, beta, runningMean, runningVariance).mapToLong(Memory::address).toArray();
        }

        /** Bytes of a number per output channel. */
        long step() {
            return 4 * w.extent(3);
        }

        long bytes() {
            return w.bytes() + 2 * step() + TileKernels.SLACK;
        }
    }

    /** With s = gamma / sqrt(variance + epsilon): weights w s, bias beta - mean s. The residual may be null. */
    void forward(Conv2d d, BatchNorm norm, Unary activation, View x, View w, View residual, View gamma, View beta,
            View runningMean, View runningVariance, View y) {
        Folded folded = new Folded(norm, w, gamma, beta, runningMean, runningVariance);
        long address = prepared.request(folded, folded.bytes(), scratch, at -> fold(folded, at));
        CpuBuffer buffer = CpuBuffer.over(address, folded.bytes());
        View weights = new View(buffer, 0, w.shape(), w.type());
        View bias = new View(buffer, w.bytes() + folded.step(), beta.shape(), beta.type());
        convolutions.forward(d, activation, x, weights, bias, residual, y);
    }

    private void fold(Folded f, long to) {
        long step = f.step();
        long factors = to + f.w.bytes();
        for (long at = 0; at < step; at += 4) {
            double factor = get(f.gamma, at) / Math.sqrt(get(f.runningVariance, at) + f.norm.epsilon());
            Memory.setFloat(factors + at, (float) factor);
            Memory.setFloat(factors + step + at, (float) (get(f.beta, at) - get(f.runningMean, at) * factor));
        }
        long from = Memory.address(f.w);
        workers.forEach(f.w.shape().product(0, 3), f.w.extent(3), (row, _) -> kernels.binary(Binary.MULTIPLY,
                from + row * step, 1, factors, 1, to + row * step, f.w.extent(3)));
    }

    private static double get(View view, long offset) {
        return Memory.getFloat(Memory.address(view) + offset);
    }

    void close() {
        scratch.close();
    }
}
