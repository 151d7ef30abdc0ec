package dev.halcyon.cpu;

import dev.halcyon.device.Binary;
import dev.halcyon.device.Unary;
import java.util.List;

/**
 * Computes a {@link Correlation} as a matrix product whose left operand is never built: tiles take pointers to the
 * pixels they need. A block of pixels makes its pointers once and uses them for all strips of the weights. With few
 * channels, segments would be too short; then the block gathers its pixels into rows of patches first.
 */
final class Correlator {
    private static final int BLOCK_PIXELS = 96;
    private static final int COLUMN_BLOCK = 128;
    private static final int MOST_TILE_ROWS = 8;
    /** Below so many channels per tap, patches are gathered. */
    private static final int FEW_CHANNELS = 8;
    /** Above so many terms, each row of taps is a pass of its own, so that its weights stay in the cache. */
    private static final int MANY_TERMS = 1024;

    private final Workers workers;
    private final Scratch zeros = new Scratch();
    private long zeroBytes;

    Correlator(Workers workers) {
        this.workers = workers;
    }

    /**
     * Runs it.
     *
     * @param weights strips packed as {@link Panels} says, [terms][outputs], terms by tap row, tap column, channel
     * @param bias [outputs], or 0 for none
     */
    void run(Correlation c, long weights, long bias, Unary activation) {
        int columnBlocks = (c.outputs() + COLUMN_BLOCK - 1) / COLUMN_BLOCK;
        int pixelBlocks = Math.toIntExact((c.pixels() + BLOCK_PIXELS - 1) / BLOCK_PIXELS);
        long zero = zero(4L * c.terms());
        boolean patches = c.channels() < FEW_CHANNELS;
        workers.run(pixelBlocks * columnBlocks, (chunk, worker) -> {
            long first = (long) (chunk / columnBlocks) * BLOCK_PIXELS;
            int count = (int) Math.min(BLOCK_PIXELS, c.pixels() - first);
            int column = chunk % columnBlocks * COLUMN_BLOCK;
            List<Panels.Strip> strips = Panels.strips(column, Math.min(c.outputs(), column + COLUMN_BLOCK));
            Scratch scratch = workers.scratch(worker);
            Block block = patches ? new Block(c, first, count, zero, scratch, 1) : new Block(c, first, count, zero,
                    scratch, c.taps());
            if (patches) {
                block.gather();
            }
            for (int from = 0; from < strips.size();) {
                int to = from;
                while (to < strips.size() && strips.get(to).tile() == strips.get(from).tile()) {
                    to++;
                }
                block.multiply(strips.subList(from, to), weights, patches);
                from = to;
            }
            block.finish(strips, bias, activation);
        });
    }

    private long zero(long bytes) {
        long address = zeros.request(bytes);
        if (bytes > zeroBytes) {
            Memory.clear(address, bytes);
            zeroBytes = bytes;
        }
        return address;
    }

    void close() {
        zeros.close();
        zeroBytes = 0;
    }

    /** Some neighbouring grid pixels and the pointers that their tiles need. */
    private static final class Block {
        private final Correlation c;
        private final long first;
        private final int count;
        private final long zero;
        private final int mostSegments;
        private final long plans;
        private final long table;
        private final long patch;
        private final int[] segmentStarts;
        private final long[] segmentTerms;

        Block(Correlation c, long first, int count, long zero, Scratch scratch, int mostSegments) {
            this.c = c;
            this.first = first;
            this.count = count;
            this.zero = zero;
            this.mostSegments = mostSegments;
            int tiles = (BLOCK_PIXELS + 3) / 4;
            long planBytes = 8L * tiles * mostSegments * (MOST_TILE_ROWS + 2);
            long patchBytes = mostSegments == 1 ? 4L * BLOCK_PIXELS * c.terms() : 0;
            plans = scratch.request(planBytes + 8 * MOST_TILE_ROWS + 64 + patchBytes);
            table = plans + planBytes;
            patch = (table + 8 * MOST_TILE_ROWS + 63) / 64 * 64;
            segmentStarts = new int[tiles * (c.rowOffsets().length + 1)];
            segmentTerms = new long[tiles * mostSegments];
        }

        /** Copies the source pixels of each grid pixel into one row, zeros where there are none. */
        void gather() {
            long rowBytes = 4L * c.terms();
            for (int i = 0; i < count; i++) {
                long to = patch + i * rowBytes;
                for (int rowTap = 0; rowTap < c.rowOffsets().length; rowTap++) {
                    for (int columnTap = 0; columnTap < c.columnOffsets().length; columnTap++) {
                        long from = sourceAddress(first + i, rowTap, columnTap);
                        for (int channel = 0; channel < c.channels(); channel++) {
                            Memory.setFloat(to, Memory.getFloat(from + 4L * channel));
                            to += 4;
                        }
                    }
                }
            }
        }

        /** The source pixel that a tap reads, or zeros. */
        private long sourceAddress(long pixel, int rowTap, int columnTap) {
            int column = (int) (pixel % c.gridWidth()) * c.strideWidth() + c.columnOffsets()[columnTap];
            long line = pixel / c.gridWidth();
            int row = (int) (line % c.gridHeight()) * c.strideHeight() + c.rowOffsets()[rowTap];
            if (row < 0 || row >= c.sourceHeight() || column < 0 || column >= c.sourceWidth()) {
                return zero;
            }
            long image = line / c.gridHeight();
            return c.source()
                    + 4L * ((image * c.sourceHeight() + row) * c.sourceWidth() + column) * c.sourcePixel();
        }

