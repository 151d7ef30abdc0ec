package dev.halcyon.it.cases;

import static dev.halcyon.it.cases.Argument.in;
import static dev.halcyon.it.cases.Argument.inout;
import static dev.halcyon.it.cases.Argument.out;

import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Rows of convolutions: forward, both gradients, and with bias and activation. */
final class ConvolutionCases {
    /** A convolution: images [n, h, w, cin] with weights [kh, kw, cin / groups, cout]. */
    private record Geometry(Conv2d d, Shape x, Shape w) {
        Shape y() {
            return d.outputShape(x, w);
        }

        /** Products in one element of the output. */
        long terms() {
            return w.product(0, 3);
        }

        String label() {
            return x + " by " + w + ", stride " + d.strideHeight() + "x" + d.strideWidth() + ", padding "
                    + d.paddingHeight() + "x" + d.paddingWidth()
                    + (d.dilationHeight() * d.dilationWidth() == 1 ? "" : ", dilated " + d.dilationHeight() + "x"
                            + d.dilationWidth())
                    + (d.groups() == 1 ? "" : ", groups " + d.groups());
        }
    }

    private ConvolutionCases() {
    }

    static List<KernelCase> rows() {
        List<KernelCase> rows = new ArrayList<>();
        for (Geometry geometry : geometries()) {
            rows.add(forward(geometry));
            rows.add(inputGradient(geometry, false));
            rows.add(inputGradient(geometry, true));
            rows.add(weightGradient(geometry));
            rows.add(biased(geometry, Unary.RELU));
            rows.add(normalized(geometry, Unary.RELU, false));
            rows.add(normalized(geometry, Unary.RELU, true));
        }
        Geometry small = square(2, 7, 5, 3, 17, Conv2d.of(1, 1));
        for (Unary activation : List.of(Unary.IDENTITY, Unary.RELU6, Unary.GELU, Unary.SILU, Unary.SIGMOID, Unary.TANH,
                Unary.HARD_SWISH)) {
            rows.add(biased(small, activation));
            rows.add(normalized(small, activation, false));
            rows.add(normalized(small, activation, true));
        }
        return rows;
    }

    private static List<Geometry> geometries() {
        List<Geometry> all = new ArrayList<>();
        for (int kernel : new int[] {1, 3, 5, 7}) {
            for (int stride : new int[] {1, 2, 3}) {
                all.add(square(2, 9, 5, kernel, 17, Conv2d.of(stride, kernel / 2)));
                all.add(square(1, 8, 3, kernel, 16, Conv2d.of(stride, 0)));
            }
        }
        all.add(square(1, 1, 1, 1, 1, Conv2d.of(1, 0)));
        all.add(square(3, 1, 33, 1, 47, Conv2d.of(1, 0)));
        all.add(square(3, 13, 30, 1, 70, Conv2d.of(1, 0)));
        all.add(square(4, 6, 24, 1, 9, Conv2d.of(1, 0)));
        all.add(square(2, 1, 16, 3, 15, Conv2d.of(1, 1)));
        all.add(square(2, 1, 16, 3, 16, Conv2d.of(2, 1)));
        all.add(square(1, 2, 63, 3, 65, Conv2d.of(1, 1)));
        all.add(square(2, 6, 1, 3, 6, Conv2d.of(1, 1)));
        all.add(square(5, 12, 1, 5, 8, Conv2d.of(1, 2)));
        all.add(square(2, 17, 3, 7, 20, Conv2d.of(2, 3)));
        all.add(square(3, 16, 3, 3, 33, Conv2d.of(1, 1)));
        all.add(square(2, 8, 16, 3, 32, Conv2d.of(1, 1)));
        all.add(square(2, 8, 31, 3, 49, Conv2d.of(2, 1)));
        all.add(square(1, 16, 48, 1, 64, Conv2d.of(2, 0)));
        all.add(square(2, 13, 6, 3, 10, Conv2d.of(1, 2).dilated(2)));
        all.add(square(1, 15, 17, 3, 16, Conv2d.of(2, 3).dilated(3)));
        all.add(square(2, 7, 4, 3, 5, Conv2d.of(1, 4)));
        all.add(new Geometry(new Conv2d(2, 1, 0, 2, 1, 2, 1), Shape.of(2, 9, 12, 6), Shape.of(3, 5, 6, 18)));
        all.add(new Geometry(new Conv2d(1, 1, 0, 1, 1, 1, 1), Shape.of(1, 5, 20, 7), Shape.of(1, 3, 7, 9)));
        all.add(new Geometry(new Conv2d(1, 3, 2, 0, 1, 1, 1), Shape.of(1, 6, 11, 8), Shape.of(5, 1, 8, 12)));
        all.add(grouped(2, 8, 12, 3, 18, 3, Conv2d.of(1, 1)));
        all.add(grouped(1, 9, 32, 3, 32, 2, Conv2d.of(2, 1)));
        all.add(grouped(3, 9, 20, 3, 24, 2, Conv2d.of(1, 1)));
        all.add(grouped(2, 11, 14, 5, 7, 7, Conv2d.of(1, 3)));
        all.add(grouped(2, 6, 8, 1, 16, 4, Conv2d.of(1, 0)));
        for (int channels : new int[] {1, 3, 15, 16, 33, 64}) {
            all.add(grouped(2, 9, channels, 3, channels, channels, Conv2d.of(1, 1)));
            all.add(grouped(1, 8, channels, 3, channels, channels, Conv2d.of(2, 1)));
        }
        all.add(grouped(1, 10, 17, 5, 17, 17, Conv2d.of(1, 2)));
        all.add(grouped(2, 11, 20, 5, 20, 20, Conv2d.of(2, 2)));
        all.add(grouped(1, 9, 5, 7, 5, 5, Conv2d.of(1, 3)));
        all.add(grouped(1, 7, 19, 2, 19, 19, Conv2d.of(3, 0)));
        all.add(grouped(1, 2, 18, 3, 18, 18, Conv2d.of(2, 2).dilated(2)));
        all.add(new Geometry(new Conv2d(2, 1, 0, 2, 1, 2, 21), Shape.of(2, 9, 12, 21), Shape.of(3, 3, 1, 21)));
        all.add(grouped(1, 10, 16, 3, 16, 16, Conv2d.of(1, 2).dilated(2)));
        all.add(grouped(2, 7, 9, 3, 18, 9, Conv2d.of(1, 1)));
        all.add(grouped(2, 7, 16, 3, 48, 16, Conv2d.of(2, 1)));
        all.add(square(4, 14, 24, 3, 24, Conv2d.of(1, 1)));
        all.add(square(6, 20, 3, 3, 16, Conv2d.of(1, 1)));
        all.add(square(4, 16, 32, 3, 32, Conv2d.of(1, 1)));
        all.addAll(manyChannels());
        all.addAll(fewChannels());
        all.addAll(tinyImages());
        all.addAll(longSums());
        all.add(square(4, 16, 64, 1, 48, Conv2d.of(1, 0)));
        all.add(square(2, 32, 3, 5, 16, Conv2d.of(1, 2)));
        all.add(grouped(4, 28, 33, 3, 33, 33, Conv2d.of(1, 1)));
        all.add(grouped(4, 28, 32, 3, 32, 32, Conv2d.of(2, 1)));
        return all;
    }

