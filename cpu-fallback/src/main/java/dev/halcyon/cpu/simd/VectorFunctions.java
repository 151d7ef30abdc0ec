package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.ScalarFunctions;
import dev.halcyon.device.Unary;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions of {@link Unary} over whole vectors. Each has a loop of its own, small enough for every compiler; a
 * loop shared by all would inline all of them, or box every vector.
 */
final class VectorFunctions {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final int L = VectorWidth.FLOATS.length();

    private VectorFunctions() {
    }

    /** y = op(x) for n elements, a multiple of the lanes. */
    static void apply(Unary op, long x, long y, long n) {
        switch (op) {
            case IDENTITY -> Memory.copy(x, y, 4 * n);
            case RELU -> relu(x, y, n);
            case RELU6 -> relu6(x, y, n);
            case GELU, SILU, SIGMOID, TANH, SOFTPLUS, LOG -> inBlocks(op, x, y, n);
            case HARD_SWISH -> hardSwish(x, y, n);
            case HARD_SIGMOID -> hardSigmoid(x, y, n);
            case EXP -> exp(x, y, n);
            case SQRT -> sqrt(x, y, n);
            case SQUARE -> square(x, y, n);
            case RECIPROCAL -> reciprocal(x, y, n);
            case ABS -> abs(x, y, n);
            case NEGATE -> negate(x, y, n);
        }
    }

    private static void inBlocks(Unary op, long x, long y, long n) {
        long t = Temporary.address();
        for (long i = 0; i < n; i += Temporary.FLOATS) {
            block(op, x + 4 * i, t, y + 4 * i, Math.min(Temporary.FLOATS, n - i));
        }
    }

    /** Functions with exponentials or logarithms, in several loops over memory t that stays in the first-level cache. */
    private static void block(Unary op, long x, long t, long y, long n) {
        switch (op) {
            case GELU, SILU -> {
                logistic(op, x, t, n);
                multiply(x, t, y, n);
            }
            case SIGMOID -> logistic(op, x, y, n);
            case LOG -> {
                log(x, t, n);
                logLimits(x, t, y, n);
            }
            case TANH -> {
                multipleOfMagnitude(2, x, t, n);
                exp(t, t, n);
                tanh(x, t, y, n);
            }
            default -> {
                multipleOfMagnitude(-1, x, t, n);
                exp(t, t, n);
                long u = t + 4 * Temporary.FLOATS;
                onePlus(t, u, n);
                log(u, u, n);
                softplus(x, t, u, y, n);
            }
        }
    }

    /** y = the logistic function of x, or of GELU's argument. */
    static void logistic(Unary op, long x, long y, long n) {
        if (op == Unary.GELU) {
            geluExponent(x, y, n);
        } else {
            negate(x, y, n);
        }
        exp(y, y, n);
        onePlus(y, y, n);
        reciprocal(y, y, n);
    }

    private static void geluExponent(long x, long y, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector v = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER);
            FloatVector slope = v.mul(v).fma(FloatVector.broadcast(LANES, ScalarFunctions.GELU_CUBE),
                    FloatVector.broadcast(LANES, ScalarFunctions.GELU_SCALE));
            slope.mul(v).neg().intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
    }

    private static void multiply(long a, long b, long y, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector.fromMemorySegment(LANES, ALL, a + 4L * i, ORDER)
                    .mul(FloatVector.fromMemorySegment(LANES, ALL, b + 4L * i, ORDER))
                    .intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
    }

    private static void onePlus(long x, long y, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER).add(1).intoMemorySegment(ALL, y + 4L * i,
                    ORDER);
        }
    }

    private static void multipleOfMagnitude(float factor, long x, long y, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER).abs().mul(factor).intoMemorySegment(ALL,
                    y + 4L * i, ORDER);
        }
    }

    private static void logLimits(long x, long logarithm, long y, long n) {
        for (long i = 0; i < n; i += L) {
            VectorMath
                    .logLimits(FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER),
                            FloatVector.fromMemorySegment(LANES, ALL, logarithm + 4L * i, ORDER))
                    .intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
    }

    private static void tanh(long x, long exponential, long y, long n) {
        for (long i = 0; i < n; i += L) {
            VectorMath
                    .tanh(FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER),
                            FloatVector.fromMemorySegment(LANES, ALL, exponential + 4L * i, ORDER))
                    .intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
    }

    private static void softplus(long x, long exponential, long logarithm, long y, long n) {
        for (long i = 0; i < n; i += L) {
            VectorMath
                    .softplus(FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER),
                            FloatVector.fromMemorySegment(LANES, ALL, exponential + 4L * i, ORDER),
                            FloatVector.fromMemorySegment(LANES, ALL, logarithm + 4L * i, ORDER))
                    .intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
    }

    private static void relu(long x, long y, long n) {
        for (long i = 0; i < n; i += L) {
            relu(FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER)).intoMemorySegment(ALL, y + 4L * i,
                    ORDER);
        }
    }

    private static void relu6(long x, long y, long n) {
        for (long i = 0; i < n; i += L) {
            relu6(FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER)).intoMemorySegment(ALL, y + 4L * i,
                    ORDER);
        }
    }

    private static void hardSwish(long x, long y, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector v = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER);
            v.mul(relu6(v.add(3))).mul(ScalarFunctions.SIXTH).intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
    }

    private static void hardSigmoid(long x, long y, long n) {
        for (long i = 0; i < n; i += L) {
            relu6(FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER).add(3)).mul(ScalarFunctions.SIXTH)
                    .intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
    }

    private static void exp(long x, long y, long n) {
        for (long i = 0; i < n; i += L) {
            VectorMath.exp(FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER)).intoMemorySegment(ALL,
                    y + 4L * i, ORDER);
        }
    }

    private static void log(long x, long y, long n) {
        for (long i = 0; i < n; i += L) {
            VectorMath.log(FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER)).intoMemorySegment(ALL,
                    y + 4L * i, ORDER);
        }
    }

    private static void sqrt(long x, long y, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER).sqrt().intoMemorySegment(ALL, y + 4L * i,
                    ORDER);
        }
    }

    private static void square(long x, long y, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector v = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER);
            v.mul(v).intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
    }

    private static void reciprocal(long x, long y, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector.broadcast(LANES, 1).div(FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER))
                    .intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
    }

    private static void abs(long x, long y, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER).abs().intoMemorySegment(ALL, y + 4L * i,
                    ORDER);
        }
    }

    private static void negate(long x, long y, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER).neg().intoMemorySegment(ALL, y + 4L * i,
                    ORDER);
        }
    }

    /** max(x, 0), where NaN stays. */
    static FloatVector relu(FloatVector x) {
        return x.blend(0, x.compare(VectorOperators.LE, 0));
    }

    /** min(max(x, 0), 6), where NaN stays. */
    static FloatVector relu6(FloatVector x) {
        return relu(x).blend(6, x.compare(VectorOperators.GT, 6));
    }
}
