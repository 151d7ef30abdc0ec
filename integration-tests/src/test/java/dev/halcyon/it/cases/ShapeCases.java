package dev.halcyon.it.cases;

import static dev.halcyon.it.cases.Argument.in;
import static dev.halcyon.it.cases.Argument.inout;
import static dev.halcyon.it.cases.Argument.out;

import dev.halcyon.device.Region;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of what moves elements: transpose, copied regions, gathered and scattered rows. */
final class ShapeCases {
    private ShapeCases() {
    }

    static List<KernelCase> rows() {
        List<KernelCase> rows = new ArrayList<>();
        transposes(rows);
        regions(rows);
        gathers(rows);
        scatters(rows);
        return rows;
    }

    private static void transposes(List<KernelCase> rows) {
        for (long[] extents : new long[][] {{1, 1}, {1, 17}, {15, 16}, {33, 47}, {63, 65}, {200, 130}}) {
            rows.add(transpose(DataType.FLOAT32, Shape.of(extents), 1, 0));
        }
        Shape images = Shape.of(3, 5, 7, 9);
        rows.add(transpose(DataType.FLOAT32, images, 0, 3, 1, 2));
        rows.add(transpose(DataType.FLOAT32, images, 0, 2, 3, 1));
        rows.add(transpose(DataType.FLOAT32, images, 3, 2, 1, 0));
        rows.add(transpose(DataType.FLOAT32, images, 0, 1, 2, 3));
        rows.add(transpose(DataType.FLOAT32, images, 1, 0, 2, 3));
        rows.add(transpose(DataType.FLOAT32, Shape.of(3, 3, 16, 33), 3, 2, 0, 1));
        rows.add(transpose(DataType.FLOAT32, Shape.of(11), 0));
        rows.add(transpose(DataType.FLOAT32, Shape.of(2, 3, 1, 4, 5), 4, 0, 3, 1, 2));
        rows.add(transpose(DataType.FLOAT32, Shape.of(16, 12, 12, 17), 0, 3, 1, 2));
        rows.add(transpose(DataType.FLOAT32, Shape.of(3, 200, 4, 33), 0, 2, 1, 3));
        rows.add(transpose(DataType.UINT8, Shape.of(300, 401), 1, 0));
        for (long few = 2; few < 8; few++) {
            rows.add(transpose(DataType.FLOAT32, Shape.of(300, few), 1, 0));
            rows.add(transpose(DataType.FLOAT32, Shape.of(few, 300), 1, 0));
        }
        for (DataType type : DataType.values()) {
            rows.add(transpose(type, Shape.of(5, 18, 3), 2, 0, 1));
            rows.add(transpose(type, Shape.of(2, 30, 19, 3), 0, 3, 1, 2));
            rows.add(transpose(type, Shape.of(2, 3, 30, 19), 0, 2, 3, 1));
        }
    }

    private static KernelCase transpose(DataType type, Shape x, int... permutation) {
        long[] extents = Arrays.stream(permutation).mapToLong(x::extent).toArray();
        return KernelCase.of("transpose", type + " " + x + " by " + Arrays.toString(permutation),
                (b, v) -> b.transpose(permutation, v[0], v[1]), in(x, type, Values.whole(0, 200)),
                out(Shape.of(extents), type)).within(Tolerance.EXACT);
    }

