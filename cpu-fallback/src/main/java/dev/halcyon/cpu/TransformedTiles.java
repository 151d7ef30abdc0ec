package dev.halcyon.cpu;

import dev.halcyon.cpu.TransformKernels.Map;
import dev.halcyon.cpu.TransformKernels.Runs;

/**
 * Tiles of images after Winograd's map: for each of the 6×6 values a matrix with a row per tile and a column per
 * channel, cut into parts of the channels.
 */
final class TransformedTiles {
    /** Channels of a part are a multiple, which is that of a term as well. */
    private static final int UNIT = (int) TransformKernels.TERM_BYTES / Float.BYTES;
    private static final int VALUES = TileGrid.VALUES;

    private final int channels;
    private final int parts;
    private final int partFloats;
    private final int shared;
    private final long rowBytes;
    private final long plane;
    private long base;

    private TransformedTiles(int channels, int tiles, int partFloats, int shared, long rowBytes) {
        this.channels = channels;
        this.partFloats = partFloats;
        this.shared = shared;
        this.rowBytes = rowBytes;
        parts = Math.ceilDiv(channels, partFloats);
        plane = Math.ceilDiv(tiles, TileKernels.ROWS) * TileKernels.ROWS * rowBytes + 64;
    }

    /**
     * A layout for products that sum over channels: rows lie {@link TileKernels#ROW_BYTES} apart, and where few channels
     * leave room, several values share a row.
     *
     * @param channels of a tile
     * @param tiles the most that are to be held
     * @param most channels of a part
     */
    static TransformedTiles byRows(int channels, int tiles, int most) {
        int parts = Math.ceilDiv(channels, most);
        int partFloats = Math.ceilDiv(Math.ceilDiv(channels, parts), UNIT) * UNIT;
        int shared = sharing((int) (TileKernels.ROW_BYTES / (4 * partFloats)));
        return new TransformedTiles(channels, tiles, partFloats, shared, TileKernels.ROW_BYTES);
    }

    /** A layout for products that sum over tiles: what a product reads lies together. */
    static TransformedTiles byTiles(int channels, int tiles) {
        return new TransformedTiles(channels, tiles, UNIT, 1, TransformKernels.TERM_BYTES);
    }

    /** How many values share a row: a divisor of six. */
    private static int sharing(int room) {
        return room >= 6 ? 6 : Math.min(room, 3);
    }

    /** Memory that the tiles take. */
    long bytes() {
        return plane * parts * (VALUES / shared) * VALUES + TileKernels.SLACK;
    }

    /** Puts the tiles at an address. */
    TransformedTiles at(long address) {
        base = address;
        return this;
    }

    /** Parts that the channels are cut into. */
    int parts() {
        return parts;
    }

    /** The part that a channel belongs to. */
    int part(int channel) {
        return channel / partFloats;
    }

    /** First channel of a part. */
    int first(int part) {
        return part * partFloats;
    }

    /** Channels of a part. */
    int floats(int part) {
        return Math.min(partFloats, channels - part * partFloats);
    }

    /** Where value (i, j) of a tile lies, first channel of a part. */
    long address(int part, int i, int j, int tile) {
        return base + ((part * (VALUES / shared) + i / shared) * VALUES + j) * plane + tile * rowBytes
                + 4L * (i % shared) * partFloats;
    }

    /** Where a channel of value (i, j) of the first tile lies. */
    long channel(int i, int j, int channel) {
        int part = part(channel);
        return address(part, i, j, 0) + 4L * (channel - first(part));
    }

    /**
     * Images to cut into tiles.
     *
     * @param address of the first pixel
     * @param height of an image
     * @param width of an image
     * @param top rows of zeros above the first row
     * @param left columns of zeros before the first column
     */
    record Source(long address, int height, int width, int top, int left) {
    }

    /** Scratch memory that {@link #transform} needs. */
    long scratchBytes(Map map, Source source, TileGrid grid) {
        return VALUES * (lineBytes(map, grid) + 4L * source.width * channels) + TileKernels.SLACK;
    }

    private long lineBytes(Map map, TileGrid grid) {
        int pixels = grid.columnsOfPhase() * grid.side() + map.inputs() - grid.side();
        return 4L * grid.dilationWidth() * pixels * channels + 64;
    }

    /**
     * Maps the tiles of a line: first down the columns of pixels, for the whole line at once, then along the rows.
     *
     * @param tile where the line's first tile goes
     */
    void transform(Map map, Source source, TileGrid grid, int line, int tile, long scratch) {
        TransformKernels kernels = Vectorization.transforms();
        long step = lineBytes(map, grid);
        long pixel = 4L * channels;
        long assembled = scratch + VALUES * step;
        kernels.map(map, rows(map, source, grid, line, assembled), new Runs(scratch + source.left * pixel, step, 0), 1,
                source.width * channels);
        long right = (source.left + source.width) * pixel;
        for (int i = 0; i < VALUES; i++) {
            clear(scratch + i * step, source.left * pixel);
            clear(scratch + i * step + right, step - 64 - right);
        }
        for (int part = 0; part < parts; part++) {
            for (int i = 0; i < VALUES; i++) {
                for (int phase = 0; phase < grid.dilationWidth(); phase++) {
                    long next = grid.dilationWidth() * pixel;
                    kernels.map(map,
                            new Runs(scratch + i * step + phase * pixel + 4L * first(part), next, grid.side() * next),
                            new Runs(address(part, i, 0, tile + phase * grid.columnsOfPhase()), plane,
                                    rowBytes),
                            grid.columnsOfPhase(), floats(part));
                }
            }
        }
    }

    /** The rows of pixels that a line of tiles sees: in place, or with rows of zeros in scratch memory. */
    private Runs rows(Map map, Source source, TileGrid grid, int line, long scratch) {
        int top = grid.top(line) - source.top;
        int dilation = grid.dilationHeight();
        long rowBytes = 4L * source.width * channels;
        long first = source.address + ((long) grid.image(line) * source.height + top) * rowBytes;
        if (top >= 0 && top + (map.inputs() - 1) * dilation < source.height) {
            return new Runs(first, dilation * rowBytes, 0);
        }
        for (int i = 0; i < map.inputs(); i++) {
            if (top + i * dilation >= 0 && top + i * dilation < source.height) {
                Memory.copy(first + i * dilation * rowBytes, scratch + i * rowBytes, rowBytes);
            } else {
                clear(scratch + i * rowBytes, rowBytes);
            }
        }
        return new Runs(scratch, rowBytes, 0);
    }

    private static void clear(long address, long bytes) {
        if (bytes > 0) {
            Memory.clear(address, bytes);
        }
    }
}
