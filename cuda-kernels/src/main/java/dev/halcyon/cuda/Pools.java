package dev.halcyon.cuda;

import dev.halcyon.device.Pool2d;
import dev.halcyon.device.View;

/** Pooling and its gradients: one launch each. See pools.cu. */
final class Pools {
    /** Pixels from which on a global average is worth a block, not a thread. */
    private static final long MANY_PIXELS = 64;

    private final Launcher launcher;

    Pools(Launcher launcher) {
        this.launcher = launcher;
    }

    void maxPool(Pool2d d, View x, View y, View argument) {
        Pack pack = Pack.of(x.extent(3), x, y, argument);
        launch("max_pool", pack, y, windows(d, pack, x, y, y, new Arguments().view(x).view(y).view(argument)));
    }

    void maxPoolGradient(Pool2d d, View argument, View dy, View dx) {
        Pack pack = Pack.of(dx.extent(3), dx, dy, argument);
        launch("max_pool_gradient", pack, dx,
                windows(d, pack, dx, dy, dx, new Arguments().view(argument).view(dy).view(dx)));
    }

    void averagePool(Pool2d d, View x, View y) {
        Pack pack = Pack.of(x.extent(3), x, y);
        if (y.extent(1) * y.extent(2) == 1 && d.equals(Pool2d.global(x.shape()))
                && x.extent(1) * x.extent(2) >= MANY_PIXELS) {
            globalAverage(pack, x, y);
            return;
        }
        launch("average_pool", pack, y,
                windows(d, pack, x, y, y, new Arguments().view(x).view(y).float32(share(d))));
    }

    void averagePoolGradient(Pool2d d, View dy, View dx) {
        Pack pack = Pack.of(dx.extent(3), dx, dy);
        launch("average_pool_gradient", pack, dx,
                windows(d, pack, dx, dy, dx, new Arguments().view(dy).view(dx).float32(share(d))));
    }

    private void globalAverage(Pack pack, View x, View y) {
        long pixels = x.extent(1) * x.extent(2);
        Division division = Division.whole(pixels, x.extent(3), pack);
        Grid grid = new Grid(Math.toIntExact(x.extent(0) * division.tiles()), 1, 1, Views.THREADS, 0);
        launcher.launch(launcher.kernel("pools", "global_average" + pack.suffix()), grid,
                division.appendTo(new Arguments().view(x).view(y).float32(1.0 / pixels))
                        .int32(Math.toIntExact(division.tiles())));
    }

    private static double share(Pool2d d) {
        return 1.0 / (d.kernelHeight() * d.kernelWidth());
    }

    /** A thread for every pack of a view. */
    private void launch(String name, Pack pack, View each, Arguments arguments) {
        launcher.launch(launcher.kernel("pools", name + pack.suffix()),
                Grid.of(each.elements() / pack.elements(), Views.THREADS), arguments);
    }

    /** Appends what a kernel has to know of the windows. */
    private static Arguments windows(Pool2d d, Pack pack, View images, View outputs, View each, Arguments arguments) {
        return arguments.struct(each.elements() / pack.elements(),
                pair(images.extent(3) / pack.elements(), images.extent(1)), pair(images.extent(2), outputs.extent(1)),
                pair(outputs.extent(2), d.kernelHeight()), pair(d.kernelWidth(), d.strideHeight()),
                pair(d.strideWidth(), d.paddingHeight()), pair(d.paddingWidth(), 0));
    }

    private static long pair(long low, long high) {
        return Integer.toUnsignedLong(Math.toIntExact(low)) | (long) Math.toIntExact(high) << 32;
    }
}
