package dev.halcyon.cuda;

import dev.halcyon.device.View;

/**
 * How many threads share a row of a matrix, for kernels that know something per row; see rows.cuh.
 *
 * @param rows of the matrix
 * @param width elements of a row
 * @param threads of a team: a power of two up to a warp, or a block
 * @param suffix what the names of kernels end in that keep a row of this length in registers, if that can be
 */
record RowTeam(long rows, int width, int threads, String suffix) {
    private static final int WARP = 32;
    /** Elements that a thread keeps. */
    private static final int KEPT = 8;

    /**
     * For the rows along the innermost axis.
     *
     * @throws UnsupportedOperationException if there is no arithmetic for the view's type
     */
    static RowTeam of(View x) {
        int width = Math.toIntExact(x.extent(-1));
        int enough = Math.max(1, Integer.highestOneBit(2 * width - 1));
        int sector = Views.SECTOR_BYTES / x.type().bytes();
        int reach = width % sector == 0 ? width : width + sector - 1; // from where the sector of its first element begins
        int threads = width <= WARP ? enough : reach <= KEPT * WARP ? WARP : Views.THREADS;
        String kept = width <= WARP ? "x1" : reach <= KEPT * Views.THREADS ? "x" + KEPT : "";
        return new RowTeam(x.elements() / width, width, threads, Views.suffix(x) + kept);
    }

    /** A team for every row. */
    Grid grid() {
        return Grid.of(rows * threads, Views.THREADS);
    }

    /** Appends what the kernel has to know. */
    Arguments appendTo(Arguments arguments) {
        return arguments.int64(rows).int32(width).int32(threads);
    }
}
