package dev.halcyon.cuda;

import dev.halcyon.device.Pool2d;
import dev.halcyon.device.Reduce;
import dev.halcyon.device.View;

/** Pooling and its gradients: one launch each. See pools.cu. */
final class Pools {
    /** Pixels from which on a global average is a sum that threads share. */
    private static final long MANY_PIXELS = 64;
    private static final int WARP = 32;
    /** Runs of windows that a warp takes in narrow pixels. */
    private static final int RUNS = 2;

    private final Launcher launcher;
    private final Reductions reductions;

    Pools(Launcher launcher) {
        this.launcher = launcher;
        reductions = new Reductions(launcher);
    }

    void maxPool(Pool2d d, View x, View y, View argument) {
        Pack pack = Pack.of(x.extent(3), x, y, argument);
        launch("max_pool", d, pack, x, y, y, new Arguments().view(x).view(y).view(argument));
    }

    void maxPoolGradient(Pool2d d, View argument, View dy, View dx) {
        Pack pack = Pack.of(dx.extent(3), dx, dy, argument);
        launch("max_pool_gradient", d, pack, dx, dy, dx, new Arguments().view(argument).view(dy).view(dx));
    }

    void averagePool(Pool2d d, View x, View y) {
        if (y.extent(1) * y.extent(2) == 1 && d.equals(Pool2d.global(x.shape()))
                && x.extent(1) * x.extent(2) >= MANY_PIXELS) {
            reductions.reduce(Reduce.of(Reduce.Kind.MEAN), x, y);
            return;
        }
        Pack pack = Pack.of(x.extent(3), x, y);
        launch("average_pool", d, pack, x, y, y, new Arguments().view(x).view(y).float32(share(d)));
    }

    void averagePoolGradient(Pool2d d, View dy, View dx) {
        Pack pack = Pack.of(dx.extent(3), dx, dy);
        launch("average_pool_gradient", d, pack, dx, dy, dx, new Arguments().view(dy).view(dx).float32(share(d)));
    }

    private static double share(Pool2d d) {
        return 1.0 / (d.kernelHeight() * d.kernelWidth());
    }

    /** A thread for every pack of a view, or warps for runs of windows. */
    private void launch(String name, Pool2d d, Pack pack, View images, View outputs, View each, Arguments arguments) {
        int together = pack.elements() == 1 ? together(d, images.extent(3), pack.bytes()) : 0;
        if (together == 0) {
            long packs = each.elements() / pack.elements();
            launcher.launch(launcher.kernel("pools", name + pack.suffix()), Grid.of(packs, Views.THREADS),
                    windows(packs, d, pack, images, outputs, 0, arguments));
        } else {
            long across =
                    each == outputs ? outputs.extent(2) : covering(images.extent(2), d.paddingWidth(), d.kernelWidth());
            long down = each == outputs ? outputs.extent(1)
                    : covering(images.extent(1), d.paddingHeight(), d.kernelHeight());
            long warps = images.extent(0) * down * Math.ceilDiv(across, RUNS * together);
            launcher.launch(launcher.kernel("pools", name + "_narrow" + pack.suffix()),
                    Grid.of(warps * WARP, Views.THREADS),
                    windows(warps, d, pack, images, outputs, together, arguments));
        }
    }

    /** Windows side by side that cover all of an image, whether or not there are outputs for all of them. */
    private static long covering(long extent, int padding, int kernel) {
        return Math.ceilDiv(extent + padding, kernel);
    }

    /**
     * How many windows a warp has the columns of, of such as neither overlap nor leave gaps; such that they are whole sectors
     * if that can be. 0 for other windows, and where there is no room for one.
     */
    private static int together(Pool2d d, long channels, int bytes) {
        long window = channels * d.kernelWidth();
        boolean sideBySide = d.kernelHeight() == d.strideHeight() && d.kernelWidth() == d.strideWidth();
        if (!sideBySide || d.kernelWidth() < RUNS || window > WARP) {
            return 0;
        }
        int most = (int) (WARP / window);
        int whole = (int) (Views.SECTOR_BYTES / Math.min(Views.SECTOR_BYTES, Long.lowestOneBit(window * bytes)));
        return most < whole ? most : most / whole * whole;
    }

    /** Appends what a kernel has to know of the windows. */
    private static Arguments windows(long threads, Pool2d d, Pack pack, View images, View outputs, int together,
            Arguments arguments) {
        return arguments.struct(threads, pair(images.extent(3) / pack.elements(), images.extent(1)),
                pair(images.extent(2), outputs.extent(1)), pair(outputs.extent(2), d.kernelHeight()),
                pair(d.kernelWidth(), d.strideHeight()), pair(d.strideWidth(), d.paddingHeight()),
                pair(d.paddingWidth(), together));
    }

    private static long pair(long low, long high) {
        return Integer.toUnsignedLong(Math.toIntExact(low)) | (long) Math.toIntExact(high) << 32;
    }
}
