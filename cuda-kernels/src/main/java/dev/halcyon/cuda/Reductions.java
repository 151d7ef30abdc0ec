package dev.halcyon.cuda;

import dev.halcyon.device.Reduce;
import dev.halcyon.device.View;
import dev.halcyon.tensor.Shape;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reductions. Neighbouring axes that are all folded, or all kept, count as one. They are folded one by one from the
 * innermost on, each time as [outer, folded, inner]: rows where inner is 1, columns otherwise; in most reductions there
 * is but one to fold. Where that would occupy few threads, the folded axis is cut into parts, whose results a second
 * launch folds. All of it follows from the shapes alone.
 */
final class Reductions {
    private static final String FAMILY = "reductions";
    private static final int WARP = 32;
    /** As many blocks as keep any GPU busy. */
    private static final long BLOCKS = 512;
    /** Elements of a row that are worth a block. */
    private static final long PART = 8192;
    /** Rows longer than this get a block, others as many lanes of a warp as they have accesses. */
    private static final long LONG_ROW = 2048;
    /** Units of columns that a block still covers; wider rows are cut to tiles of a warp. */
    private static final long WIDEST = 64;
    /** Rows that begin alike in a sector of memory, from which on a block takes only such. */
    private static final long LEAST_ALIKE = 4;
    /** Times that a block of columns goes on to its next lines, before it is worth another block. */
    private static final long STEPS = 8;

    private final Launcher launcher;

    Reductions(Launcher launcher) {
        this.launcher = launcher;
    }

    /** Numbers on the device to be folded: where they are, what kernels read them, and how many in one access. */
    private record Source(long address, String suffix, int pack) {
        static Source of(View x) {
            return new Source(Views.address(x), Views.suffix(x), Views.pack(x));
        }

        /** Numbers in a sector of memory. */
        int sector() {
            return Views.SECTOR_BYTES / Views.ACCESS_BYTES * pack;
        }

        /** Results of a launch before. */
        static Source partial(Temporary results) {
            return new Source(results.address(), "_f32", Views.ACCESS_BYTES / Float.BYTES);
        }

        boolean isAligned() {
            return address % Views.ACCESS_BYTES == 0;
        }
    }

    /** Where results go, multiplied by a factor, and whether they are float32 or bfloat16. */
    private record Target(long address, String suffix, double factor, boolean accumulate) {
        static Target partial(Temporary results) {
            return new Target(results.address(), "_f32", 1, false);
        }

        /** {@code struct Target} of reductions.cu, behind other words. */
        long[] words(long... before) {
            long[] words = Arrays.copyOf(before, before.length + 2);
            words[before.length] = address;
            words[before.length + 1] = Integer.toUnsignedLong(Float.floatToRawIntBits((float) factor))
                    | (suffix.equals("_bf16") ? 1L << 32 : 0) | (accumulate ? 1L << 40 : 0);
            return words;
        }
    }

    /**
     * One axis to fold.
     *
     * @param pitch numbers from one row of {@code inner} to the next
     */
    private record Block(long outer, long folded, long inner, long pitch) {
    }

    void reduce(Reduce d, View x, View y) {
        double factor = d.kind() == Reduce.Kind.MEAN ? (double) y.elements() / x.elements() : 1;
        reduce(kernels(d.kind()), Source.of(x), x.shape(), y.shape(),
                new Target(Views.address(y), Views.suffix(y), factor, d.accumulate()));
    }

    private static String kernels(Reduce.Kind kind) {
        return kind == Reduce.Kind.MEAN ? "sum" : kind.name().toLowerCase(Locale.ROOT);
    }

    /** What joins results of {@code kind}. */
    private static String joining(String kind) {
        return kind.equals("max") ? kind : "sum";
    }

    private void reduce(String kind, Source x, Shape shape, Shape result, Target y) {
        int axis = shape.rank() - 1;
        long inner = 1;
        while (axis >= 0 && (result.extent(axis) != 1 || shape.extent(axis) == 1)) {
            inner *= shape.extent(axis--);
        }
        Shape rest = shape;
        long folded = 1;
        while (axis >= 0 && result.extent(axis) == 1) {
            rest = rest.with(axis, 1);
            folded *= shape.extent(axis--);
        }
        Block block = new Block(shape.product(0, axis + 1), folded, inner, inner);
        if (rest.elements() == result.elements()) {
            fold(kind, x, block, y);
            return;
        }
        try (Temporary stage = launcher.temporary(Float.BYTES * rest.elements())) {
            fold(kind, x, block, Target.partial(stage));
            reduce(joining(kind), Source.partial(stage), rest, result, y);
        }
    }

    private void fold(String kind, Source x, Block block, Target y) {
        if (block.folded == 1 || block.inner == 1) {
            rows(kind, x, block.outer * block.inner, block.folded, y);
        } else {
            columns(kind, x, block, Columns.of(x, block), y);
        }
    }

    // ---- rows

    private void rows(String kind, Source x, long rows, long folded, Target y) {
        long parts = Math.min(Math.ceilDiv(folded, PART), Math.ceilDiv(BLOCKS, rows));
        if (parts == 1) {
            rows(kind, x, rows, folded, 1, folded, y);
            return;
        }
        long part = Math.ceilDiv(folded, parts * Views.THREADS) * Views.THREADS;
        long count = Math.ceilDiv(folded, part);
        try (Temporary stage = launcher.temporary(Float.BYTES * rows * count)) {
            rows(kind, x, rows, folded, count, part, Target.partial(stage));
            rows(joining(kind), Source.partial(stage), rows, count, 1, count, y);
        }
    }

