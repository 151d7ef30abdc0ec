package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.FeatureKernels;
import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.ScalarFeatures;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Features in vectors; what fills none goes to the plain loops. */
public final class VectorFeatures implements FeatureKernels {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final int L = VectorWidth.FLOATS.length();
    /** The number of each lane. */
    private static final IntVector NUMBERS = IntVector.zero(VectorWidth.INTS).addIndex(1);
    private static final ScalarFeatures REST = new ScalarFeatures();
    /** Floats are added up in lanes for this many elements before the sum moves on in double precision. */
    private static final long BLOCK = 4096;

    /** The kernels keep no state. */
    public VectorFeatures() {
    }

    @Override
    public double deviations(long x, float centre, long n) {
        long whole = n - n % L;
        double total = 0;
        for (long start = 0; start < whole; start += BLOCK) {
            total += deviationBlock(x, centre, start, Math.min(whole, start + BLOCK));
        }
        return total + REST.deviations(x + 4 * whole, centre, n - whole);
    }

    private static double deviationBlock(long x, float centre, long start, long end) {
        FloatVector sum = FloatVector.broadcast(LANES, 0);
        for (long i = start; i < end; i += L) {
            sum = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER).sub(centre).add(sum);
        }
        return VectorRows.inOrder(sum);
    }

    @Override
    public double squares(long x, float centre, long n) {
        long whole = n - n % L;
        double total = 0;
        for (long start = 0; start < whole; start += BLOCK) {
            total += squareBlock(x, centre, start, Math.min(whole, start + BLOCK));
        }
        return total + REST.squares(x + 4 * whole, centre, n - whole);
    }

    private static double squareBlock(long x, float centre, long start, long end) {
        FloatVector sum = FloatVector.broadcast(LANES, 0);
        for (long i = start; i < end; i += L) {
            FloatVector deviation = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER).sub(centre);
            sum = deviation.fma(deviation, sum);
        }
        return VectorRows.inOrder(sum);
    }

    @Override
    public void normalize(long x, float centre, float scale, float offset, long gamma, long beta, long y, long n) {
        long whole = n - n % L;
        for (long i = 0; i < whole; i += L) {
            FloatVector normal = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER).sub(centre)
                    .fma(FloatVector.broadcast(LANES, scale), FloatVector.broadcast(LANES, offset));
            normal.fma(FloatVector.fromMemorySegment(LANES, ALL, gamma + 4L * i, ORDER),
                    FloatVector.fromMemorySegment(LANES, ALL, beta + 4L * i, ORDER))
                    .intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
        if (whole < n) {
            REST.normalize(x + 4 * whole, centre, scale, offset, gamma + 4 * whole, beta + 4 * whole, y + 4 * whole,
                    n - whole);
        }
    }

    @Override
    public double gradientSum(long x, float centre, long gamma, long dy, long n) {
        long whole = n - n % L;
        double total = 0;
        for (long start = 0; start < whole; start += BLOCK) {
            total += gradientBlock(x, centre, gamma, dy, start, Math.min(whole, start + BLOCK));
        }
        return total + REST.gradientSum(x + 4 * whole, centre, gamma + 4 * whole, dy + 4 * whole, n - whole);
    }

    private static double gradientBlock(long x, float centre, long gamma, long dy, long start, long end) {
        FloatVector sum = FloatVector.broadcast(LANES, 0);
        for (long i = start; i < end; i += L) {
            sum = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER).sub(centre)
                    .fma(FloatVector.fromMemorySegment(LANES, ALL, gamma + 4L * i, ORDER)
                            .mul(FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * i, ORDER)), sum);
        }
        return VectorRows.inOrder(sum);
    }

    @Override
    public void gradient(long x, float centre, float a, float b, float c, long gamma, long dy, long dx, long n) {
        long whole = n - n % L;
        for (long i = 0; i < whole; i += L) {
            FloatVector rest = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER).sub(centre)
                    .fma(FloatVector.broadcast(LANES, b), FloatVector.broadcast(LANES, c));
            FloatVector.fromMemorySegment(LANES, ALL, gamma + 4L * i, ORDER)
                    .mul(FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * i, ORDER))
                    .fma(FloatVector.broadcast(LANES, a), rest).intoMemorySegment(ALL, dx + 4L * i, ORDER);
        }
        if (whole < n) {
            REST.gradient(x + 4 * whole, centre, a, b, c, gamma + 4 * whole, dy + 4 * whole, dx + 4 * whole,
                    n - whole);
        }
    }

    @Override
    public void parameterGradients(long x, float centre, float scale, long dy, long dgamma, long dbeta, long n) {
        long whole = n - n % L;
        for (long i = 0; i < whole; i += L) {
            FloatVector error = FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * i, ORDER);
            FloatVector normal = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER).sub(centre).mul(scale);
            normal.fma(error, FloatVector.fromMemorySegment(LANES, ALL, dgamma + 4L * i, ORDER)).intoMemorySegment(ALL,
                    dgamma + 4L * i, ORDER);
            FloatVector.fromMemorySegment(LANES, ALL, dbeta + 4L * i, ORDER).add(error).intoMemorySegment(ALL,
                    dbeta + 4L * i, ORDER);
        }
        if (whole < n) {
            REST.parameterGradients(x + 4 * whole, centre, scale, dy + 4 * whole, dgamma + 4 * whole,
                    dbeta + 4 * whole, n - whole);
        }
    }

    @Override
    public double exponentials(long x, float max, long y, long n) {
        if (n < L) {
            return REST.exponentials(x, max, y, n);
        }
        long whole = n - n % L;
        long last = n - L;
        long aside = Temporary.address();
        double rest = whole < n ? lastExponentials(x + 4 * last, max, whole - last, aside) : 0;
        double total = 0;
        for (long start = 0; start < whole; start += BLOCK) {
            total += exponentialBlock(x + 4 * start, max, y + 4 * start, (int) Math.min(BLOCK, whole - start));
        }
        if (whole < n) {
            FloatVector.fromMemorySegment(LANES, ALL, aside, ORDER).intoMemorySegment(ALL, y + 4 * last, ORDER);
        }
        return total + rest;
    }

    private static double exponentialBlock(long x, float max, long y, int n) {
        FloatVector sum = FloatVector.zero(LANES);
        long from = Memory.at(x);
        long to = Memory.at(y);
        for (int i = 0; i < n; i += L) {
            FloatVector power =
                    VectorMath.exp(FloatVector.fromMemorySegment(LANES, ALL, from + 4L * i, ORDER).sub(max));
            power.intoMemorySegment(ALL, to + 4L * i, ORDER);
            sum = power.add(sum);
        }
        return VectorRows.inOrder(sum);
    }

    /**
     * The vector in which a row ends, of which some lanes are computed with those before too. It is put aside, since y
     * may be x.
     *
     * @return the sum of the lanes from {@code first} on
     */
    private static double lastExponentials(long x, float max, long first, long aside) {
        FloatVector power = VectorMath.exp(FloatVector.fromMemorySegment(LANES, ALL, x, ORDER).sub(max));
        power.intoMemorySegment(ALL, aside, ORDER);
        VectorMask<Integer> counted = NUMBERS.compare(VectorOperators.GE, (int) first);
        return VectorRows.inOrder(FloatVector.zero(LANES).blend(power, counted.cast(LANES)));
    }

    @Override
    public void softmaxOfLanes(long x, int n, long max, long sum) {
        long row = Memory.at(x);
        FloatVector largest = FloatVector.fromMemorySegment(LANES, ALL, row, ORDER);
        for (int i = 1; i < n; i++) {
            largest = FloatVector.fromMemorySegment(LANES, ALL, row + 4L * L * i, ORDER).max(largest);
        }
        largest.intoMemorySegment(ALL, max, ORDER);
        exponentialsOfLanes(x, n, max, sum);
        FloatVector share = FloatVector.broadcast(LANES, 1)
                .div(FloatVector.fromMemorySegment(LANES, ALL, sum, ORDER));
        for (int i = 0; i < n; i++) {
            FloatVector.fromMemorySegment(LANES, ALL, row + 4L * L * i, ORDER).mul(share).intoMemorySegment(ALL,
                    row + 4L * L * i, ORDER);
        }
    }

    private static void exponentialsOfLanes(long x, int n, long max, long sum) {
        FloatVector largest = FloatVector.fromMemorySegment(LANES, ALL, max, ORDER);
        FloatVector total = FloatVector.zero(LANES);
        long row = Memory.at(x);
        for (int i = 0; i < n; i++) {
            FloatVector power = VectorMath
                    .exp(FloatVector.fromMemorySegment(LANES, ALL, row + 4L * L * i, ORDER).sub(largest));
            power.intoMemorySegment(ALL, row + 4L * L * i, ORDER);
            total = power.add(total);
        }
        total.intoMemorySegment(ALL, sum, ORDER);
    }

    @Override
    public void softmaxGradient(long y, long dy, float mean, long dx, long n) {
        long whole = n - n % L;
        for (long i = 0; i < whole; i += L) {
            FloatVector.fromMemorySegment(LANES, ALL, y + 4L * i, ORDER)
                    .mul(FloatVector.fromMemorySegment(LANES, ALL, dy + 4L * i, ORDER).sub(mean))
                    .intoMemorySegment(ALL, dx + 4L * i, ORDER);
        }
        if (whole < n) {
            REST.softmaxGradient(y + 4 * whole, dy + 4 * whole, mean, dx + 4 * whole, n - whole);
        }
    }
}
