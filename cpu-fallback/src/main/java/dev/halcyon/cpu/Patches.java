package dev.halcyon.cpu;

/**
 * The patches that a kernel sees, as the rows of a matrix that is never built: row (image, i, j) holds, for every tap
 * in row r and column c of the kernel, the channels of source pixel (i strideHeight + rowOffsets[r], j strideWidth +
 * columnOffsets[c]), zeros where that lies outside the source. Both the forward convolution and the gradient of its
 * input multiply such a matrix by weights.
 *
 * @param source first channel of the first source pixel
 * @param sourceHeight rows of a source image
 * @param sourceWidth columns of a source image
 * @param sourcePixel floats from a source pixel to the next
 * @param channels how many of them are read
 * @param strideHeight step in source rows
 * @param strideWidth step in source columns
 * @param rowOffsets per tap row
 * @param columnOffsets per tap column
 * @param gridHeight rows of patches of an image
 * @param gridWidth columns of patches of an image
 */
record Patches(long source, int sourceHeight, int sourceWidth, int sourcePixel, int channels, int strideHeight,
        int strideWidth, int[] rowOffsets, int[] columnOffsets, int gridHeight, int gridWidth)
        implements LeftOperand {

    /** Terms of a row. */
    int terms() {
        return rowOffsets.length * columnOffsets.length * channels;
    }

    @Override
    public boolean byColumns() {
        return false;
    }

    @Override
    public void pack(long row, int rows, long k, int depth, long to) {
        int perTapRow = columnOffsets.length * channels;
        boolean joined = tapsAreNeighbours();
        for (int tapRow = (int) (k / perTapRow); tapRow * (long) perTapRow < k + depth; tapRow++) {
            long start = Math.max(k, tapRow * (long) perTapRow);
            int from = (int) (start - tapRow * (long) perTapRow);
            int end = (int) Math.min(perTapRow, k + depth - tapRow * (long) perTapRow);
            long target = to + 4 * (start - k);
            for (long patch = row; patch < row + rows;) {
                int column = (int) (patch % gridWidth);
                int count = (int) Math.min(gridWidth - column, row + rows - patch);
                packLine(sourceRow(patch, tapRow), column, count, from, end, joined,
                        target + (patch - row) * TileKernels.ROW_BYTES);
                patch += count;
            }
        }
    }

    /** Whether the taps of one row read one run of memory. */
    private boolean tapsAreNeighbours() {
        for (int i = 1; i < columnOffsets.length; i++) {
            if (columnOffsets[i] != columnOffsets[i - 1] + 1) {
                return false;
            }
        }
        return columnOffsets.length > 1 && channels == sourcePixel;
    }

    /** Address of the source row that a tap row of a patch reads, or 0 if it lies outside. */
    private long sourceRow(long patch, int tapRow) {
        long line = patch / gridWidth;
        long row = line % gridHeight * strideHeight + rowOffsets[tapRow];
        if (row < 0 || row >= sourceHeight) {
            return 0;
        }
        return source + 4 * (line / gridHeight * sourceHeight + row) * sourceWidth * sourcePixel;
    }

    /** The first grid column, not before {@code column}, at which an offset leads to a source column of 0 or more. */
    private int firstInside(int offset, int column) {
        return Math.max(column, Math.ceilDiv(-offset, strideWidth));
    }

    /** One more than the last grid column, below {@code end}, at which an offset leads into the source. */
    private int endInside(int offset, int end) {
        return Math.min(end, Math.floorDiv(sourceWidth - 1 - offset, strideWidth) + 1);
    }

    /** Terms [from, end) of a tap row, for patches of one line. */
    private void packLine(long line, int column, int count, int from, int end, boolean joined, long to) {
        int last = column + count;
        if (line == 0) {
            Zeros.runs(to, TileKernels.ROW_BYTES, count, end - from);
        } else if (joined) {
            int first = Math.min(last, firstInside(columnOffsets[0], column));
            int inside = Math.max(first, endInside(columnOffsets[columnOffsets.length - 1], last));
            packTaps(line, column, column, first, from, end, to);
            if (inside > first) {
                long pixel = line + 4L * ((first * strideWidth + columnOffsets[0]) * (long) sourcePixel + from);
                Vectorization.tiles().copyRuns(pixel, 4L * strideWidth * sourcePixel,
                        to + (first - column) * TileKernels.ROW_BYTES, TileKernels.ROW_BYTES, inside - first,
                        end - from);
            }
            packTaps(line, column, inside, last, from, end, to);
        } else {
            packTaps(line, column, column, last, from, end, to);
        }
    }

    /** The same, tap by tap, for patches [first, last), where {@code to} belongs to patch {@code column}. */
    private void packTaps(long line, int column, int first, int last, int from, int end, long to) {
        if (first >= last) {
            return;
        }
        for (int tap = from / channels; tap * channels < end; tap++) {
            int low = Math.max(from, tap * channels);
            int floats = Math.min(end, (tap + 1) * channels) - low;
            long target = to + 4L * (low - from);
            int inside = Math.min(last, firstInside(columnOffsets[tap], first));
            int outside = Math.max(inside, endInside(columnOffsets[tap], last));
            Zeros.runs(target + (first - column) * TileKernels.ROW_BYTES, TileKernels.ROW_BYTES, inside - first,
                    floats);
            long pixel = line + 4L * ((inside * strideWidth + columnOffsets[tap]) * (long) sourcePixel
                    + low - tap * channels);
            Vectorization.tiles().copyRuns(pixel, 4L * strideWidth * sourcePixel,
                    target + (inside - column) * TileKernels.ROW_BYTES, TileKernels.ROW_BYTES, outside - inside,
                    floats);
            Zeros.runs(target + (outside - column) * TileKernels.ROW_BYTES, TileKernels.ROW_BYTES, last - outside,
                    floats);
        }
    }
}
