package dev.halcyon.cpu;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/** Chooses how a convolution and its gradients are computed, and puts each into the form that the choice needs. */
final class Convolutions {
    private final Workers workers;
    private final Gemms gemms;
    private final Correlator correlator;
    private final DepthwiseConvolutions depthwise;
    private final WeightGradients weightGradients;
    private final Scratch packed = new Scratch();

    Convolutions(Workers workers, Gemms gemms) {
        this.workers = workers;
        this.gemms = gemms;
        this.correlator = new Correlator(workers);
        this.depthwise = new DepthwiseConvolutions(workers);
        this.weightGradients = new WeightGradients(workers);
    }

    void forward(Conv2d d, Unary activation, View x, View w, View bias, View y) {
        long biasAddress = bias == null ? 0 : Memory.address(bias);
        if (isDepthwise(d, w)) {
            depthwise.forward(d, x, w, y);
            depthwise.finish(biasAddress, activation, y);
        } else if (isProduct(d, w)) {
            int m = Math.toIntExact(x.shape().product(0, 3));
            int k = (int) x.extent(3);
            int n = (int) y.extent(3);
            gemms.multiply(new Gemms.Operands(m, n, k, Memory.address(x), 4L * k, 4, Memory.address(w), 4L * n, 4,
                    Memory.address(y), 1, 0, biasAddress, activation));
        } else {
            for (int group = 0; group < d.groups(); group++) {
                Correlation c = forwardOf(d, x.shape(), Memory.address(x), w.shape(), y.shape(), Memory.address(y),
                        group);
                long strips = packForward(w, group, c.outputs());
                long groupBias = bias == null ? 0 : biasAddress + 4L * group * c.outputs();
                correlator.run(c, strips, groupBias, activation);
            }
        }
    }

    /** A stride of one and no padding around a single tap: a plain matrix product of pixels and weights. */
    private static boolean isProduct(Conv2d d, View w) {
        return w.extent(0) == 1 && w.extent(1) == 1 && d.groups() == 1 && d.strideHeight() == 1
                && d.strideWidth() == 1 && d.paddingHeight() == 0 && d.paddingWidth() == 0;
    }

    private static boolean isDepthwise(Conv2d d, View w) {
        return d.groups() > 1 && w.extent(2) == 1 && w.extent(3) == d.groups();
    }

    private static Correlation forwardOf(Conv2d d, Shape x, long source, Shape w, Shape y, long target, int group) {
        int channels = (int) w.extent(2);
        int outputs = (int) w.extent(3) / d.groups();
        int[] rowOffsets = IntStream.range(0, (int) w.extent(0))
                .map(tap -> tap * d.dilationHeight() - d.paddingHeight()).toArray();
        int[] columnOffsets = IntStream.range(0, (int) w.extent(1))
                .map(tap -> tap * d.dilationWidth() - d.paddingWidth()).toArray();
        return new Correlation((int) x.extent(0), source + 4L * group * channels, (int) x.extent(1),
                (int) x.extent(2), (int) x.extent(3), channels, d.strideHeight(), d.strideWidth(), rowOffsets,
                columnOffsets, (int) y.extent(1), (int) y.extent(2), target + 4L * group * outputs,
                y.product(1, 4), y.product(2, 4), y.extent(3), outputs);
    }

    private long packForward(View w, int group, int outputs) {
        int terms = (int) w.shape().product(0, 3);
        long row = 4L * w.extent(3);
        long target = packed.request(4L * terms * Panels.paddedColumns(outputs));
        long first = Memory.address(w) + 4L * group * outputs;
        List<Panels.Strip> strips = Panels.strips(0, outputs);
        workers.run(strips.size(), (chunk, worker) -> {
            Panels.Strip strip = strips.get(chunk);
            Panels.pack(strip, first, row, 4, terms, 1, target + 4L * terms * strip.start());
        });
        return target;
    }

