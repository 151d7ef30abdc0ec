package dev.halcyon.autograd.ops;

import dev.halcyon.autograd.Tape;
import dev.halcyon.device.Backend;
import dev.halcyon.device.Region;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.ShapeException;
import dev.halcyon.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Operations that move elements and change none. */
public final class Shapes {
    private Shapes() {
    }

    /** The same elements under another shape; costs nothing. */
    public static Tensor reshape(Tensor x, Shape shape) {
        Tensor y = x.alias(shape);
        return Tape.record("reshape", y, List.of(x), List.of(), (dy, gradients) -> gradients.send(x, dy));
    }

    /**
     * Rows of features: [n, …] becomes [n, product of the rest]. Images [n, h, w, c] are flattened channel by channel,
     * so that the linear layer behind them has PyTorch's order of inputs.
     */
    public static Tensor flatten(Tensor x) {
        long rows = x.shape().extent(0);
        Shape flat = Shape.of(rows, x.shape().elements() / rows);
        boolean image = x.shape().rank() == 4 && x.shape().extent(1) * x.shape().extent(2) > 1;
        return reshape(image ? transpose(x, 0, 3, 1, 2) : x, flat);
    }

    /** Axis k of the result is axis {@code permutation[k]} of x. */
    public static Tensor transpose(Tensor x, int... permutation) {
        int[] sorted = permutation.clone();
        Arrays.sort(sorted);
        boolean valid = permutation.length == x.shape().rank();
        for (int axis = 0; valid && axis < sorted.length; axis++) {
            valid = sorted[axis] == axis;
        }
        if (!valid) {
            throw new ShapeException("transpose", "a permutation of the " + x.shape().rank() + " axes of " + x.shape(),
                    Arrays.toString(permutation));
        }
        long[] extents = new long[permutation.length];
        int[] inverse = new int[permutation.length];
        for (int axis = 0; axis < permutation.length; axis++) {
            extents[axis] = x.shape().extent(permutation[axis]);
            inverse[permutation[axis]] = axis;
        }
        Backend backend = x.device().backend();
        Tensor y = Tensor.empty(x.device(), x.type(), Shape.of(extents));
        backend.transpose(permutation, x.view(), y.view());
        return Tape.record("transpose", y, List.of(x), List.of(),
                (dy, gradients) -> gradients.write(x, dx -> backend.transpose(inverse, dy, dx)));
    }

    /** The block of x that starts at {@code from} and has shape {@code extents}. */
    public static Tensor slice(Tensor x, long[] from, Shape extents) {
        long[] origin = new long[extents.rank()];
        Region cut = new Region(from, origin, extents.extents());
        Region back = new Region(origin, from, extents.extents());
        cut.checkSource("slice", x.shape());
        Backend backend = x.device().backend();
        Tensor y = Tensor.empty(x.device(), x.type(), extents);
        backend.copyRegion(cut, x.view(), y.view());
        return Tape.record("slice", y, List.of(x), List.of(), (dy, gradients) -> gradients.write(x, dx -> {
            backend.fill(dx, 0);
            backend.copyRegion(back, dy, dx);
        }));
    }

    /** x within a larger tensor of shape {@code extents}, at {@code origin}, zeros around it. */
    public static Tensor pad(Tensor x, long[] origin, Shape extents) {
        long[] start = new long[x.shape().rank()];
        Region into = new Region(start, origin, x.shape().extents());
        Region back = new Region(origin, start, x.shape().extents());
        into.checkDestination("pad", extents);
        Backend backend = x.device().backend();
        Tensor y = Tensor.zeros(x.device(), x.type(), extents);
        backend.copyRegion(into, x.view(), y.view());
        return Tape.record("pad", y, List.of(x), List.of(),
                (dy, gradients) -> gradients.write(x, dx -> backend.copyRegion(back, dy, dx)));
    }

    /** Tensors put one behind the other along an axis; their other extents agree. */
    public static Tensor concat(int axis, List<Tensor> parts) {
        Tensor first = parts.getFirst();
        int along = first.shape().axis(axis);
        long total = 0;
        for (Tensor part : parts) {
            boolean fits = part.shape().rank() == first.shape().rank()
                    && part.shape().with(along, 1).equals(first.shape().with(along, 1));
            if (!fits) {
                throw new ShapeException("concat", "shapes like " + first.shape() + " but for axis " + along,
                        part.shape());
            }
            Operands.requireAlike("concat", first, part);
            total += part.shape().extent(along);
        }
        Backend backend = first.device().backend();
        Tensor y = Tensor.empty(first.device(), first.type(), first.shape().with(along, total));
        long start = 0;
        for (Tensor part : parts) {
            backend.copyRegion(joint(part, along, start, true), part.view(), y.view());
            start += part.shape().extent(along);
        }
        return Tape.record("concat", y, List.copyOf(parts), List.of(), (dy, gradients) -> {
            long offset = 0;
            for (Tensor part : parts) {
                Region region = joint(part, along, offset, false);
                gradients.write(part, dx -> backend.copyRegion(region, dy, dx));
                offset += part.shape().extent(along);
            }
        });
    }

    private static Region joint(Tensor part, int axis, long offset, boolean into) {
        long[] origin = new long[part.shape().rank()];
        long[] place = origin.clone();
        place[axis] = offset;
        return into ? new Region(origin, place, part.shape().extents())
                : new Region(place, origin, part.shape().extents());
    }

    /**
     * Rows of a table: y[i] = table[indices[i]].
     *
     * @param table [r, …]
     * @param indices int64 [n], each in [0, r)
     */
    public static Tensor gatherRows(Tensor table, Tensor indices) {
        if (indices.shape().rank() != 1 || indices.type() != DataType.INT64) {
            throw new ShapeException("gatherRows", "INT64 indices [n]", indices);
        }
        Operands.requireSameDevice("gatherRows", table, indices);
        Backend backend = table.device().backend();
        Shape shape = table.shape().with(0, indices.shape().extent(0));
        Tensor y = Tensor.empty(table.device(), table.type(), shape);
        backend.gatherRows(table.view(), indices.view(), y.view());
        return Tape.record("gatherRows", y, List.of(table), List.of(),
                (dy, gradients) -> gradients.add(table, into -> backend.scatterAddRows(dy, indices.view(), into)));
    }
}
