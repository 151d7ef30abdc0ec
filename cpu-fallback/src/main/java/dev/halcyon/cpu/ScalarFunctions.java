package dev.halcyon.cpu;

import dev.halcyon.device.Unary;

/** The functions of {@link Unary} and their derivatives, one number at a time, with the same bits as in vectors. */
public final class ScalarFunctions {
    /** The tanh form of GELU is x σ(x (a x² + b)), with a = 2 sqrt(2/π) 0.044715: no difference cancels. */
    public static final float GELU_CUBE = 0.07135481627f;
    /** b = 2 sqrt(2/π). */
    public static final float GELU_SCALE = 1.595769122f;
    /** 1/6, of the hard functions. */
    public static final float SIXTH = 1 / 6f;

    private ScalarFunctions() {
    }

    static float value(Unary op, float x) {
        return switch (op) {
            case IDENTITY -> x;
            case RELU -> x <= 0 ? 0 : x;
            case RELU6 -> x <= 0 ? 0 : x > 6 ? 6 : x;
            case GELU -> x * ScalarMath.sigmoid(geluArgument(x));
            case SILU -> x * ScalarMath.sigmoid(x);
            case SIGMOID -> ScalarMath.sigmoid(x);
            case TANH -> ScalarMath.tanh(x);
            case HARD_SWISH -> x * value(Unary.RELU6, x + 3) * SIXTH;
            case HARD_SIGMOID -> value(Unary.RELU6, x + 3) * SIXTH;
            case SOFTPLUS -> ScalarMath.softplus(x);
            case EXP -> ScalarMath.exp(x);
            case LOG -> ScalarMath.log(x);
            case SQRT -> (float) Math.sqrt(x);
            case SQUARE -> x * x;
            case RECIPROCAL -> 1 / x;
            case ABS -> Math.abs(x);
            case NEGATE -> -x;
        };
    }

    /** dy op', from x or y as {@link Unary#saved} says. */
    static float gradient(Unary op, float saved, float dy) {
        return switch (op) {
            case IDENTITY -> dy;
            case RELU -> saved > 0 ? dy : 0;
            case RELU6 -> saved > 0 && saved < 6 ? dy : 0;
            case GELU -> dy * geluDerivative(saved);
            case SILU -> dy * siluDerivative(saved);
            case SIGMOID -> dy * saved * (1 - saved);
            case TANH -> dy * Math.fma(-saved, saved, 1);
            case HARD_SWISH -> dy * (saved <= -3 ? 0 : saved >= 3 ? 1 : (saved + saved + 3) * SIXTH);
            case HARD_SIGMOID -> saved > 0 && saved < 1 ? dy * SIXTH : 0;
            case SOFTPLUS -> dy * ScalarMath.sigmoid(saved);
            case EXP -> dy * saved;
            case LOG -> dy / saved;
            case SQRT -> dy / (saved + saved);
            case SQUARE -> dy * (saved + saved);
            case RECIPROCAL -> -(dy * saved * saved);
            case ABS -> saved > 0 ? dy : saved < 0 ? -dy : 0;
            case NEGATE -> -dy;
        };
    }

    private static float geluArgument(float x) {
        return Math.fma(x * x, GELU_CUBE, GELU_SCALE) * x;
    }

    /** σ + x σ (1 - σ) (3 a x² + b), with σ of the argument. */
    private static float geluDerivative(float x) {
        float s = ScalarMath.sigmoid(geluArgument(x));
        float slope = Math.fma(x * x, 3 * GELU_CUBE, GELU_SCALE);
        return Math.fma(x * slope, s * (1 - s), s);
    }

    /** σ (1 + x (1 - σ)). */
    private static float siluDerivative(float x) {
        float s = ScalarMath.sigmoid(x);
        return Math.fma(1 - s, x, 1) * s;
    }
}
