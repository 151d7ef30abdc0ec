package dev.halcyon.it.cases;

import static dev.halcyon.it.cases.Argument.in;
import static dev.halcyon.it.cases.Argument.inout;
import static dev.halcyon.it.cases.Argument.out;

import dev.halcyon.device.Binary;
import dev.halcyon.device.NormalizeImages;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows of fill, copy, functions of two arguments, scale-and-add, casts, and images made floats. */
final class ElementwiseCases {
    private static final long[] SIZES = {1, 15, 16, 17, 33, 65, 40_009};
    private static final double NAN = Double.NaN;

    private ElementwiseCases() {
    }

    static List<KernelCase> rows() {
        List<KernelCase> rows = new ArrayList<>();
        for (DataType type : DataType.values()) {
            for (long size : new long[] {1, 33, 1027, 40_000}) {
                rows.add(KernelCase.of("fill", type + " " + size, (b, v) -> b.fill(v[0], type.isFloating() ? 1.3 : 7),
                        out(Shape.of(size), type)).within(Tolerance.EXACT));
                rows.add(KernelCase.of("copy", type + " " + size, (b, v) -> b.copy(v[0], v[1]),
                        in(Shape.of(size), type, Values.whole(0, 200)), out(Shape.of(size), type))
                        .within(Tolerance.EXACT));
            }
        }
        binary(rows);
        scaleAdd(rows);
        casts(rows);
        images(rows);
        return rows;
    }

    private static void binary(List<KernelCase> rows) {
        for (Binary op : Binary.values()) {
            for (long size : SIZES) {
                rows.add(binary(op, "of " + size, Shape.of(size), Shape.of(size)));
            }
            rows.add(binary(op, "a row to all", Shape.of(5, 33), Shape.of(33)));
            rows.add(binary(op, "a row to all, from the left", Shape.of(17), Shape.of(3, 17)));
            rows.add(binary(op, "a column to all", Shape.of(5, 33), Shape.of(5, 1)));
            rows.add(binary(op, "a column and a row", Shape.of(7, 1), Shape.of(1, 19)));
            rows.add(binary(op, "a number to all", Shape.of(65), Shape.SCALAR));
            rows.add(binary(op, "all to a number", Shape.of(1), Shape.of(47)));
            rows.add(binary(op, "scalars", Shape.SCALAR, Shape.SCALAR));
            rows.add(binary(op, "the middle axis", Shape.of(2, 3, 5), Shape.of(1, 3, 1)));
            rows.add(binary(op, "alternating axes", Shape.of(2, 1, 5, 1, 3), Shape.of(1, 4, 1, 2, 3)));
            rows.add(binary(op, "channels of images", Shape.of(2, 9, 9, 64), Shape.of(64)));
            rows.add(binary(op, "three channels", Shape.of(50, 20, 3), Shape.of(3)));
            rows.add(binary(op, "images and their numbers", Shape.of(4, 6, 6, 8), Shape.of(4, 1, 1, 8)));
            rows.add(special(op));
            rows.add(KernelCase.of("binary", name(op) + " in place", (b, v) -> b.binary(op, v[0], v[1], v[0]),
                    inout(Shape.of(4, 35)), in(Shape.of(35), Values.uniform(0.5, 2))));
            rows.add(KernelCase.of("binary", name(op) + " in place of the second",
                    (b, v) -> b.binary(op, v[0], v[1], v[1]), in(Shape.of(35)),
                    inout(Shape.of(35), Values.uniform(0.5, 2))));
        }
    }

    private static KernelCase binary(Binary op, String label, Shape a, Shape b) {
        Values left = op == Binary.GREATER_EQUAL ? Values.whole(-2, 3) : Values.NORMAL;
        Values right = switch (op) {
            case GREATER_EQUAL -> Values.whole(-2, 3);
            case DIVIDE -> Values.uniform(0.5, 4).with(-1, 0, 3);
            default -> Values.NORMAL;
        };
        return KernelCase.of("binary", name(op) + " " + label, (backend, v) -> backend.binary(op, v[0], v[1], v[2]),
                in(a, left), in(b, right), out(Shape.broadcast(op.name(), a, b)));
    }

    private static KernelCase special(Binary op) {
        Values left = Values.listed(NAN, 1, NAN, Double.POSITIVE_INFINITY, -1, 0, 5);
        Values right = Values.listed(1, NAN, NAN, 1, Double.NEGATIVE_INFINITY, -3, 5);
        return KernelCase.of("binary", name(op) + " of NaN and infinities", (b, v) -> b.binary(op, v[0], v[1], v[2]),
                in(Shape.of(35), left), in(Shape.of(35), right), out(Shape.of(35)));
    }

    private static String name(Binary op) {
        return op.name().toLowerCase(Locale.ROOT);
    }

