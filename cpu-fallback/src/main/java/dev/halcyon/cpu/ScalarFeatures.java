package dev.halcyon.cpu;

/** Features by plain loops, with the roundings of the vector kernels wherever no sum is involved. */
public final class ScalarFeatures implements FeatureKernels {
    /** The kernels keep no state. */
    public ScalarFeatures() {
    }

    @Override
    public double deviations(long x, float centre, long n) {
        double sum = 0;
        for (long i = 0; i < n; i++) {
            sum += at(x, i) - centre;
        }
        return sum;
    }

    @Override
    public double squares(long x, float centre, long n) {
        double sum = 0;
        for (long i = 0; i < n; i++) {
            double deviation = at(x, i) - centre;
            sum += deviation * deviation;
        }
        return sum;
    }

    @Override
    public void normalize(long x, float centre, float scale, float offset, long gamma, long beta, long y, long n) {
        for (long i = 0; i < n; i++) {
            float normal = Math.fma(at(x, i) - centre, scale, offset);
            Memory.setFloat(y + 4 * i, Math.fma(normal, at(gamma, i), at(beta, i)));
        }
    }

    @Override
    public double gradientSum(long x, float centre, long gamma, long dy, long n) {
        double sum = 0;
        for (long i = 0; i < n; i++) {
            sum += (double) (at(x, i) - centre) * (at(gamma, i) * at(dy, i));
        }
        return sum;
    }

    @Override
    public void gradient(long x, float centre, float a, float b, float c, long gamma, long dy, long dx, long n) {
        for (long i = 0; i < n; i++) {
            float rest = Math.fma(at(x, i) - centre, b, c);
            Memory.setFloat(dx + 4 * i, Math.fma(at(gamma, i) * at(dy, i), a, rest));
        }
    }

    @Override
    public void parameterGradients(long x, float centre, float scale, long dy, long dgamma, long dbeta, long n) {
        for (long i = 0; i < n; i++) {
            float normal = (at(x, i) - centre) * scale;
            Memory.setFloat(dgamma + 4 * i, Math.fma(normal, at(dy, i), at(dgamma, i)));
            Memory.setFloat(dbeta + 4 * i, at(dbeta, i) + at(dy, i));
        }
    }

    @Override
    public double exponentials(long x, float max, long y, long n) {
        double sum = 0;
        for (long i = 0; i < n; i++) {
            float power = ScalarMath.exp(at(x, i) - max);
            Memory.setFloat(y + 4 * i, power);
            sum += power;
        }
        return sum;
    }

    @Override
    public void softmaxOfLanes(long x, int n, long max, long sum) {
        float largest = Float.NEGATIVE_INFINITY;
        for (long i = 0; i < n; i++) {
            largest = Math.max(largest, at(x, i));
        }
        float total = (float) exponentials(x, largest, x, n);
        for (long i = 0; i < n; i++) {
            Memory.setFloat(x + 4 * i, at(x, i) * (1 / total));
        }
        Memory.setFloat(max, largest);
        Memory.setFloat(sum, total);
    }

    @Override
    public void softmaxGradient(long y, long dy, float mean, long dx, long n) {
        for (long i = 0; i < n; i++) {
            Memory.setFloat(dx + 4 * i, at(y, i) * (at(dy, i) - mean));
        }
    }

    private static float at(long row, long i) {
        return Memory.getFloat(row + 4 * i);
    }
}
