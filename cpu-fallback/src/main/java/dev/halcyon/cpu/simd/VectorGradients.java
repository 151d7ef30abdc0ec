package dev.halcyon.cpu.simd;

import static dev.halcyon.cpu.simd.VectorFunctions.load;
import static dev.halcyon.cpu.simd.VectorFunctions.store;
import static dev.halcyon.cpu.simd.VectorMath.splat;

import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.ScalarFunctions;
import dev.halcyon.device.Unary;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The derivatives of {@link Unary} over whole vectors, each in a loop of its own; see {@link VectorFunctions}. */
final class VectorGradients {
    private static final int L = VectorWidth.FLOATS.length();

    private VectorGradients() {
    }

    /** dx = dy op' for n elements, a multiple of the lanes; s is x or y as {@link Unary#saved} says. */
    static void apply(Unary op, long s, long dy, long dx, long n) {
        switch (op) {
            case IDENTITY -> Memory.copy(dy, dx, 4 * n);
            case RELU -> relu(s, dy, dx, n);
            case RELU6 -> within(6, s, dy, 1, dx, n);
            case GELU, SILU, SOFTPLUS -> inBlocks(op, s, dy, dx, n);
            case SIGMOID -> sigmoid(s, dy, dx, n);
            case TANH -> tanh(s, dy, dx, n);
            case HARD_SWISH -> hardSwish(s, dy, dx, n);
            case HARD_SIGMOID -> within(1, s, dy, ScalarFunctions.SIXTH, dx, n);
            case EXP -> multiple(1, s, dy, dx, n);
            case LOG -> log(s, dy, dx, n);
            case SQRT -> sqrt(s, dy, dx, n);
            case SQUARE -> multiple(2, s, dy, dx, n);
            case RECIPROCAL -> reciprocal(s, dy, dx, n);
            case ABS -> abs(s, dy, dx, n);
            case NEGATE -> VectorFunctions.apply(Unary.NEGATE, dy, dx, n);
        }
    }

    private static void relu(long s, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            store(where(load(s, i).compare(VectorOperators.GT, 0), load(dy, i)), dx, i);
        }
    }

    /** dx = factor dy where 0 < s < ceiling, else 0. */
    private static void within(float ceiling, long s, long dy, float factor, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector v = load(s, i);
            VectorMask<Float> open = v.compare(VectorOperators.GT, 0).and(v.compare(VectorOperators.LT, ceiling));
            store(where(open, load(dy, i).mul(factor)), dx, i);
        }
    }

    private static void inBlocks(Unary op, long s, long dy, long dx, long n) {
        long t = Temporary.address();
        for (long i = 0; i < n; i += Temporary.FLOATS) {
            long count = Math.min(Temporary.FLOATS, n - i);
            VectorFunctions.logistic(op, s + 4 * i, t, count);
            switch (op) {
                case GELU -> gelu(s + 4 * i, t, dy + 4 * i, dx + 4 * i, count);
                case SILU -> silu(s + 4 * i, t, dy + 4 * i, dx + 4 * i, count);
                default -> multiple(1, t, dy + 4 * i, dx + 4 * i, count);
            }
        }
    }

    /** σ + x σ (1 - σ) (3 a x² + b), with σ of the argument. */
    private static void gelu(long s, long logistic, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector x = load(s, i);
            FloatVector p = load(logistic, i);
            FloatVector slope = x.mul(x).fma(splat(3 * ScalarFunctions.GELU_CUBE), splat(ScalarFunctions.GELU_SCALE));
            FloatVector bend = p.mul(splat(1).sub(p));
            store(load(dy, i).mul(x.mul(slope).fma(bend, p)), dx, i);
        }
    }

    /** σ (1 + x (1 - σ)). */
    private static void silu(long s, long logistic, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector p = load(logistic, i);
            store(load(dy, i).mul(splat(1).sub(p).fma(load(s, i), splat(1)).mul(p)), dx, i);
        }
    }

    private static void sigmoid(long s, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector y = load(s, i);
            store(load(dy, i).mul(y).mul(splat(1).sub(y)), dx, i);
        }
    }

    private static void tanh(long s, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector y = load(s, i);
            store(load(dy, i).mul(y.neg().fma(y, splat(1))), dx, i);
        }
    }

    private static void hardSwish(long s, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector x = load(s, i);
            FloatVector slope = x.add(x).add(3).mul(ScalarFunctions.SIXTH);
            slope = slope.blend(0, x.compare(VectorOperators.LE, -3)).blend(1, x.compare(VectorOperators.GE, 3));
            store(load(dy, i).mul(slope), dx, i);
        }
    }

    /** dx = factor s dy. */
    private static void multiple(float factor, long s, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            store(load(dy, i).mul(load(s, i).mul(factor)), dx, i);
        }
    }

    private static void log(long s, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            store(load(dy, i).div(load(s, i)), dx, i);
        }
    }

    private static void sqrt(long s, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector y = load(s, i);
            store(load(dy, i).div(y.add(y)), dx, i);
        }
    }

    private static void reciprocal(long s, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector y = load(s, i);
            store(load(dy, i).mul(y).mul(y).neg(), dx, i);
        }
    }

    private static void abs(long s, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector x = load(s, i);
            FloatVector g = load(dy, i);
            FloatVector left = where(x.compare(VectorOperators.LT, 0), g.neg());
            store(left.blend(g, x.compare(VectorOperators.GT, 0)), dx, i);
        }
    }

    private static FloatVector where(VectorMask<Float> mask, FloatVector x) {
        return splat(0).blend(x, mask);
    }
}