    /** Shapes that a backend may cut into tiles of pixels: whole and broken tiles, few and many, with every padding. */
    private static List<Geometry> manyChannels() {
        return List.of(square(2, 10, 40, 3, 72, Conv2d.of(1, 0)), square(3, 7, 20, 3, 47, Conv2d.of(1, 1)),
                square(8, 5, 400, 3, 33, Conv2d.of(1, 2)), square(6, 4, 48, 3, 390, Conv2d.of(1, 1)),
                square(17, 3, 16, 3, 130, Conv2d.of(1, 1)), square(17, 5, 130, 3, 256, Conv2d.of(1, 1)),
                square(6, 4, 360, 3, 330, Conv2d.of(1, 1)),
                square(5, 66, 16, 3, 21, Conv2d.of(1, 1)),
                square(4, 17, 20, 3, 33, Conv2d.of(1, 4).dilated(4)), square(3, 13, 37, 5, 53, Conv2d.of(1, 2)),
                square(2, 12, 400, 5, 17, Conv2d.of(1, 3)), square(2, 17, 18, 5, 40, Conv2d.of(1, 4).dilated(2)),
                new Geometry(new Conv2d(1, 1, 0, 4, 1, 1, 1), Shape.of(7, 26, 15, 32), Shape.of(5, 5, 32, 16)),
                new Geometry(new Conv2d(1, 1, 3, 2, 2, 3, 1), Shape.of(3, 25, 29, 20), Shape.of(3, 3, 20, 33)),
                square(1, 64, 17, 3, 160, Conv2d.of(1, 0)),
                new Geometry(new Conv2d(1, 1, 2, 0, 1, 1, 1), Shape.of(2, 6, 11, 24), Shape.of(3, 3, 24, 32)),
                new Geometry(new Conv2d(1, 1, 0, 2, 1, 1, 1), Shape.of(3, 13, 5, 64), Shape.of(3, 3, 64, 96)));
    }

    /** Shapes that a backend may cut into bands of rows and runs of groups, with few channels or few in a group. */
    private static List<Geometry> fewChannels() {
        return List.of(square(1, 40, 3, 3, 5, Conv2d.of(1, 1)), square(2, 19, 5, 5, 7, Conv2d.of(1, 0)),
                square(3, 10, 16, 5, 6, Conv2d.of(1, 4)), square(1, 23, 2, 3, 11, Conv2d.of(1, 2).dilated(2)),
                new Geometry(new Conv2d(1, 1, 1, 3, 2, 1, 1), Shape.of(2, 11, 18, 4), Shape.of(4, 2, 4, 4)),
                grouped(3, 12, 40, 3, 80, 40, Conv2d.of(1, 1)), grouped(1, 13, 66, 3, 42, 3, Conv2d.of(1, 1)),
                grouped(2, 9, 36, 3, 28, 4, Conv2d.of(1, 2).dilated(2)),
                grouped(2, 10, 9, 2, 27, 9, Conv2d.of(1, 1)), square(1, 29, 4, 3, 24, Conv2d.of(2, 1)),
                square(3, 9, 3, 5, 41, Conv2d.of(1, 0)), square(1, 26, 7, 3, 70, Conv2d.of(1, 2).dilated(2)),
                square(3, 9, 6, 5, 13, Conv2d.of(2, 2)), square(2, 8, 8, 5, 11, Conv2d.of(1, 1)),
                new Geometry(new Conv2d(1, 2, 0, 2, 3, 1, 1), Shape.of(2, 9, 14, 5), Shape.of(2, 4, 5, 100)));
    }