    private static void regions(List<KernelCase> rows) {
        rows.add(region("slice of a row", DataType.FLOAT32, Shape.of(40), Shape.of(17), new long[] {5}, new long[] {0},
                new long[] {17}));
        rows.add(region("one element", DataType.FLOAT32, Shape.of(3, 3), Shape.of(5, 5), new long[] {1, 2},
                new long[] {4, 0}, new long[] {1, 1}));
        rows.add(region("padding of images", DataType.FLOAT32, Shape.of(2, 5, 6, 3), Shape.of(2, 9, 10, 3),
                new long[] {0, 0, 0, 0}, new long[] {0, 2, 2, 0}, new long[] {2, 5, 6, 3}));
        rows.add(region("channels of images", DataType.FLOAT32, Shape.of(2, 4, 4, 33), Shape.of(2, 4, 4, 16),
                new long[] {0, 0, 0, 7}, new long[] {0, 0, 0, 0}, new long[] {2, 4, 4, 16}));
        rows.add(region("everything", DataType.FLOAT32, Shape.of(65, 33), Shape.of(65, 33), new long[] {0, 0},
                new long[] {0, 0}, new long[] {65, 33}));
        rows.add(region("every other image position", DataType.FLOAT32, Shape.of(32, 16, 16, 8), Shape.of(32, 9, 9, 8),
                new long[] {0, 7, 7, 0}, new long[] {0, 0, 0, 0}, new long[] {32, 9, 9, 8}));
        rows.add(region("large images", DataType.FLOAT32, Shape.of(5, 40, 30, 16), Shape.of(4, 40, 30, 16),
                new long[] {1, 0, 0, 0}, new long[] {0, 0, 0, 0}, new long[] {4, 40, 30, 16}));
        for (DataType type : DataType.values()) {
            rows.add(region("a block in the middle", type, Shape.of(5, 7, 9), Shape.of(6, 5, 10), new long[] {1, 2, 3},
                    new long[] {2, 1, 4}, new long[] {4, 3, 5}));
        }
    }

    private static KernelCase region(String label, DataType type, Shape x, Shape y, long[] from, long[] to,
            long[] extents) {
        Region region = new Region(from, to, extents);
        region.checkSource("copyRegion", x);
        region.checkDestination("copyRegion", y);
        return KernelCase.of("copyRegion", type + " " + label, (b, v) -> b.copyRegion(region, v[0], v[1]),
                in(x, type, Values.whole(0, 200)), inout(y, type, Values.whole(0, 200))).within(Tolerance.EXACT);
    }

    private static void gathers(List<KernelCase> rows) {
        rows.add(gather(DataType.FLOAT32, Shape.of(1, 1), 1));
        rows.add(gather(DataType.FLOAT32, Shape.of(10), 33));
        rows.add(gather(DataType.FLOAT32, Shape.of(7, 17), 40));
        rows.add(gather(DataType.FLOAT32, Shape.of(5, 2, 3, 4), 8));
        rows.add(gather(DataType.FLOAT32, Shape.of(1000, 3), 9000));
        for (DataType type : DataType.values()) {
            rows.add(gather(type, Shape.of(6, 5), 9));
        }
    }

    private static KernelCase gather(DataType type, Shape table, int count) {
        int height = Math.toIntExact(table.extent(0));
        return KernelCase.of("gatherRows", type + " " + count + " of " + table,
                (b, v) -> b.gatherRows(v[0], v[1], v[2]), in(table, type, Values.whole(0, 200)),
                in(Shape.of(count), DataType.INT64, Values.whole(0, height)), out(table.with(0, count), type))
                .within(Tolerance.EXACT);
    }

    private static void scatters(List<KernelCase> rows) {
        rows.add(scatter(Shape.of(1, 1), 1));
        rows.add(scatter(Shape.of(10), 33));
        rows.add(scatter(Shape.of(9, 17), 5));
        rows.add(scatter(Shape.of(5, 2, 3), 300));
        rows.add(scatter(Shape.of(50, 64), 900));
        rows.add(scatter(Shape.of(4000, 1), 4000));
        rows.add(scatter(Shape.of(7, 2500), 40));
    }

    private static KernelCase scatter(Shape table, int count) {
        int height = Math.toIntExact(table.extent(0));
        return KernelCase.of("scatterAddRows", count + " into " + table,
                (b, v) -> b.scatterAddRows(v[0], v[1], v[2]), in(table.with(0, count)),
                in(Shape.of(count), DataType.INT64, Values.whole(0, height)), inout(table))
                .sumOf(1 + count / height);
    }
}