    private static void scaleAdd(List<KernelCase> rows) {
        for (long size : SIZES) {
            Shape shape = Shape.of(size);
            rows.add(KernelCase.of("scaleAdd", "of " + size, (b, v) -> b.scaleAdd(1.7, v[0], -0.3, v[1]), in(shape),
                    inout(shape)));
            rows.add(KernelCase.of("scaleAdd", "written, " + size, (b, v) -> b.scaleAdd(-2, v[0], 0, v[1]), in(shape),
                    out(shape)));
        }
        Shape shape = Shape.of(3, 21);
        rows.add(KernelCase.of("scaleAdd", "added", (b, v) -> b.scaleAdd(1, v[0], 1, v[1]), in(shape), inout(shape)));
        rows.add(KernelCase.of("scaleAdd", "in place", (b, v) -> b.scaleAdd(3, v[0], 0, v[0]), inout(shape)));
        rows.add(KernelCase.of("scaleAdd", "of itself", (b, v) -> b.scaleAdd(0, v[0], 0.9, v[0]), inout(shape)));
        rows.add(KernelCase.of("scaleAdd", "zero times NaN is NaN", (b, v) -> b.scaleAdd(0, v[0], 0, v[1]),
                in(shape, Values.NORMAL.with(NAN, 3, 11)), out(shape)));
    }

    private static void casts(List<KernelCase> rows) {
        for (DataType from : DataType.values()) {
            for (DataType to : DataType.values()) {
                Values values = from == DataType.UINT8 || to == DataType.UINT8
                        ? Values.uniform(0, 255)
                        : Values.normal(0, 40);
                for (long size : new long[] {1, 67}) {
                    rows.add(cast(from, to, size, values));
                }
            }
        }
        Values ties = Values.listed(1 + 0x1p-8, 1 + 3 * 0x1p-8, 1 + 0x1p-11, 1 + 3 * 0x1p-11, -1 - 0x1p-8, 65504, 65519,
                65520, 1e-8, 6.1e-5, NAN, Double.POSITIVE_INFINITY, 3.39e38, -0.0);
        rows.add(cast(DataType.FLOAT32, DataType.BFLOAT16, 28, ties));
        rows.add(cast(DataType.FLOAT32, DataType.FLOAT16, 28, ties));
        rows.add(cast(DataType.FLOAT32, DataType.INT64, 8, Values.listed(-1.9, 1.9, -0.5, 0.5, 1e15, -1e15)));
        rows.add(cast(DataType.FLOAT32, DataType.BFLOAT16, 30_001, Values.NORMAL));
        rows.add(cast(DataType.UINT8, DataType.FLOAT32, 30_001, Values.whole(0, 256)));
    }

    private static KernelCase cast(DataType from, DataType to, long size, Values values) {
        return KernelCase.of("cast", from + " to " + to + " of " + size, (b, v) -> b.cast(v[0], v[1]),
                in(Shape.of(size), from, values), out(Shape.of(size), to)).within(Tolerance.EXACT);
    }

    private static void images(List<KernelCase> rows) {
        rows.add(images("whole, one channel", Shape.of(2, 5, 7, 1), Shape.of(2, 5, 7, 1), Values.listed(0, 0, 0)));
        rows.add(images("one pixel", Shape.of(1, 1, 1, 3), Shape.of(1, 1, 1, 3), Values.listed(0, 0, 0)));
        rows.add(images("mirrored", Shape.of(2, 6, 9, 3), Shape.of(2, 6, 9, 3), Values.listed(0, 0, 1)));
        rows.add(images("cut", Shape.of(3, 12, 12, 3), Shape.of(3, 7, 5, 3), Values.listed(2, 4, 0, 0, 7, 1, 5, 0, 0)));
        rows.add(images("beyond the edges", Shape.of(4, 8, 8, 3), Shape.of(4, 8, 8, 3),
                Values.listed(-3, -2, 0, 3, 4, 1, -9, 0, 1, 2, -1, 1)));
        rows.add(images("larger than the image", Shape.of(2, 3, 4, 4), Shape.of(2, 9, 11, 4),
                Values.listed(-2, -3, 0, -4, -4, 1)));
        rows.add(images("many", Shape.of(16, 32, 32, 3), Shape.of(16, 32, 32, 3),
                Values.listed(-4, 3, 0, 2, -1, 1, 0, 4, 1)));
    }

    private static KernelCase images(String label, Shape images, Shape y, Values places) {
        int channels = Math.toIntExact(images.extent(3));
        float[] mean = new float[channels];
        float[] deviation = new float[channels];
        for (int c = 0; c < channels; c++) {
            mean[c] = 0.4f + 0.05f * c;
            deviation[c] = 0.2f + 0.03f * c;
        }
        NormalizeImages d = new NormalizeImages(mean, deviation);
        return KernelCase.of("normalizeImages", label, (b, v) -> b.normalizeImages(d, v[0], v[1], v[2]),
                in(images, DataType.UINT8, Values.whole(0, 256)),
                in(Shape.of(images.extent(0), 3), DataType.INT32, places), out(y));
    }
}
