package dev.halcyon.it.cases;

import static dev.halcyon.it.cases.Argument.in;
import static dev.halcyon.it.cases.Argument.inout;
import static dev.halcyon.it.cases.Argument.out;

import dev.halcyon.device.Unary;
import dev.halcyon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows of the element-wise functions of one argument and their gradients. */
final class UnaryCases {
    /** Around every vector width, and beyond the piece that one thread takes. */
    private static final long[] SIZES = {1, 15, 16, 17, 31, 33, 63, 65, 20_011};
    private static final double NAN = Double.NaN;
    private static final double INFINITE = Double.POSITIVE_INFINITY;

    private UnaryCases() {
    }

    static List<KernelCase> rows() {
        List<KernelCase> rows = new ArrayList<>();
        for (Unary op : Unary.values()) {
            for (long size : SIZES) {
                rows.add(value(op, "of " + size, Shape.of(size), arguments(op)));
                rows.add(gradient(op, "of " + size, Shape.of(size), saved(op)));
            }
            rows.add(value(op, "of images", Shape.of(2, 3, 5, 7), arguments(op)));
            rows.add(value(op, "at kinks and limits", Shape.of(40), special(op)));
            rows.add(gradient(op, "at kinks and limits", Shape.of(40), specialSaved(op)));
            rows.add(KernelCase.of("unary", name(op) + " in place", (b, v) -> b.unary(op, v[0], v[0]),
                    inout(Shape.of(37), arguments(op))).within(tolerance(op)));
            rows.add(KernelCase.of("unaryGradient", name(op) + " in place of dy",
                    (b, v) -> b.unaryGradient(op, v[0], v[1], v[1]), in(Shape.of(37), saved(op)),
                    inout(Shape.of(37))));
        }
        return rows;
    }

    private static KernelCase value(Unary op, String label, Shape shape, Values values) {
        return KernelCase.of("unary", name(op) + " " + label, (b, v) -> b.unary(op, v[0], v[1]), in(shape, values),
                out(shape)).within(tolerance(op));
    }

    private static KernelCase gradient(Unary op, String label, Shape shape, Values saved) {
        return KernelCase.of("unaryGradient", name(op) + " " + label,
                (b, v) -> b.unaryGradient(op, v[0], v[1], v[2]), in(shape, saved), in(shape), out(shape));
    }

    private static String name(Unary op) {
        return op.name().toLowerCase(Locale.ROOT);
    }

    /** Sums within the function may cancel: relative to 1 where they do, and to the result itself elsewhere. */
    private static Tolerance tolerance(Unary op) {
        return switch (op) {
            case GELU, SILU, LOG, HARD_SWISH, HARD_SIGMOID -> new Tolerance(1e-5, 1);
            case IDENTITY, RELU, RELU6, NEGATE, ABS -> Tolerance.EXACT;
            default -> Tolerance.ELEMENTWISE;
        };
    }

    private static Values arguments(Unary op) {
        return switch (op) {
            case LOG, SQRT -> Values.uniform(1e-3, 30);
            case RECIPROCAL -> Values.uniform(0.2, 9).with(-3, 1, 4);
            case EXP -> Values.uniform(-80, 80);
            default -> Values.normal(0, 4);
        };
    }

    /** What the derivative is computed from: arguments, or values that the function can have. */
    private static Values saved(Unary op) {
        return switch (op) {
            case RELU -> Values.uniform(0, 3).with(0, 0, 3);
            case RELU6 -> Values.uniform(0, 6).with(0, 0, 4).with(6, 1, 4);
            case SIGMOID, HARD_SIGMOID -> Values.uniform(0, 1);
            case TANH -> Values.uniform(-1, 1);
            case EXP, SQRT -> Values.uniform(0.1, 5);
            default -> arguments(op);
        };
    }

    private static Values special(Unary op) {
        return switch (op) {
            case LOG, SQRT -> Values.listed(0, 1, 1e-30, 1e30, INFINITE, NAN, 4, -1);
            case GELU, SILU, HARD_SWISH -> Values.listed(0, -0.0, 3, -3, 6, 20, -20, 1e6, INFINITE, NAN, 1e-20);
            default -> Values.listed(0, -0.0, 3, -3, 6, 7, 50, -50, 1e6, INFINITE, -INFINITE, NAN, 1e-20);
        };
    }

    private static Values specialSaved(Unary op) {
        return switch (op) {
            case RELU, RELU6 -> Values.listed(0, 6, 3, 1e-30, 5.999999);
            case SIGMOID, HARD_SIGMOID -> Values.listed(0, 1, 0.5, 1e-20, 0.999999);
            case TANH -> Values.listed(-1, 1, 0, 1e-20, 0.999999);
            case EXP, SQRT -> Values.listed(1e-20, 1, 1e20);
            default -> Values.listed(3, -3, 0, -0.0, 2.999999, -2.999999, 20, -20, 1e5, 1e-20);
        };
    }
}