    private void rows(String kind, Source x, long rows, long folded, long parts, long part, Target y) {
        boolean packed = x.isAligned() && (folded % x.pack == 0 || rows == 1);
        long accesses = Math.min(WARP, packed ? Math.ceilDiv(folded, x.pack) : folded);
        long threads = parts > 1 || folded > LONG_ROW
                ? Views.THREADS
                : accesses == 1 ? 1 : Long.highestOneBit(accesses - 1) << 1;
        int threadBits = Long.numberOfTrailingZeros(threads);
        launcher.launch(launcher.kernel(FAMILY, "rows_" + kind + x.suffix),
                Grid.of(rows * parts * threads, Views.THREADS), new Arguments().address(x.address)
                        .struct(y.words(rows * parts, folded, part, parts | (long) threadBits << Integer.SIZE,
                                packed ? 1 : 0)));
    }

    // ---- columns

    /**
     * How a block's threads lie over columns.
     *
     * @param width units of a row that a block takes
     * @param lines rows that it takes at a time
     * @param apart distance of its rows: of those that begin alike in a sector of memory, where not all do
     */
    private record Columns(int pack, long units, int width, int lines, int apart, long tiles) {
        static Columns of(Source x, Block block) {
            boolean packed = block.inner % x.pack == 0 && x.isAligned();
            int pack = packed ? x.pack : 1;
            long units = block.inner / pack;
            int sector = x.sector() / pack;
            int alike = (int) (sector / Math.min(sector, Long.lowestOneBit(block.pitch / pack)));
            int most = Views.THREADS / (int) Math.min(units, WIDEST);
            if (units <= WIDEST && (packed || most >= alike)) {
                return new Columns(pack, units, (int) units, most < alike ? most : most / alike * alike, 1, 1);
            }
            boolean shifted = !packed && alike > 1 && block.folded >= LEAST_ALIKE * alike;
            long reach = shifted ? units + sector - 1 : units;
            return new Columns(pack, units, WARP, Views.THREADS / WARP, shifted ? alike : 1,
                    Math.ceilDiv(reach, WARP));
        }
    }

    private void columns(String kind, Source x, Block block, Columns columns, Target y) {
        long folded = Math.ceilDiv(block.folded, columns.apart);
        long wanted = Math.min(Math.ceilDiv(folded, columns.lines * STEPS),
                Math.ceilDiv(BLOCKS, block.outer * columns.tiles * columns.apart));
        long part = wanted == 1 ? folded : Math.ceilDiv(folded, wanted * columns.lines) * columns.lines;
        long parts = Math.ceilDiv(folded, part) * columns.apart;
        if (parts == 1) {
            launchColumns(kind, x, block, columns, 1, part, block.inner, y);
            return;
        }
        long pitch = columns.apart == 1 ? block.inner : Math.ceilDiv(block.inner, x.sector()) * x.sector();
        try (Temporary stage = launcher.temporary(Float.BYTES * block.outer * parts * pitch)) {
            launchColumns(kind, x, block, columns, parts, part, pitch, Target.partial(stage));
            Source sums = Source.partial(stage);
            Block joined = new Block(block.outer, parts, block.inner, pitch);
            launchColumns(joining(kind), sums, joined, Columns.of(sums, joined), 1, parts, block.inner, y);
        }
    }

    /** @param pitch numbers from one row of results to the next */
    private void launchColumns(String kind, Source x, Block block, Columns columns, long parts, long part, long pitch,
            Target y) {
        String name = (columns.pack == 1 ? "columns_" : "packed_columns_") + kind + x.suffix;
        int blocks = Math.toIntExact(block.outer * parts * columns.tiles);
        launcher.launch(launcher.kernel(FAMILY, name), new Grid(blocks, 1, 1, Views.THREADS, 0),
                new Arguments().address(x.address)
                        .struct(y.words(block.folded, columns.units, block.pitch / columns.pack, pitch / columns.pack,
                                part, parts | (long) columns.apart << Integer.SIZE,
                                columns.tiles | (long) columns.width << Integer.SIZE, columns.lines)));
    }

    // ---- the largest

    void argMax(View x, View y) {
        topK(x, null, y, x.extent(-1), 1);
    }

    void topK(View x, View values, View indices) {
        topK(x, values, indices, x.extent(1), values.extent(1));
    }

    private void topK(View x, View values, View indices, long width, long wanted) {
        long rows = x.elements() / width;
        int threads = width > LONG_ROW
                ? Views.THREADS
                : (int) Math.min(WARP, width == 1 ? 1 : Long.highestOneBit(width - 1) << 1);
        launcher.launch(launcher.kernel(FAMILY, "top_k" + Views.suffix(x, values)),
                Grid.of(rows * threads, Views.THREADS), new Arguments().view(x).view(values).view(indices).int64(rows)
                        .int32(Math.toIntExact(width)).int32(Math.toIntExact(wanted))
                        .int32(Integer.numberOfTrailingZeros(threads)));
    }
}
