package dev.halcyon.cpu;

import dev.halcyon.device.Unary;

/** The functions of {@link Unary} and their derivatives, one number at a time. */
final class ScalarFunctions {
    private static final double GELU_SCALE = Math.sqrt(2 / Math.PI);
    private static final double GELU_CUBE = 0.044715;

    private ScalarFunctions() {
    }

    static float value(Unary op, float x) {
        return (float) switch (op) {
            case IDENTITY -> x;
            case RELU -> Math.max(x, 0);
            case RELU6 -> Math.min(Math.max(x, 0), 6);
            case GELU -> 0.5 * x * (1 + Math.tanh(GELU_SCALE * (x + GELU_CUBE * x * x * x)));
            case SILU -> x * sigmoid(x);
            case SIGMOID -> sigmoid(x);
            case TANH -> Math.tanh(x);
            case HARD_SWISH -> x * Math.min(Math.max(x + 3, 0), 6) / 6;
            case HARD_SIGMOID -> Math.min(Math.max(x + 3, 0), 6) / 6;
            case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SQRT -> Math.sqrt(x);
            case SQUARE -> x * x;
            case RECIPROCAL -> 1 / x;
            case ABS -> Math.abs(x);
            case NEGATE -> -x;
        };
    }

    /** dy op', from x or y as {@link Unary#saved} says. */
    static float gradient(Unary op, float saved, float dy) {
        double s = saved;
        return (float) (dy * switch (op) {
            case IDENTITY -> 1;
            case RELU -> s > 0 ? 1 : 0;
            case RELU6 -> s > 0 && s < 6 ? 1 : 0;
            case GELU -> geluDerivative(s);
            case SILU -> sigmoid(s) * (1 + s * (1 - sigmoid(s)));
            case SIGMOID -> s * (1 - s);
            case TANH -> 1 - s * s;
            case HARD_SWISH -> s <= -3 ? 0 : s >= 3 ? 1 : (2 * s + 3) / 6;
            case HARD_SIGMOID -> s > 0 && s < 1 ? 1.0 / 6 : 0;
            case SOFTPLUS -> sigmoid(s);
            case EXP -> s;
            case LOG -> 1 / s;
            case SQRT -> 1 / (2 * s);
            case SQUARE -> 2 * s;
            case RECIPROCAL -> -s * s;
            case ABS -> Math.signum(s);
            case NEGATE -> -1;
        });
    }

    private static double geluDerivative(double x) {
        double t = Math.tanh(GELU_SCALE * (x + GELU_CUBE * x * x * x));
        return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * GELU_SCALE * (1 + 3 * GELU_CUBE * x * x);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
