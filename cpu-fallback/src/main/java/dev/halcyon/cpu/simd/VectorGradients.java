package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.ScalarFunctions;
import dev.halcyon.device.Unary;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The derivatives of {@link Unary} over whole vectors, each in a loop of its own; see {@link VectorFunctions}. */
final class VectorGradients {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
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
            where(FloatVector.fromMemorySegment(LANES, ALL, s + 4L * i, ORDER).compare(VectorOperators.GT, 0),
                    FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * i, ORDER))
                    .intoMemorySegment(ALL, dx + 4L * i, ORDER);
        }
    }

    /** dx = factor dy where 0 < s < ceiling, else 0. */
    private static void within(float ceiling, long s, long dy, float factor, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector v = FloatVector.fromMemorySegment(LANES, ALL, s + 4L * i, ORDER);
            VectorMask<Float> open = v.compare(VectorOperators.GT, 0).and(v.compare(VectorOperators.LT, ceiling));
            where(open, FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * i, ORDER).mul(factor))
                    .intoMemorySegment(ALL, dx + 4L * i, ORDER);
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
            FloatVector x = FloatVector.fromMemorySegment(LANES, ALL, s + 4L * i, ORDER);
            FloatVector p = FloatVector.fromMemorySegment(LANES, ALL, logistic + 4L * i, ORDER);
            FloatVector slope = x.mul(x).fma(FloatVector.broadcast(LANES, 3 * ScalarFunctions.GELU_CUBE),
                    FloatVector.broadcast(LANES, ScalarFunctions.GELU_SCALE));
            FloatVector bend = p.mul(FloatVector.broadcast(LANES, 1).sub(p));
            FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * i, ORDER).mul(x.mul(slope).fma(bend, p))
                    .intoMemorySegment(ALL, dx + 4L * i, ORDER);
        }
    }

    /** σ (1 + x (1 - σ)). */
    private static void silu(long s, long logistic, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector p = FloatVector.fromMemorySegment(LANES, ALL, logistic + 4L * i, ORDER);
            FloatVector
                    .fromMemorySegment(LANES, ALL, dy + 4L * i, ORDER).mul(
                            FloatVector.broadcast(LANES, 1).sub(p)
                                    .fma(FloatVector.fromMemorySegment(LANES, ALL, s + 4L * i, ORDER),
                                            FloatVector.broadcast(LANES, 1))
                                    .mul(p))
                    .intoMemorySegment(ALL, dx + 4L * i, ORDER);
        }
    }

    private static void sigmoid(long s, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector y = FloatVector.fromMemorySegment(LANES, ALL, s + 4L * i, ORDER);
            FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * i, ORDER).mul(y)
                    .mul(FloatVector.broadcast(LANES, 1).sub(y)).intoMemorySegment(ALL, dx + 4L * i, ORDER);
        }
    }

    private static void tanh(long s, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector y = FloatVector.fromMemorySegment(LANES, ALL, s + 4L * i, ORDER);
            FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * i, ORDER)
                    .mul(y.neg().fma(y, FloatVector.broadcast(LANES, 1))).intoMemorySegment(ALL, dx + 4L * i, ORDER);
        }
    }

    private static void hardSwish(long s, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector x = FloatVector.fromMemorySegment(LANES, ALL, s + 4L * i, ORDER);
            FloatVector slope = x.add(x).add(3).mul(ScalarFunctions.SIXTH);
            slope = slope.blend(0, x.compare(VectorOperators.LE, -3)).blend(1, x.compare(VectorOperators.GE, 3));
            FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * i, ORDER).mul(slope).intoMemorySegment(ALL, dx + 4L * i,
                    ORDER);
        }
    }

    /** dx = factor s dy. */
    private static void multiple(float factor, long s, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * i, ORDER)
                    .mul(FloatVector.fromMemorySegment(LANES, ALL, s + 4L * i, ORDER).mul(factor))
                    .intoMemorySegment(ALL, dx + 4L * i, ORDER);
        }
    }

    private static void log(long s, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * i, ORDER)
                    .div(FloatVector.fromMemorySegment(LANES, ALL, s + 4L * i, ORDER))
                    .intoMemorySegment(ALL, dx + 4L * i, ORDER);
        }
    }

    private static void sqrt(long s, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector y = FloatVector.fromMemorySegment(LANES, ALL, s + 4L * i, ORDER);
            FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * i, ORDER).div(y.add(y)).intoMemorySegment(ALL,
                    dx + 4L * i, ORDER);
        }
    }

    private static void reciprocal(long s, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector y = FloatVector.fromMemorySegment(LANES, ALL, s + 4L * i, ORDER);
            FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * i, ORDER).mul(y).mul(y).neg().intoMemorySegment(ALL,
                    dx + 4L * i, ORDER);
        }
    }

    private static void abs(long s, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector x = FloatVector.fromMemorySegment(LANES, ALL, s + 4L * i, ORDER);
            FloatVector g = FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * i, ORDER);
            FloatVector left = where(x.compare(VectorOperators.LT, 0), g.neg());
            left.blend(g, x.compare(VectorOperators.GT, 0)).intoMemorySegment(ALL, dx + 4L * i, ORDER);
        }
    }

    private static FloatVector where(VectorMask<Float> mask, FloatVector x) {
        return FloatVector.broadcast(LANES, 0).blend(x, mask);
    }
}
