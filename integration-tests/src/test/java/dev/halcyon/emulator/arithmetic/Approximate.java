package dev.halcyon.emulator.arithmetic;

/**
 * The {@code .approx} instructions in float32. PTX bounds their error and leaves the bits open; here each gives what
 * double precision says, rounded to the nearest float: at most a hair over half a unit in the last place from the
 * truth. A kernel whose result depends on more than the documented bound is not found out; limits of an instruction
 * that PTX does fix (zero where a divisor is too large) are kept.
 */
public final class Approximate {
    private static final double LN_2 = Math.log(2);
    private static final float LARGEST_DIVISOR = 0x1p126f;

    private Approximate() {
    }

    /** {@code div.approx.f32}: a/b; a divisor above 2^126 gives 0, or NaN where a is infinite. */
    public static float div(float a, float b) {
        boolean tooLarge = Math.abs(b) > LARGEST_DIVISOR && !Float.isInfinite(b);
        return tooLarge ? a * Math.copySign(0f, b) : a / b;
    }

    /** {@code rcp.approx.f32}: 1/a. */
    public static float rcp(float a) {
        return 1 / a;
    }

    /** {@code sqrt.approx.f32}. */
    public static float sqrt(float a) {
        return (float) Math.sqrt(a);
    }

    /** {@code rsqrt.approx.f32}: 1/sqrt(a); infinite, with the sign of a, at zero. */
    public static float rsqrt(float a) {
        return (float) (1 / Math.sqrt(a));
    }

    /** {@code ex2.approx.f32}: 2^a. */
    public static float ex2(float a) {
        return (float) Math.pow(2, a);
    }

    /** {@code lg2.approx.f32}: the logarithm to base 2. */
    public static float lg2(float a) {
        return (float) (Math.log(a) / LN_2);
    }

    /** {@code sin.approx.f32}, of radians. */
    public static float sin(float a) {
        return (float) Math.sin(a);
    }

    /** {@code cos.approx.f32}, of radians. */
    public static float cos(float a) {
        return (float) Math.cos(a);
    }

    /** {@code tanh.approx.f32}. */
    public static float tanh(float a) {
        return (float) Math.tanh(a);
    }
}
