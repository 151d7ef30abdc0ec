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
        return rows(view, 1, view.elements() / (groups * channels), false, groups, channels);
    }

    /**
     * A tensor [blocks, rows, groups, channels], with zeros for missing channels and rows: where both are multiplied with
     * something that is in whole accesses.
     */
    Operand rows(View view, long blocks, long rows, boolean wholeRows, long groups, long channels) {
        int wanted = wholeAccesses(view, channels);
        long wantedRows = wholeRows ? wholeAccesses(view, rows) : rows;
        if (wanted == channels && wantedRows == rows && Views.address(view) % Views.ACCESS_BYTES == 0) {
            return new Operand(Views.address(view), wanted, null);
        }
        long elements = blocks * wantedRows * groups * wanted;
        Temporary copy = launcher.temporary(elements * view.type().bytes());
        long[] padding = new Struct().int64(elements).int32(Math.toIntExact(rows), Math.toIntExact(channels))
                .divisors(Divisor.of(wantedRows), new Divisor(wanted), Divisor.of(groups * wanted)).words();
        pad(view, elements, padding, copy.address());
        return new Operand(copy.address(), wanted, copy);
    }

    private void pad(View from, long elements, long[] padding, long to) {
        launcher.launch(launcher.kernel(Products.FAMILY, "pad" + Views.suffix(from)),
                Grid.of(Math.ceilDiv(elements, BLOCK_ELEMENTS) * Views.THREADS, Views.THREADS),
                new Arguments().struct(padding).view(from).address(to));
    }
}