        void multiply(List<Panels.Strip> strips, long weights, boolean patches) {
            TileKernels.Tile tile = Panels.tile(strips.getFirst());
            int tiles = (count + tile.rows() - 1) / tile.rows();
            boolean contiguous = c.tapsAreContiguous();
            for (int t = 0; t < tiles; t++) {
                if (patches) {
                    pointToPatches(t, tile);
                } else {
                    pointToSource(t, tile, contiguous);
                }
            }
            int passes = patches || c.terms() <= MANY_TERMS ? 1 : c.rowOffsets().length;
            for (Panels.Strip strip : strips) {
                long b = weights + 4L * c.terms() * strip.start();
                for (int pass = 0; pass < passes; pass++) {
                    for (int t = 0; t < tiles; t++) {
                        tile(t, tile, strip, b, passes == 1 ? -1 : pass);
                    }
                }
            }
        }

        private void pointToPatches(int t, TileKernels.Tile tile) {
            long entry = plans + 8L * t * tile.planStride();
            Memory.setLong(entry, c.terms());
            for (int i = 0; i < tile.rows(); i++) {
                long row = Math.min(count - 1, t * tile.rows() + i);
                Memory.setLong(entry + 16 + 8L * i, patch + 4L * row * c.terms());
            }
            segmentTerms[t] = 0;
            int starts = t * (c.rowOffsets().length + 1);
            segmentStarts[starts] = 0;
            segmentStarts[starts + c.rowOffsets().length] = 1;
        }

        private void pointToSource(int t, TileKernels.Tile tile, boolean contiguous) {
            int taps = c.columnOffsets().length;
            int starts = t * (c.rowOffsets().length + 1);
            int segment = 0;
            boolean merged = contiguous && taps > 1 && insideAllColumns(t, tile);
            for (int rowTap = 0; rowTap < c.rowOffsets().length; rowTap++) {
                segmentStarts[starts + rowTap] = segment;
                for (int columnTap = 0; columnTap < (merged ? 1 : taps); columnTap++) {
                    long entry = plans + 8L * (t * mostSegments + segment) * tile.planStride();
                    if (point(entry, t, tile, rowTap, columnTap)) {
                        Memory.setLong(entry, merged ? (long) taps * c.channels() : c.channels());
                        segmentTerms[t * mostSegments + segment] = (long) (rowTap * taps + columnTap) * c.channels();
                        segment++;
                    }
                }
            }
            segmentStarts[starts + c.rowOffsets().length] = segment;
        }

        /** Writes a segment's row pointers; false if none of them leads into the source. */
        private boolean point(long entry, int t, TileKernels.Tile tile, int rowTap, int columnTap) {
            boolean any = false;
            for (int i = 0; i < tile.rows(); i++) {
                long pixel = first + Math.min(count - 1, t * tile.rows() + i);
                long address = sourceAddress(pixel, rowTap, columnTap);
                any |= address != zero;
                Memory.setLong(entry + 16 + 8L * i, address);
            }
            return any;
        }

        /** Whether every column tap of every pixel of a tile lies within the source's columns. */
        private boolean insideAllColumns(int t, TileKernels.Tile tile) {
            int least = c.columnOffsets()[0];
            int most = c.columnOffsets()[c.columnOffsets().length - 1];
            for (int i = 0; i < tile.rows(); i++) {
                long pixel = first + Math.min(count - 1, t * tile.rows() + i);
                int column = (int) (pixel % c.gridWidth()) * c.strideWidth();
                if (column + least < 0 || column + most >= c.sourceWidth()) {
                    return false;
                }
            }
            return true;
        }

        /** One tile of one strip: all its segments, or those of one row of taps. */
        private void tile(int t, TileKernels.Tile tile, Panels.Strip strip, long b, int pass) {
            int starts = t * (c.rowOffsets().length + 1);
            int from = segmentStarts[starts + Math.max(pass, 0)];
            int to = segmentStarts[starts + (pass < 0 ? c.rowOffsets().length : pass + 1)];
            long bStep = 4L * strip.width();
            long plan = plans + 8L * (t * mostSegments + from) * tile.planStride();
            for (int segment = from; segment < to; segment++) {
                Memory.setLong(plan + 8L * (segment - from) * tile.planStride() + 8,
                        b + segmentTerms[t * mostSegments + segment] * bStep);
            }
            int rows = Math.min(tile.rows(), count - t * tile.rows());
            for (int i = 0; i < rows; i++) {
                Memory.setLong(table + 8L * i, c.targetAddress(first + t * tile.rows() + i) + 4L * strip.start());
            }
            Vectorization.tiles().multiply(strip.tile(), plan, to - from, 4, bStep, table, rows, strip.columns(),
                    pass > 0);
        }

        void finish(List<Panels.Strip> strips, long bias, Unary activation) {
            if (bias == 0 && activation == Unary.IDENTITY) {
                return;
            }
            int column = strips.getFirst().start();
            int width = strips.getLast().start() + strips.getLast().columns() - column;
            RowKernels rows = Vectorization.rows();
            for (int i = 0; i < count; i++) {
                long y = c.targetAddress(first + i) + 4L * column;
                if (bias != 0) {
                    rows.binary(Binary.ADD, y, 1, bias + 4L * column, 1, y, width);
                }
                if (activation != Unary.IDENTITY) {
                    rows.unary(activation, y, y, width);
                }
            }
        }
    }
}
