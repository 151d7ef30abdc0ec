package dev.halcyon.device;

import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Fused element-wise operations, made of primitives. */
final class FusedElementwise {
    private static final double PIXEL_RANGE = 255;

    private FusedElementwise() {
    }

    static void castAll(Backend backend, List<View> x, List<View> y) {
        for (int i = 0; i < x.size(); i++) {
            backend.cast(x.get(i), y.get(i));
        }
    }

    /**
     * Every output pixel is a row gathered from a table of all input pixels with a black one behind them; then
     * (pixel - 255 mean) / (255 deviation) per channel.
     */
    static void normalizeImages(Backend backend, NormalizeImages d, View images, View placements, View y) {
        long channels = images.extent(3);
        long pixels = images.elements() / channels;
        try (Workspace work = new Workspace(backend)) {
            View bytes = work.view(Shape.of(pixels + 1, channels), DataType.UINT8);
            backend.fill(bytes, 0);
            backend.copyRegion(new Region(new long[2], new long[2], new long[] {pixels, channels}),
                    images.as(Shape.of(pixels, channels)), bytes);
            View table = work.view(bytes.shape(), y.type());
            backend.cast(bytes, table);
            long[] sources = sources(backend, images.shape(), placements, y.shape());
            View indices = work.view(Shape.of(sources.length), DataType.INT64);
            backend.upload(MemorySegment.ofArray(sources), indices);
            View rows = y.as(Shape.of(sources.length, channels));
            backend.gatherRows(table, indices, rows);
            backend.binary(Binary.SUBTRACT, rows, pixelScale(backend, work, d.mean(), y.type()), rows);
            backend.binary(Binary.DIVIDE, rows, pixelScale(backend, work, d.deviation(), y.type()), rows);
        }
    }

    /** For every output pixel the number of the input pixel it shows, or that of the black one behind the last. */
    private static long[] sources(Backend backend, Shape images, View placements, Shape y) {
        int[] places = new int[Math.toIntExact(placements.elements())];
        backend.download(placements, MemorySegment.ofArray(places));
        long height = images.extent(1);
        long width = images.extent(2);
        long columns = y.extent(2);
        long[] sources = new long[Math.toIntExact(y.product(0, 3))];
        int next = 0;
        for (int image = 0; image < images.extent(0); image++) {
            for (long row = 0; row < y.extent(1); row++) {
                for (long column = 0; column < columns; column++) {
                    long cut = places[3 * image + 2] == 1 ? columns - 1 - column : column;
                    long top = places[3 * image] + row;
                    long left = places[3 * image + 1] + cut;
                    boolean inside = top >= 0 && top < height && left >= 0 && left < width;
                    sources[next++] = inside ? (image * height + top) * width + left : images.product(0, 3);
                }
            }
        }
        return sources;
    }

    /** A channel's number in [0, 1] on the scale of pixels. */
    private static View pixelScale(Backend backend, Workspace work, float[] perChannel, DataType type) {
        View host = work.view(Shape.of(perChannel.length), DataType.FLOAT32);
        backend.upload(MemorySegment.ofArray(perChannel), host);
        View scaled = work.view(host.shape(), type);
        backend.cast(host, scaled);
        backend.scaleAdd(PIXEL_RANGE, scaled, 0, scaled);
        return scaled;
    }

    static void dropout(Backend backend, Random keep, View x, View y) {
        try (Workspace work = new Workspace(backend)) {
            View mask = work.like(x);
            backend.random(keep, mask);
            backend.binary(Binary.MULTIPLY, x, mask, y);
            backend.scaleAdd(1 / keep.probability(), y, 0, y);
        }
    }
}
