package dev.halcyon.cpu.simd;

import static dev.halcyon.cpu.simd.VectorMath.splat;

import dev.halcyon.device.Unary;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The functions of {@link Unary} and their derivatives on vectors. */
final class VectorFunctions {
    private static final float GELU_SCALE = 0.7978845608028654f;
    private static final float GELU_CUBE = 0.044715f;

    private VectorFunctions() {
    }

    static FloatVector value(Unary op, FloatVector x) {
        return switch (op) {
            case IDENTITY -> x;
            case RELU -> x.max(0);
            case RELU6 -> x.max(0).min(6);
            case GELU -> x.mul(0.5f).mul(VectorMath.tanh(geluArgument(x)).add(1));
            case SILU -> x.mul(VectorMath.sigmoid(x));
            case SIGMOID -> VectorMath.sigmoid(x);
            case TANH -> VectorMath.tanh(x);
            case HARD_SWISH -> x.mul(x.add(3).max(0).min(6)).div(6);
            case HARD_SIGMOID -> x.add(3).max(0).min(6).div(6);
            case SOFTPLUS -> VectorMath.softplus(x);
            case EXP -> VectorMath.exp(x);
            case LOG -> VectorMath.log(x);
            case SQRT -> x.sqrt();
            case SQUARE -> x.mul(x);
            case RECIPROCAL -> splat(1).div(x);
            case ABS -> x.abs();
            case NEGATE -> x.neg();
        };
    }

    /** dy op', from x or y as {@link Unary#saved} says. */
    static FloatVector gradient(Unary op, FloatVector saved, FloatVector dy) {
        return switch (op) {
            case IDENTITY -> dy;
            case RELU -> where(saved.compare(VectorOperators.GT, 0), dy);
            case RELU6 -> where(within(saved, 0, 6), dy);
            case GELU -> dy.mul(geluDerivative(saved));
            case SILU -> dy.mul(siluDerivative(saved));
            case SIGMOID -> dy.mul(saved).mul(splat(1).sub(saved));
            case TANH -> dy.mul(splat(1).sub(saved.mul(saved)));
            case HARD_SWISH -> dy.mul(hardSwishDerivative(saved));
            case HARD_SIGMOID -> where(within(saved, 0, 1), dy.div(6));
            case SOFTPLUS -> dy.mul(VectorMath.sigmoid(saved));
            case EXP -> dy.mul(saved);
            case LOG -> dy.div(saved);
            case SQRT -> dy.div(saved.add(saved));
            case SQUARE -> dy.mul(saved.add(saved));
            case RECIPROCAL -> dy.mul(saved).mul(saved).neg();
            case ABS -> where(saved.compare(VectorOperators.GT, 0), dy)
                    .sub(where(saved.compare(VectorOperators.LT, 0), dy));
            case NEGATE -> dy.neg();
        };
    }

    private static FloatVector geluArgument(FloatVector x) {
        return x.mul(x).mul(GELU_CUBE).add(1).mul(x).mul(GELU_SCALE);
    }

    /** (1 + t) / 2 + x (1 - t²) s (1 + 3 c x²) / 2, with t = tanh of the argument. */
    private static FloatVector geluDerivative(FloatVector x) {
        FloatVector t = VectorMath.tanh(geluArgument(x));
        FloatVector slope = x.mul(x).mul(3 * GELU_CUBE).add(1).mul(GELU_SCALE);
        FloatVector bend = splat(1).sub(t.mul(t)).mul(slope).mul(x);
        return t.add(1).add(bend).mul(0.5f);
    }

    /** σ (1 + x (1 - σ)). */
    private static FloatVector siluDerivative(FloatVector x) {
        FloatVector s = VectorMath.sigmoid(x);
        return splat(1).sub(s).mul(x).add(1).mul(s);
    }

    private static FloatVector hardSwishDerivative(FloatVector x) {
        FloatVector middle = x.add(x).add(3).div(6);
        FloatVector low = where(x.compare(VectorOperators.GT, -3), middle);
        return low.blend(1, x.compare(VectorOperators.GE, 3));
    }

    private static VectorMask<Float> within(FloatVector x, float low, float high) {
        return x.compare(VectorOperators.GT, low).and(x.compare(VectorOperators.LT, high));
    }

    private static FloatVector where(VectorMask<Float> mask, FloatVector x) {
        return splat(0).blend(x, mask);
    }
}
