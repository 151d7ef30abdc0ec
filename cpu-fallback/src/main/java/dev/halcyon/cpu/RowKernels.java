package dev.halcyon.cpu;

import dev.halcyon.device.AdamWStep;
import dev.halcyon.device.Binary;
import dev.halcyon.device.SgdStep;
import dev.halcyon.device.Unary;

/** Loops over rows of floats: {@code n} neighbours from an address on. */
public interface RowKernels {
    /** y = op(x). */
    void unary(Unary op, long x, long y, long n);

    /** dx = dy op'(x), where {@code saved} is x or y as {@link Unary#saved} says. */
    void unaryGradient(Unary op, long saved, long dy, long dx, long n);

    /**
     * y = op(a, b).
     *
     * @param aStep 1 if a is a row, 0 if it is one number for all
     * @param bStep the same for b
     */
    void binary(Binary op, long a, int aStep, long b, int bStep, long y, long n);

    /** y = alpha x + beta y; with beta 0, y is not read. */
    void scaleAdd(float alpha, long x, float beta, long y, long n);

    /** y = y + a b. */
    void multiplyAdd(long a, long b, long y, long n);

    /** Σ x, with an error far below that of adding floats one by one. */
    double sum(long x, long n);

    /** Σ x y, likewise. */
    double dot(long x, long y, long n);

    /** Largest element, NaN if there is one, -∞ for no element. */
    float max(long x, long n);

    /** y = x + y. */
    void addTo(long x, long y, long n);

    /**
     * y = activation(y + bias + residual), for rows {@code step} bytes apart.
     *
     * @param bias n floats for every row, or 0 for none
     * @param residual bytes from an element to what is added to it, or 0 for nothing
     * @param activation one that {@link ChannelKernels#fuses}
     */
    void finish(long y, long step, long rows, long n, long bias, long residual, Unary activation);

    /** Whether no element is infinite or NaN. */
    boolean allFinite(long x, long n);

    /**
     * A step of {@link SgdStep} for one run of values.
     *
     * @param v velocities, unused without momentum
     */
    void sgd(SgdStep d, long w, long g, long v, long n);

    /** A step of {@link AdamWStep} for one run of values. */
    void adamW(AdamWStep d, long w, long g, long first, long second, long n);
}
