package dev.halcyon.cpu;

/** Patches, transposed: a row per tap and channel, a term per patch, as the gradient of the weights needs them. */
record PatchColumns(Patches patches) implements LeftOperand {
    private static final long STEP = 4L * TileKernels.ROWS;

    @Override
    public boolean byColumns() {
        return true;
    }

    @Override
    public void pack(long row, int rows, long k, int depth, long to) {
        for (int i = 0; i < rows; i += TileKernels.ROWS) {
            packPanel((int) row + i, Math.min(TileKernels.ROWS, rows - i), k, depth, to + 4L * i * depth);
        }
    }

    private void packPanel(int row, int rows, long k, int depth, long to) {
        int channels = patches.channels();
        for (int done = 0; done < rows;) {
            int tap = (row + done) / channels;
            int channel = (row + done) % channels;
            int floats = Math.min(rows - done, channels - channel);
            packPiece(tap, channel, floats, k, depth, to + 4L * done);
            done += floats;
        }
    }

    /** Some channels of one tap, for patches [k, k + depth). */
    private void packPiece(int tap, int channel, int floats, long k, int depth, long to) {
        int tapRow = tap / patches.columnOffsets().length;
        int offset = patches.columnOffsets()[tap % patches.columnOffsets().length];
        long pixelStep = 4L * patches.strideWidth() * patches.sourcePixel();
        for (long patch = k; patch < k + depth;) {
            int column = (int) (patch % patches.gridWidth());
            int count = (int) Math.min(patches.gridWidth() - column, k + depth - patch);
            long line = patches.sourceRow(patch, tapRow);
            int last = column + count;
            int inside = line == 0 ? last : Math.min(last, patches.firstInside(offset, column));
            int outside = Math.max(inside, patches.endInside(offset, last));
            long target = to + (patch - k) * STEP;
            clear(target, inside - column, floats);
            long pixel = line + 4L * (((long) inside * patches.strideWidth() + offset) * patches.sourcePixel()
                    + channel);
            copy(pixel, pixelStep, target + (inside - column) * STEP, outside - inside, floats);
            clear(target + (outside - column) * STEP, last - outside, floats);
            patch += count;
        }
    }

    private static void clear(long to, int count, int floats) {
        if (floats == TileKernels.ROWS) {
            Zeros.runs(to, STEP, count, floats);
            return;
        }
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < floats; j++) {
                Memory.setFloat(to + i * STEP + 4L * j, 0);
            }
        }
    }

    /** A part of a panel's rows must not write over the others, as whole vectors would. */
    private static void copy(long from, long fromStep, long to, int count, int floats) {
        if (floats == TileKernels.ROWS) {
            Vectorization.tiles().copyRuns(from, fromStep, to, STEP, count, floats);
            return;
        }
        for (int j = 0; j < floats; j++) {
            for (int i = 0; i < count; i++) {
                Memory.setFloat(to + i * STEP + 4L * j, Memory.getFloat(from + i * fromStep + 4L * j));
            }
        }
    }
}