    void inputGradient(Conv2d d, View dy, View w, View dx) {
        if (isDepthwise(d, w)) {
            depthwise.inputGradient(d, dy, w, dx);
        } else if (isProduct(d, w)) {
            int m = Math.toIntExact(dy.shape().product(0, 3));
            int k = (int) dy.extent(3);
            int n = (int) dx.extent(3);
            gemms.multiply(new Gemms.Operands(m, n, k, Memory.address(dy), 4L * k, 4, Memory.address(w), 4, 4L * k,
                    Memory.address(dx), 1, 0, 0, Unary.IDENTITY));
        } else {
            for (int group = 0; group < d.groups(); group++) {
                for (int row = 0; row < Math.min(d.strideHeight(), dx.extent(1)); row++) {
                    for (int column = 0; column < Math.min(d.strideWidth(), dx.extent(2)); column++) {
                        phase(d, dy, w, dx, group, row, column);
                    }
                }
            }
        }
    }

    /**
     * Input pixels (row + i strideHeight, column + j strideWidth): they all see the same taps, and are a correlation
     * of the output's gradient with those, without stride.
     */
    private void phase(Conv2d d, View dy, View w, View dx, int group, int row, int column) {
        int[] rowTaps = taps(w.extent(0), row + d.paddingHeight(), d.dilationHeight(), d.strideHeight());
        int[] columnTaps = taps(w.extent(1), column + d.paddingWidth(), d.dilationWidth(), d.strideWidth());
        int channels = (int) w.extent(3) / d.groups();
        int outputs = (int) w.extent(2);
        int gridHeight = ((int) dx.extent(1) - row + d.strideHeight() - 1) / d.strideHeight();
        int gridWidth = ((int) dx.extent(2) - column + d.strideWidth() - 1) / d.strideWidth();
        long target = Memory.address(dx) + 4L * group * outputs
                + 4L * (row * dx.extent(2) + column) * dx.extent(3);
        Correlation c = new Correlation((int) dx.extent(0), Memory.address(dy) + 4L * group * channels,
                (int) dy.extent(1), (int) dy.extent(2), (int) dy.extent(3), channels, 1, 1,
                offsets(rowTaps, row + d.paddingHeight(), d.dilationHeight(), d.strideHeight()),
                offsets(columnTaps, column + d.paddingWidth(), d.dilationWidth(), d.strideWidth()), gridHeight,
                gridWidth, target, dx.shape().product(1, 4), dx.shape().product(2, 4) * d.strideHeight(),
                dx.extent(3) * d.strideWidth(), outputs);
        correlator.run(c, packTransposed(w, group, rowTaps, columnTaps, channels), 0, Unary.IDENTITY);
    }

    /** The taps that reach a phase, the last first, so that the pixels they read come in ascending order. */
    private static int[] taps(long kernel, int shifted, int dilation, int stride) {
        return IntStream.range(0, (int) kernel).map(i -> (int) kernel - 1 - i)
                .filter(tap -> Math.floorMod(shifted - tap * dilation, stride) == 0).toArray();
    }

    private static int[] offsets(int[] taps, int shifted, int dilation, int stride) {
        return IntStream.of(taps).map(tap -> Math.floorDiv(shifted - tap * dilation, stride)).toArray();
    }

    /** Weights with input and output channels exchanged, only the given taps. */
    private long packTransposed(View w, int group, int[] rowTaps, int[] columnTaps, int channels) {
        int outputs = (int) w.extent(2);
        long rowBytes = 4L * w.extent(3);
        int terms = rowTaps.length * columnTaps.length * channels;
        long target = packed.request(Math.max(64, 4L * terms * Panels.paddedColumns(outputs)));
        long first = Memory.address(w) + 4L * group * channels;
        List<Panels.Strip> strips = Panels.strips(0, outputs);
        int taps = rowTaps.length * columnTaps.length;
        workers.run(strips.size() * taps, (chunk, worker) -> {
            Panels.Strip strip = strips.get(chunk / taps);
            int tap = chunk % taps;
            long source = (long) rowTaps[tap / columnTaps.length] * w.extent(1) + columnTaps[tap % columnTaps.length];
            Panels.pack(strip, first + source * outputs * rowBytes, 4, rowBytes, channels, 1,
                    target + 4L * terms * strip.start() + 4L * tap * channels * strip.width());
        });
        return target;
    }

    void weightGradient(Conv2d d, View x, View dy, View dw) {
        if (isDepthwise(d, dw)) {
            depthwise.weightGradient(d, x, dy, dw);
        } else {
            for (int group = 0; group < d.groups(); group++) {
                weightGradients.add(d, x, dy, dw, group);
            }
        }
    }

    void close() {
        correlator.close();
        depthwise.close();
        weightGradients.close();
        packed.close();
    }
}
