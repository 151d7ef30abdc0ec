package dev.halcyon.cpu;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import java.util.stream.IntStream;

/** Chooses how a convolution and its gradients are computed, and puts each into the form that the choice needs. */
final class Convolutions {
    /** Winograd's maps cost per channel, its products per pair of channels. */
    private static final int LEAST_WINOGRAD_CHANNELS = 16;
    private static final int LEAST_WINOGRAD_SIDE = 3;
    /** What a pair of channels' taps cost to map, as so many multiplications: they are written and read again. */
    private static final long MAPPED_TAPS = 600;
    private static final int TURNED_OUTPUTS = 32;

    /** How outputs come about. */
    private enum Algorithm {
        DEPTHWISE, FEW_INPUTS, FEW_CHANNELS, WINOGRAD, TINY_IMAGES, PRODUCT;

        /** Whether a residual is to be added in a pass of its own. */
        boolean leavesResidual() {
            return this == DEPTHWISE || this == FEW_INPUTS || this == FEW_CHANNELS;
        }
    }

    private final Workers workers;
    private final Multiplier multiplier;
    private final DepthwiseConvolutions depthwise;
    private final FewInputConvolutions fewInputs;
    private final FewChannelConvolutions fewChannels;
    private final FewChannelGradients fewChannelWeights;
    private final TinyImageConvolutions tinyImages;
    private final Winograd winograd;
    private final WinogradWeightGradient winogradWeights;
    private final Scratch turned = new Scratch();

    Convolutions(Workers workers, Multiplier multiplier, PreparedWeights prepared) {
        this.workers = workers;
        this.multiplier = multiplier;
        this.depthwise = new DepthwiseConvolutions(workers);
        this.tinyImages = new TinyImageConvolutions(multiplier);
        this.fewInputs = new FewInputConvolutions(workers);
        this.fewChannels = new FewChannelConvolutions(workers);
        this.fewChannelWeights = new FewChannelGradients(workers);
        this.winograd = new Winograd(workers, prepared);
        this.winogradWeights = new WinogradWeightGradient(workers);
    }

    /** One tap that reads every pixel once: the image is the matrix of its patches. */
    private static boolean isPixelwise(Conv2d d, View w) {
        return w.extent(0) == 1 && w.extent(1) == 1 && d.groups() == 1 && d.strideHeight() == 1
                && d.strideWidth() == 1 && d.paddingHeight() == 0 && d.paddingWidth() == 0;
    }

    /** Whether tiles pay: enough channels, images that fill them, and more to multiply than taps to map. */
    private static boolean suitsWinograd(Conv2d d, View w, View y) {
        return MinimalFilter.of(w.extent(0), w.extent(1)) != null && d.groups() == 1 && d.strideHeight() == 1
                && d.strideWidth() == 1 && coversKernel(d, w)
                && Math.min(w.extent(2), w.extent(3)) >= LEAST_WINOGRAD_CHANNELS
                && Math.min(y.extent(1), y.extent(2)) >= LEAST_WINOGRAD_SIDE
                && w.extent(0) * w.extent(1) * y.shape().product(0, 3) > 36 * grid(d, w, y).tiles() + MAPPED_TAPS;
    }

    /** Whether the gradient of the input is a convolution with padding, rather than with some cut off. */
    private static boolean coversKernel(Conv2d d, View w) {
        return d.paddingHeight() <= reachHeight(d, w) && d.paddingWidth() <= reachWidth(d, w);
    }

    private static int reachHeight(Conv2d d, View w) {
        return ((int) w.extent(0) - 1) * d.dilationHeight();
    }

    private static int reachWidth(Conv2d d, View w) {
        return ((int) w.extent(1) - 1) * d.dilationWidth();
    }

    private static TransformedTiles.Source source(View images, int top, int left) {
        return new TransformedTiles.Source(Memory.address(images), (int) images.extent(1), (int) images.extent(2), top,
                left);
    }

    private static TileGrid grid(Conv2d d, View w, View outputs) {
        return new TileGrid(Math.toIntExact(outputs.extent(0)), (int) outputs.extent(1), (int) outputs.extent(2),
                d.dilationHeight(), d.dilationWidth(), MinimalFilter.of(w.extent(0), w.extent(1)));
    }