    /** Images smaller than what their kernels reach, and outputs that see padding alone. */
    private static List<Geometry> tinyImages() {
        return List.of(square(3, 2, 20, 3, 17, Conv2d.of(2, 3)), square(5, 3, 17, 5, 20, Conv2d.of(1, 2)),
                square(4, 1, 33, 3, 40, Conv2d.of(1, 1)), square(9, 2, 18, 3, 34, Conv2d.of(1, 2).dilated(2)),
                square(2, 3, 24, 7, 12, Conv2d.of(2, 3)),
                new Geometry(new Conv2d(1, 2, 1, 3, 1, 1, 1), Shape.of(3, 1, 4, 10), Shape.of(3, 5, 10, 22)));
    }

    /** Sums that a backend may cut into parts, of patches that end within its vectors or at the edge of an image. */
    private static List<Geometry> longSums() {
        return List.of(new Geometry(new Conv2d(2, 1, 1, 1, 1, 1, 1), Shape.of(1, 4, 5, 8), Shape.of(3, 3, 8, 1040)),
                square(2, 12, 21, 5, 35, Conv2d.of(1, 2)), square(1, 20, 31, 3, 47, Conv2d.of(1, 4).dilated(4)),
                square(1, 12, 70, 3, 20, Conv2d.of(1, 2).dilated(2)), square(9, 16, 9, 3, 20, Conv2d.of(2, 1)));
    }

    private static Geometry square(long n, long size, long in, long kernel, long out, Conv2d d) {
        return new Geometry(d, Shape.of(n, size, size, in), Shape.of(kernel, kernel, in, out));
    }

    private static Geometry grouped(long n, long size, long in, long kernel, long out, int groups, Conv2d d) {
        return new Geometry(d.grouped(groups), Shape.of(n, size, size, in),
                Shape.of(kernel, kernel, in / groups, out));
    }

    private static KernelCase forward(Geometry g) {
        return KernelCase.of("conv2d", g.label(), (b, v) -> b.conv2d(g.d, v[0], v[1], v[2]), in(g.x), in(g.w),
                out(g.y())).sumOf(g.terms());
    }

    private static KernelCase inputGradient(Geometry g, boolean accumulate) {
        long terms = g.w.extent(0) * g.w.extent(1) * (g.w.extent(3) / g.d.groups());
        return KernelCase.of("conv2dInputGradient", (accumulate ? "added, " : "") + g.label(),
                (b, v) -> b.conv2dInputGradient(g.d, accumulate, v[0], v[1], v[2]), in(g.y()), in(g.w),
                accumulate ? inout(g.x) : out(g.x)).sumOf(terms + (accumulate ? 1 : 0));
    }

    private static KernelCase weightGradient(Geometry g) {
        return KernelCase.of("conv2dWeightGradient", g.label(),
                (b, v) -> b.conv2dWeightGradient(g.d, v[0], v[1], v[2]), in(g.x), in(g.y()), inout(g.w))
                .sumOf(1 + g.y().product(0, 3));
    }

    /**
     * Where the norm's factors are put into the weights, each term is rounded once more. Sums are about as large as the
     * residual, so that no activation has them all on its flat side.
     */
    private static KernelCase normalized(Geometry g, Unary activation, boolean residual) {
        Shape c = Shape.of(g.w.extent(3));
        Values weights = Values.normal(0, 1 / Math.sqrt(g.terms()));
        return KernelCase.of("conv2dBatchNormInference",
                activation + (residual ? " after a residual " : " ") + g.label(),
                (b, v) -> b.conv2dBatchNormInference(g.d, BatchNorm.DEFAULT, activation, v[0], v[1],
                        residual ? v[2] : null, v[3], v[4], v[5], v[6], v[7]),
                in(g.x), in(g.w, weights), in(residual ? g.y() : Shape.of(1)), in(c), in(c), in(c),
                in(c, Values.uniform(0.5, 2)), out(g.y())).sumOf(2 * (1 + g.terms()));
    }

    private static KernelCase biased(Geometry g, Unary activation) {
        return KernelCase.of("conv2dBiasActivation", activation + " " + g.label(),
                (b, v) -> b.conv2dBiasActivation(g.d, activation, v[0], v[1], v[2], v[3]), in(g.x), in(g.w),
                in(Shape.of(g.w.extent(3))), out(g.y())).sumOf(1 + g.terms());
    }
}
