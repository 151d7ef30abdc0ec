package dev.halcyon.cpu;

/** Loops over one row of {@code n} floats whose elements belong together: features of a sample, scores of classes. */
public interface FeatureKernels {
    /** Σ (x - centre). */
    double deviations(long x, float centre, long n);

    /** Σ (x - centre)². */
    double squares(long x, float centre, long n);

    /** y = ((x - centre) scale + offset) gamma + beta. */
    void normalize(long x, float centre, float scale, float offset, long gamma, long beta, long y, long n);

    /** Σ (x - centre) gamma dy. */
    double gradientSum(long x, float centre, long gamma, long dy, long n);

    /** dx = a gamma dy + b (x - centre) + c. */
    void gradient(long x, float centre, float a, float b, float c, long gamma, long dy, long dx, long n);

    /** dgamma += (x - centre) scale dy and dbeta += dy. */
    void parameterGradients(long x, float centre, float scale, long dy, long dgamma, long dbeta, long n);

    /** y = e^(x - max), where y may be x; returns Σ y. */
    double exponentials(long x, float max, long y, long n);

    /** dx = y (dy - mean). */
    void softmaxGradient(long y, long dy, float mean, long dx, long n);

    /**
     * Softmax of as many rows as a vector has lanes, side by side: x = e^(x - max) / sum.
     *
     * @param x row by lane, {@code n} vectors
     * @param max where to write the largest of each lane
     * @param sum where to write the sum of each lane's exponentials
     */
    void softmaxOfLanes(long x, int n, long max, long sum);
}