    private static TransformedTaps.Kernels kernels(View w, boolean turned) {
        return new TransformedTaps.Kernels(MinimalFilter.of(w.extent(0), w.extent(1)), Memory.address(w),
                (int) w.extent(turned ? 3 : 2), (int) w.extent(turned ? 2 : 3), turned);
    }

    private static boolean isDepthwise(Conv2d d, View w) {
        return d.groups() > 1 && w.extent(2) == 1 && w.extent(3) == d.groups();
    }

    /** The algorithm of the gradient of a convolution's weights: that of few inputs may be better than the forward one. */
    private static Algorithm weightAlgorithm(Conv2d d, View x, View w, View y) {
        Algorithm algorithm = algorithm(d, x, w, y);
        boolean fewInputs = algorithm == Algorithm.FEW_CHANNELS && FewInputConvolutions.suitsGroups(d, w)
                || algorithm == Algorithm.PRODUCT && isPixelwise(d, w) && FewInputConvolutions.suitsPixels(w);
        return fewInputs ? Algorithm.FEW_INPUTS : algorithm;
    }

    /** The algorithm of a convolution. */
    private static Algorithm algorithm(Conv2d d, View x, View w, View y) {
        return isDepthwise(d, w) ? Algorithm.DEPTHWISE
                : FewInputConvolutions.suits(d, w) ? Algorithm.FEW_INPUTS
                : FewChannelConvolutions.suits(d, w) ? Algorithm.FEW_CHANNELS
                : suitsWinograd(d, w, y) ? Algorithm.WINOGRAD
                : TinyImageConvolutions.suits(d, x, w, y) ? Algorithm.TINY_IMAGES : Algorithm.PRODUCT;
    }

    /** y = activation(x * w + bias + residual), where bias and residual may be null. */
    void forward(Conv2d d, Unary activation, View x, View w, View bias, View residual, View y) {
        long biasAddress = bias == null ? 0 : Memory.address(bias);
        Epilogue epilogue = Epilogue.of(residual, activation, y);
        Unary before = residual == null ? activation : Unary.IDENTITY;
        Algorithm algorithm = algorithm(d, x, w, y);
        switch (algorithm) {
            case DEPTHWISE -> depthwise.forward(d, before, x, w, biasAddress, y);
            case FEW_INPUTS -> fewInputs.forward(d, before, x, w, biasAddress, y);
            case FEW_CHANNELS -> fewChannels.forward(PlaneExtents.of(d, x, w), Memory.address(x), Memory.address(w),
                    biasAddress, before, false, Memory.address(y));
            case WINOGRAD -> winograd.run(new Winograd.Convolution(source(x, d.paddingHeight(), d.paddingWidth()),
                    kernels(w, false), biasAddress, epilogue, grid(d, w, y), false, Memory.address(y)));
            case TINY_IMAGES -> tinyImages.forward(d, epilogue, x, w, biasAddress, y);
            case PRODUCT -> product(d, epilogue, x, w, biasAddress, y);
        }
        if (residual != null && algorithm.leavesResidual()) {
            long line = y.shape().product(2, 4);
            workers.forEach(y.shape().product(0, 2), 2.0 * line,
                    (row, _) -> epilogue.apply(Memory.address(y) + 4 * row * line, line));
        }
    }

    private void product(Conv2d d, Epilogue epilogue, View x, View w, long bias, View y) {
        int outputs = (int) w.extent(3) / d.groups();
        long outputStep = 4 * w.extent(3);
        for (int group = 0; group < d.groups(); group++) {
            long first = 4L * group * outputs;
            multiplier.multiply(new Product(y.shape().product(0, 3), outputs, w.shape().product(0, 3),
                    patches(d, x, w, y, group),
                    new MatrixOperand(Memory.address(w) + first, outputStep, false, 1),
                    new Product.Rows(Memory.address(y) + first, outputStep), false, bias == 0 ? 0 : bias + first,
                    epilogue));
        }
    }

    private LeftOperand patches(Conv2d d, View x, View w, View y, int group) {
        return isPixelwise(d, w)
                ? new MatrixOperand(Memory.address(x), 4 * x.extent(3), false, 1)
                : patchesOf(d, x, w, y, group);
    }

