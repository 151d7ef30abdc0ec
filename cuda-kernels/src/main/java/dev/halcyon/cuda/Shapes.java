package dev.halcyon.cuda;

import dev.halcyon.device.Region;
import dev.halcyon.device.View;
import java.util.Arrays;

/** Operations that move elements. */
final class Shapes {
    private static final String FAMILY = "shapes";
    private static final int TILE = 32;
    /** Matrices with a narrower side would leave most of a tile empty; those are planes. */
    private static final long NARROWEST = 8;
    /** Shorter planes would leave most of a block idle. */
    private static final long SHORTEST = 64;
    private static final long WARP = 32;
    private static final long WARP_COLUMNS = 256;

    private final Launcher launcher;

    Shapes(Launcher launcher) {
        this.launcher = launcher;
    }

    void transpose(int[] permutation, View x, View y) {
        long[] xSteps = Axes.steps(x.shape());
        long[] steps = Arrays.stream(permutation).mapToLong(axis -> xSteps[axis]).toArray();
        Axes axes = Axes.of(y.shape().extents(), steps, Axes.steps(y.shape()));
        int across = 0;
        while (axes.a()[across] != 1) {
            across++;
        }
        long[] extents = axes.extents();
        boolean turned = across != axes.last() && extents.length <= Axes.MOST;
        if (turned && extents[across] >= NARROWEST && extents[axes.last()] >= NARROWEST) {
            tiles(axes, across, x, y);
        } else if (turned && axes.a()[axes.last()] == extents[across] && extents[across] < NARROWEST
                && extents[axes.last()] >= SHORTEST) {
            planes(axes, across, axes.last(), axes.b()[across], true, x, y);
        } else if (turned && axes.b()[across] == extents[axes.last()] && extents[axes.last()] < NARROWEST
                && extents[across] >= SHORTEST) {
            planes(axes, axes.last(), across, axes.a()[axes.last()], false, x, y);
        } else {
            copy(Views.address(x), Views.address(y), x.type().bytes(), axes);
        }
    }

    /** Matrices of y's innermost axis and the one along which x's neighbours lie. */
    private void tiles(Axes axes, int across, View x, View y) {
        int along = axes.last();
        long tilesAlong = Math.ceilDiv(axes.extents()[along], TILE);
        long tilesAcross = Math.ceilDiv(axes.extents()[across], TILE);
        Axes rest = axes.without(along).without(across);
        Axes batch = Axes.of(rest.extents(), rest.a(), rest.b());
        long[] words = new long[8];
        words[0] = axes.extents()[along];
        words[1] = axes.extents()[across];
        words[2] = axes.a()[along];
        words[3] = axes.b()[across];
        System.arraycopy(Divisor.of(tilesAlong).words(), 0, words, 4, 2);
        System.arraycopy(Divisor.of(tilesAcross).words(), 0, words, 6, 2);
        Grid grid = new Grid(Math.toIntExact(tilesAlong * tilesAcross * batch.elements()), 1, 1, Views.THREADS, 0);
        launcher.launch(launcher.kernel(FAMILY, "transpose_tiles_" + x.type().bytes()), grid,
                new Arguments().view(x).view(y).struct(joined(words, batch.words())));
    }

    /** Planes from what has their elements by turns, or the other way round: `dealing` or not. */
    private void planes(Axes axes, int number, int along, long step, boolean dealing, View x, View y) {
        long length = axes.extents()[along];
        long tiles = Math.ceilDiv(length, Views.THREADS);
        Axes rest = axes.without(Math.max(along, number)).without(Math.min(along, number));
        Axes batch = Axes.of(rest.extents(), rest.a(), rest.b());
        long[] words = new Struct().int64(length, step)
                .divisors(Divisor.of(axes.extents()[number]), Divisor.of(tiles)).int32(dealing ? 1 : 0, 0).words();
        launcher.launch(launcher.kernel(FAMILY, "deal_out_" + x.type().bytes()),
                new Grid(Math.toIntExact(tiles * batch.elements()), 1, 1, Views.THREADS, 0),
                new Arguments().view(x).view(y).struct(joined(words, batch.words())));
    }

    private static long[] joined(long[] first, long[] second) {
        long[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    void copyRegion(Region region, View x, View y) {
        long[] xSteps = Axes.steps(x.shape());
        long[] ySteps = Axes.steps(y.shape());
        int size = x.type().bytes();
        long from = Views.address(x);
        long to = Views.address(y);
        for (int axis = 0; axis < xSteps.length; axis++) {
            from += size * region.from()[axis] * xSteps[axis];
            to += size * region.to()[axis] * ySteps[axis];
        }
        copy(from, to, size, Axes.of(region.extents(), xSteps, ySteps));
    }

    /** Elements of {@code size} bytes, as the widest units that both sides are made of. */
    private void copy(long from, long to, int size, Axes elements) {
        boolean runs = elements.a()[elements.last()] == 1 && elements.b()[elements.last()] == 1;
        int unit = size;
        while (runs && 2 * unit <= Views.ACCESS_BYTES && (from | to) % (2 * unit) == 0
                && elements.inGroupsOf(2 * unit / size)) {
            unit *= 2;
        }
        int bytes = unit;
        Kernel kernel = launcher.kernel(FAMILY, "copy_axes_" + bytes);
        elements.grouped(unit / size).parts(Divisor.LIMIT, (axes, start, fromStart, toStart) -> launcher.launch(kernel,
                Grid.of(axes.elements(), Views.THREADS), new Arguments().address(from + bytes * fromStart)
                        .address(to + bytes * toStart).int32((int) axes.elements()).struct(axes.words())));
    }

    void gatherRows(View table, View indices, View rows) {
        long rowBytes = table.bytes() / table.extent(0);
        int unit = table.type().bytes();
        while (2 * unit <= Views.ACCESS_BYTES
                && (rowBytes | Views.address(table) | Views.address(rows)) % (2 * unit) == 0) {
            unit *= 2;
        }
        Divisor width = Divisor.of(rowBytes / unit);
        Kernel kernel = launcher.kernel(FAMILY, "gather_rows_" + unit);
        long most = Divisor.LIMIT / width.value();
        for (long first = 0; first < indices.elements(); first += most) {
            long units = Math.min(most, indices.elements() - first) * width.value();
            launcher.launch(kernel, Grid.of(units, Views.THREADS), new Arguments().view(table).int64(table.extent(0))
                    .address(Views.address(indices) + Long.BYTES * first)
                    .address(Views.address(rows) + rowBytes * first).int32((int) units).struct(width.words()));
        }
    }

    void scatterAddRows(View rows, View indices, View table) {
        long width = table.elements() / table.extent(0);
        int sector = Views.SECTOR_BYTES / rows.type().bytes();
        long reach = width % sector == 0 ? width : width + sector - 1;
        long warps = indices.elements() * Math.ceilDiv(reach, WARP_COLUMNS);
        launcher.launch(launcher.kernel(FAMILY, "scatter_add_rows" + Views.suffix(rows, table)),
                Grid.of(warps * WARP, Views.THREADS), new Arguments().view(rows).view(indices)
                        .int64(indices.elements()).view(table).int64(table.extent(0)).int64(width));
    }
}
