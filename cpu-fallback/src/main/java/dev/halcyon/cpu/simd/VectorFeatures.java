package dev.halcyon.cpu.simd;

import static dev.halcyon.cpu.simd.VectorFunctions.load;
import static dev.halcyon.cpu.simd.VectorFunctions.store;
import static dev.halcyon.cpu.simd.VectorMath.splat;

import dev.halcyon.cpu.FeatureKernels;
import dev.halcyon.cpu.ScalarFeatures;
import jdk.incubator.vector.FloatVector;

/** Features in vectors; what fills none goes to the plain loops. */
public final class VectorFeatures implements FeatureKernels {
    private static final int L = VectorWidth.FLOATS.length();
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
        FloatVector sum = splat(0);
        for (long i = start; i < end; i += L) {
            sum = sum.add(load(x, i).sub(centre));
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
        FloatVector sum = splat(0);
        for (long i = start; i < end; i += L) {
            FloatVector deviation = load(x, i).sub(centre);
            sum = deviation.fma(deviation, sum);
        }
        return VectorRows.inOrder(sum);
    }

    @Override
    public void normalize(long x, float centre, float scale, float offset, long gamma, long beta, long y, long n) {
        long whole = n - n % L;
        for (long i = 0; i < whole; i += L) {
            FloatVector normal = load(x, i).sub(centre).fma(splat(scale), splat(offset));
            store(normal.fma(load(gamma, i), load(beta, i)), y, i);
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
        FloatVector sum = splat(0);
        for (long i = start; i < end; i += L) {
            sum = load(x, i).sub(centre).fma(load(gamma, i).mul(load(dy, i)), sum);
        }
        return VectorRows.inOrder(sum);
    }

    @Override
    public void gradient(long x, float centre, float a, float b, float c, long gamma, long dy, long dx, long n) {
        long whole = n - n % L;
        for (long i = 0; i < whole; i += L) {
            FloatVector rest = load(x, i).sub(centre).fma(splat(b), splat(c));
            store(load(gamma, i).mul(load(dy, i)).fma(splat(a), rest), dx, i);
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
            FloatVector error = load(dy, i);
            FloatVector normal = load(x, i).sub(centre).mul(scale);
            store(normal.fma(error, load(dgamma, i)), dgamma, i);
            store(load(dbeta, i).add(error), dbeta, i);
        }
        if (whole < n) {
            REST.parameterGradients(x + 4 * whole, centre, scale, dy + 4 * whole, dgamma + 4 * whole,
                    dbeta + 4 * whole, n - whole);
        }
    }

    @Override
    public double exponentials(long x, float max, long y, long n) {
        long whole = n - n % L;
        double total = 0;
        for (long start = 0; start < whole; start += BLOCK) {
            total += exponentialBlock(x, max, y, start, Math.min(whole, start + BLOCK));
        }
        return total + REST.exponentials(x + 4 * whole, max, y + 4 * whole, n - whole);
    }

    private static double exponentialBlock(long x, float max, long y, long start, long end) {
        FloatVector sum = splat(0);
        for (long i = start; i < end; i += L) {
            FloatVector power = VectorMath.exp(load(x, i).sub(max));
            store(power, y, i);
            sum = sum.add(power);
        }
        return VectorRows.inOrder(sum);
    }

    @Override
    public void softmaxGradient(long y, long dy, float mean, long dx, long n) {
        long whole = n - n % L;
        for (long i = 0; i < whole; i += L) {
            store(load(y, i).mul(load(dy, i).sub(mean)), dx, i);
        }
        if (whole < n) {
            REST.softmaxGradient(y + 4 * whole, dy + 4 * whole, mean, dx + 4 * whole, n - whole);
        }
    }
}
