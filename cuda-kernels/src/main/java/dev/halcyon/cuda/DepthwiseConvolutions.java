package dev.halcyon.cuda;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.View;

/** Convolutions with one input channel in each group, see depthwise.cu. */
final class DepthwiseConvolutions {
    private static final String FAMILY = "depthwise";
    private static final int STRIP = 4;
    private static final int TAPS = 9;
    private static final int MOST_LANES = 32;
    /** Enough for the largest devices. */
    private static final long ENOUGH_BLOCKS = 512;
    /** Pixels of a chunk, below which adding the chunks costs more than more blocks save. */
    private static final int LEAST_CHUNK = 256;

    private final Launcher launcher;
    private final Products products;

    DepthwiseConvolutions(Launcher launcher, Products products) {
        this.launcher = launcher;
        this.products = products;
    }

    static boolean suits(Conv2d d, View w) {
        return d.groups() > 1 && w.extent(2) == 1;
    }

    /** y = epilogue(x * w). */
    void forward(Conv2d d, View x, View w, Epilogue epilogue, View y) {
        int pack = epilogue.isAligned() ? pack(d, w, x, y) : 1;
        int strips = Math.ceilDiv((int) y.extent(2), STRIP);
        int packs = (int) y.extent(3) / pack;
        launcher.launch(launcher.kernel(FAMILY, "forward_" + pack + Views.suffix(x)), grid(y, strips, packs),
                new Arguments().struct(words(d, x, w, y, packs, (int) y.extent(1), strips)).view(x).view(w)
                        .address(epilogue.scaleAddress()).address(epilogue.biasAddress())
                        .address(epilogue.residualAddress()).int32(epilogue.activation().ordinal()).view(y));
    }

    /** dx, written or added to. */
    void inputGradient(Conv2d d, boolean accumulate, View dy, View w, View dx) {
        int pack = pack(d, w, dx, dy);
        int strips = Math.ceilDiv((int) dx.extent(2), STRIP);
        int packs = (int) dx.extent(3) / pack;
        launcher.launch(launcher.kernel(FAMILY, "inputGradient_" + pack + Views.suffix(dy)), grid(dx, strips, packs),
                new Arguments().struct(words(d, dx, w, dy, packs, (int) dx.extent(1), strips)).view(dy).view(w)
                        .view(dx).int32(pairs(dx, w, dy) ? 1 : 0).int32(accumulate ? 1 : 0));
    }

    /** Whether the outputs of a channel can be read two at a time. */
    private static boolean pairs(View dx, View w, View dy) {
        int pair = 2 * dy.type().bytes();
        return dy.extent(3) / dx.extent(3) % 2 == 0 && (Views.address(dy) | Views.address(w)) % pair == 0;
    }

    /** A thread for four pixels of a line and the channels of an access. */
    private static Grid grid(View written, int strips, int packs) {
        return Grid.of(Math.toIntExact(written.shape().product(0, 2) * strips * packs), Views.THREADS);
    }

    void weightGradient(Conv2d d, View x, View dy, View dw) {
        int pack = pack(d, dw, x, dy);
        int taps = (int) dw.shape().product(0, 2);
        long outputs = dw.extent(3);
        int packs = Math.toIntExact(outputs / pack);
        int lanes = Math.min(MOST_LANES, Integer.highestOneBit(2 * packs - 1));
        int across = Math.ceilDiv(packs, lanes);
        int tapBlocks = Math.ceilDiv(taps, TAPS);
        int pixels = Math.toIntExact(dy.shape().product(0, 3));
        long wanted = Math.ceilDiv(ENOUGH_BLOCKS, across * tapBlocks);
        int length = (int) Math.max(LEAST_CHUNK, Math.ceilDiv(pixels, wanted));
        int chunks = Math.ceilDiv(pixels, length);
        ProductTarget target = ProductTarget.rows(dw, 0, (int) outputs, taps).scaled(1, 1);
        try (Temporary sums = launcher.temporary(chunks * target.sumsStep() * Float.BYTES)) {
            long[] shares =
                    new Struct().int64(sums.address(), target.sumsStep()).int32(pixels, length, lanes, across).words();
            launcher.launch(launcher.kernel(FAMILY, "weightGradient_" + pack + Views.suffix(x)),
                    new Grid(chunks * across * tapBlocks, 1, 1, Views.THREADS, 0),
                    new Arguments().struct(words(d, x, dw, dy, packs, (int) dy.extent(1), (int) dy.extent(2)))
                            .struct(shares).view(x).view(dy));
            products.addSlices(outputs, chunks, target, sums.address());
        }
    }

    /** Channels that a thread works on: those of an access, if all pixels and weights can be moved in such. */
    private static int pack(Conv2d d, View w, View x, View y) {
        int pack = ProductTarget.NEIGHBOURS;
        long unit = pack * x.type().bytes();
        boolean whole = w.extent(3) == d.groups() && d.groups() % pack == 0 && Views.address(x) % unit == 0
                && Views.address(y) % unit == 0 && Views.address(w) % unit == 0;
        return whole ? pack : 1;
    }

    /** {@code struct Depthwise} of depthwise.cu. */
    private static long[] words(Conv2d d, View x, View w, View y, int packs, int gridHeight, int gridWidth) {
        Struct struct = new Struct();
        ConvolutionWindows.vertical(d, x.shape(), w.shape(), y.shape()).addTo(struct);
        ConvolutionWindows.horizontal(d, x.shape(), w.shape(), y.shape()).addTo(struct);
        return struct.int32(Math.toIntExact(x.extent(0)), (int) x.extent(3), (int) y.extent(3),
                (int) (y.extent(3) / x.extent(3)))
                .divisors(new Divisor(d.strideHeight()), new Divisor(d.strideWidth()), new Divisor(packs),
                        new Divisor(gridHeight), new Divisor(gridWidth))
                .words();
    }
}