    private Patches patchesOf(Conv2d d, View x, View w, View y, int group) {
        int channels = (int) w.extent(2);
        int[] rowOffsets = IntStream.range(0, (int) w.extent(0))
                .map(tap -> tap * d.dilationHeight() - d.paddingHeight()).toArray();
        int[] columnOffsets = IntStream.range(0, (int) w.extent(1))
                .map(tap -> tap * d.dilationWidth() - d.paddingWidth()).toArray();
        return new Patches(Memory.address(x) + 4L * group * channels, (int) x.extent(1), (int) x.extent(2),
                (int) x.extent(3), channels, d.strideHeight(), d.strideWidth(), rowOffsets, columnOffsets,
                (int) y.extent(1), (int) y.extent(2));
    }

    /** dx, written or added to: every pixel gathers from the outputs that saw it. */
    void inputGradient(Conv2d d, boolean accumulate, View dy, View w, View dx) {
        if (isDepthwise(d, w)) {
            depthwise.inputGradient(d, accumulate, dy, w, dx);
        } else if (FewChannelConvolutions.suits(d, w) && coversKernel(d, w)) {
            fewChannels.forward(PlaneExtents.ofInputGradient(d, dy, w), Memory.address(dy), turned(w, d.groups()), 0,
                    Unary.IDENTITY, accumulate, Memory.address(dx));
        } else if (suitsWinograd(d, w, dx)) {
            winograd.run(new Winograd.Convolution(
                    source(dy, reachHeight(d, w) - d.paddingHeight(), reachWidth(d, w) - d.paddingWidth()),
                    kernels(w, true), 0, Epilogue.NONE, grid(d, w, dx), accumulate, Memory.address(dx)));
        } else if (TinyImageConvolutions.suits(d, dx, w, dy)) {
            tinyImages.inputGradient(d, accumulate, dy, w, dx);
        } else if (isPixelwise(d, w)) {
            multiplier.multiply(new Product(dx.shape().product(0, 3), (int) dx.extent(3), dy.extent(3),
                    new MatrixOperand(Memory.address(dy), 4 * dy.extent(3), false, 1),
                    new MatrixOperand(Memory.address(w), 4 * dy.extent(3), true, 1),
                    new Product.Rows(Memory.address(dx), 4 * dx.extent(3)), accumulate, 0, Epilogue.NONE));
        } else {
            for (int group = 0; group < d.groups(); group++) {
                for (int row = 0; row < Math.min(d.strideHeight(), dx.extent(1)); row++) {
                    for (int column = 0; column < Math.min(d.strideWidth(), dx.extent(2)); column++) {
                        phase(d, accumulate, dy, w, dx, group, row, column);
                    }
                }
            }
        }
    }

    /**
     * Weights of a convolution without stride as the gradient of its input needs them: taps in reverse, [kh, kw, outputs
     * / groups, inputs].
     */
    private long turned(View w, int groups) {
        int inputs = (int) w.extent(2);
        int outputs = (int) w.extent(3) / groups;
        long bytes = 4L * inputs * w.extent(3);
        int taps = (int) w.shape().product(0, 2);
        long to = turned.request(taps * bytes + TileKernels.SLACK);
        int blocks = Math.ceilDiv(outputs, TURNED_OUTPUTS);
        workers.run(taps * groups * blocks, (chunk, worker) -> {
            int tap = chunk / (groups * blocks);
            int group = chunk / blocks % groups;
            int first = chunk % blocks * TURNED_OUTPUTS;
            Vectorization.tiles().transpose(Memory.address(w) + tap * bytes + 4L * (group * outputs + first),
                    4 * w.extent(3), inputs, Math.min(TURNED_OUTPUTS, outputs - first),
                    to + (taps - 1 - tap) * bytes + 4L * inputs * (first * groups + group), 4L * groups * inputs);
        });
        return to;
    }

