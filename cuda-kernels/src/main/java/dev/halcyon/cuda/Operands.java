package dev.halcyon.cuda;

import dev.halcyon.device.View;

/** Brings operands of products into the form that their kernels want. */
final class Operands {
    /** Elements that a block of the kernel {@code pad} copies. */
    private static final int BLOCK_ELEMENTS = 8 * Views.THREADS;

    private final Launcher launcher;

    Operands(Launcher launcher) {
        this.launcher = launcher;
    }

    /** The next whole number of accesses. */
    static int wholeAccesses(View view, long channels) {
        return Math.ceilDiv(Math.toIntExact(channels), Views.pack(view)) * Views.pack(view);
    }

    /** A tensor [rows, groups, channels], with zeros for missing channels. */
    Operand channels(View view, long groups, long channels) {
        return images(view, groups, channels, 0);
    }

    /**
     * Images [.., groups, channels], with zeros for missing channels. The leftmost taps of a copy see whole sectors: the
     * one of the first output does, and so do those of every other one.
     *
     * @param padding left of the images
     */
    Operand images(View view, long groups, long channels, int padding) {
        return rows(view, 1, view.elements() / (groups * channels), false, groups, channels, padding);
    }

    /**
     * A tensor [blocks, rows, groups, channels], with zeros for missing channels and rows: where both are multiplied with
     * something that is in whole accesses.
     */
    Operand rows(View view, long blocks, long rows, boolean wholeRows, long groups, long channels) {
        return rows(view, blocks, rows, wholeRows, groups, channels, 0);
    }

    private Operand rows(View view, long blocks, long rows, boolean wholeRows, long groups, long channels,
            int padding) {
        int wanted = wholeAccesses(view, channels);
        long wantedRows = wholeRows ? wholeAccesses(view, rows) : rows;
        if (wanted == channels && wantedRows == rows && Views.address(view) % Views.ACCESS_BYTES == 0) {
            return new Operand(Views.address(view), wanted, null);
        }
        int size = view.type().bytes();
        int leftOut = Math.toIntExact(padding * groups * wanted % (Views.SECTOR_BYTES / size));
        long elements = leftOut + blocks * wantedRows * groups * wanted;
        Temporary copy = launcher.temporary(elements * size);
        long[] described = new Struct().int64(elements)
                .int32(leftOut, Math.toIntExact(rows), Math.toIntExact(channels))
                .divisors(Divisor.of(wantedRows), new Divisor(wanted), Divisor.of(groups * wanted)).words();
        pad(view, elements, described, copy.address());
        return new Operand(copy.address() + (long) leftOut * size, wanted, copy);
    }

    private void pad(View from, long elements, long[] described, long to) {
        launcher.launch(launcher.kernel(Products.FAMILY, "pad" + Views.suffix(from)),
                Grid.of(Math.ceilDiv(elements, BLOCK_ELEMENTS) * Views.THREADS, Views.THREADS),
                new Arguments().struct(described).view(from).address(to));
    }
}