    /**
     * Input pixels (row + i strideHeight, column + j strideWidth): they all see the same taps, and are a convolution of
     * the output's gradient with those, without stride.
     */
    private void phase(Conv2d d, boolean accumulate, View dy, View w, View dx, int group, int row, int column) {
        int[] rowTaps = taps(w.extent(0), row + d.paddingHeight(), d.dilationHeight(), d.strideHeight());
        int[] columnTaps = taps(w.extent(1), column + d.paddingWidth(), d.dilationWidth(), d.strideWidth());
        int outputs = (int) w.extent(3) / d.groups();
        int inputs = (int) w.extent(2);
        int gridHeight = ((int) dx.extent(1) - row + d.strideHeight() - 1) / d.strideHeight();
        int gridWidth = ((int) dx.extent(2) - column + d.strideWidth() - 1) / d.strideWidth();
        long pixel = 4 * dx.extent(3);
        PixelGrid target = new PixelGrid(
                Memory.address(dx) + 4L * group * inputs + (row * dx.extent(2) + column) * pixel, gridHeight,
                gridWidth, dx.shape().product(1, 3) * pixel, d.strideHeight() * dx.extent(2) * pixel,
                d.strideWidth() * pixel);
        long pixels = dx.extent(0) * gridHeight * gridWidth;
        if (rowTaps.length == 0 || columnTaps.length == 0) {
            if (!accumulate) {
                workers.forEach(pixels, inputs, (i, _) -> Memory.clear(target.row(i), 4L * inputs));
            }
            return;
        }
        Patches patches = new Patches(Memory.address(dy) + 4L * group * outputs, (int) dy.extent(1),
                (int) dy.extent(2), (int) dy.extent(3), outputs, 1, 1,
                offsets(rowTaps, row + d.paddingHeight(), d.dilationHeight(), d.strideHeight()),
                offsets(columnTaps, column + d.paddingWidth(), d.dilationWidth(), d.strideWidth()), gridHeight,
                gridWidth);
        int[] taps = IntStream.of(rowTaps)
                .flatMap(r -> IntStream.of(columnTaps).map(c -> r * (int) w.extent(1) + c)).toArray();
        multiplier.multiply(new Product(pixels, inputs, patches.terms(), patches,
                new TapWeights(Memory.address(w) + 4L * group * outputs, inputs, outputs, 4 * w.extent(3), taps),
                target, accumulate, 0, Epilogue.NONE));
    }

    /** The taps that reach a phase, the last first, so that the pixels they read come in ascending order. */
    private static int[] taps(long kernel, int shifted, int dilation, int stride) {
        return IntStream.range(0, (int) kernel).map(i -> (int) kernel - 1 - i)
                .filter(tap -> Math.floorMod(shifted - tap * dilation, stride) == 0).toArray();
    }

    private static int[] offsets(int[] taps, int shifted, int dilation, int stride) {
        return IntStream.of(taps).map(tap -> Math.floorDiv(shifted - tap * dilation, stride)).toArray();
    }

    /** dw += patches, transposed, times dy. */
    void weightGradient(Conv2d d, View x, View dy, View dw) {
        switch (weightAlgorithm(d, x, dw, dy)) {
            case DEPTHWISE -> depthwise.weightGradient(d, x, dy, dw);
            case FEW_INPUTS -> fewInputs.weightGradient(d, x, dy, dw);
            case FEW_CHANNELS -> fewChannelWeights.run(PlaneExtents.of(d, x, dw), Memory.address(x),
                    Memory.address(dy), Memory.address(dw));
            case WINOGRAD -> winogradWeights.run(new WinogradWeightGradient.Gradient(
                    source(x, d.paddingHeight(), d.paddingWidth()), (int) x.extent(3), source(dy, 0, 0),
                    (int) dy.extent(3), grid(d, dw, dy), Memory.address(dw)));
            case TINY_IMAGES -> tinyImages.weightGradient(d, x, dy, dw);
            case PRODUCT -> productOfColumns(d, x, dy, dw);
        }
    }

    private void productOfColumns(Conv2d d, View x, View dy, View dw) {
        int outputs = (int) dw.extent(3) / d.groups();
        long outputStep = 4 * dw.extent(3);
        for (int group = 0; group < d.groups(); group++) {
            long first = 4L * group * outputs;
            LeftOperand left = isPixelwise(d, dw)
                    ? new MatrixOperand(Memory.address(x), 4 * x.extent(3), true, 1)
                    : new PatchColumns(patchesOf(d, x, dw, dy, group));
            multiplier.multiply(new Product(dw.shape().product(0, 3), outputs, dy.shape().product(0, 3), left,
                    new MatrixOperand(Memory.address(dy) + first, outputStep, false, 1),
                    new Product.Rows(Memory.address(dw) + first, outputStep), true, 0, Epilogue.NONE));
        }
    }

    void close() {
        depthwise.close();
        fewInputs.close();
        fewChannels.close();
        fewChannelWeights.close();
        winograd.close();
        winogradWeights.close();
        turned.close();
    }
}
