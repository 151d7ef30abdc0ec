package dev.halcyon.emulator.execution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.emulator.arithmetic.Float32;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What instructions compute is tested beside the arithmetic itself; this is about which instruction computes what. */
final class FloatInstructionsTest {
    private static final float NAN = Float.NaN;
    private static final float TINY = Float.MIN_VALUE;
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    private static float[] of(float... values) {
        return values;
    }

    private static int[] of(int... values) {
        return values;
    }

    @Test
    void frequentInstructionsAreThoseOfJava() {
        Random random = new Random(1);
        float[] a = new float[256];
        float[] b = new float[256];
        float[] c = new float[256];
        float[] sums = new float[256];
        float[] products = new float[256];
        float[] quotients = new float[256];
        float[] fused = new float[256];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) Math.scalb(random.nextGaussian(), random.nextInt(200) - 100);
            b[i] = (float) Math.scalb(random.nextGaussian(), random.nextInt(60) - 30);
            c[i] = (float) random.nextGaussian() * a[i];
            sums[i] = a[i] + c[i];
            products[i] = a[i] * b[i];
            quotients[i] = a[i] / b[i];
            fused[i] = Math.fma(a[i], b[i], c[i]);
        }
        assertArrayEquals(sums, Bench.floats("add.f32 %r0, %r1, %r2;", a, c));
        assertArrayEquals(products, Bench.floats("mul.rn.f32 %r0, %r1, %r2;", a, b));
        assertArrayEquals(quotients, Bench.floats("div.rn.f32 %r0, %r1, %r2;", a, b));
        assertArrayEquals(fused, Bench.floats("fma.rn.f32 %r0, %r1, %r2, %r3;", a, b, c));
    }

    @Test
    void everyNanIsTheSame() {
        assertArrayEquals(of(Float32.NAN, Float32.NAN), Bench.words("add.f32 %r0, %r1, %r2;",
                of(0xffc12345, 0x7f800000), of(0, 0xff800000)));
    }

    @Test
    void roundingIsThatOfTheModifier() {
        float[] one = {1};
        float[] half = {0x1p-25f};
        assertEquals(1, Bench.floats("add.rz.f32 %r0, %r1, %r2;", one, half)[0]);
        assertEquals(Math.nextUp(1f), Bench.floats("add.rp.f32 %r0, %r1, %r2;", one, half)[0]);
        assertEquals(Math.nextDown(1f), Bench.floats("sub.rm.f32 %r0, %r1, %r2;", one, of(0x1p-30f))[0]);
        assertEquals(1, Bench.floats("fma.rm.f32 %r0, %r1, %r2, %r1;", one, half)[0]);
        assertEquals(0x1.555554p-2f, Bench.floats("rcp.rz.f32 %r0, %r1;", of(3f))[0]);
        assertEquals(0x1.6a09e8p0f, Bench.floats("sqrt.rp.f32 %r0, %r1;", of(2f))[0]);
    }

    @Test
    void subnormalNumbersAreFlushedAndResultsSaturatedOnDemand() {
        assertArrayEquals(of(2 * TINY), Bench.floats("add.f32 %r0, %r1, %r1;", of(TINY)));
        assertArrayEquals(of(0f), Bench.floats("add.ftz.f32 %r0, %r1, %r1;", of(TINY)));
        assertArrayEquals(of(1f, 0f, 0f, 0.5f), Bench.floats("add.sat.f32 %r0, %r1, %r2;", of(1f, -1f, NAN, 0.25f),
                of(1f, -1f, 0f, 0.25f)));
        assertArrayEquals(of(-0f), Bench.floats("mul.ftz.f32 %r0, %r1, %r2;", of(-TINY), of(1f)));
    }

    @Test
    void extremesPreferNumbersToNan() {
        float[] a = {1, NAN, -0f, NAN};
        float[] b = {2, 5, 0f, NAN};
        assertArrayEquals(of(1, 5, -0f, NAN), Bench.floats("min.f32 %r0, %r1, %r2;", a, b));
        assertArrayEquals(of(2, 5, 0f, NAN), Bench.floats("max.f32 %r0, %r1, %r2;", a, b));
        assertArrayEquals(of(2, NAN, 0f, NAN), Bench.floats("max.NaN.f32 %r0, %r1, %r2;", a, b));
    }

    @Test
    void signsAreTakenAndGiven() {
        assertArrayEquals(of(1.5f, INFINITY), Bench.floats("abs.f32 %r0, %r1;", of(-1.5f, -INFINITY)));
        assertArrayEquals(of(1.5f, -0f), Bench.floats("neg.f32 %r0, %r1;", of(-1.5f, 0f)));
        assertArrayEquals(of(-2f), Bench.floats("copysign.f32 %r0, %r1, %r2;", of(-1.5f), of(2f)));
    }

    @Test
    void approximationsAreCloseEnough() {
        float[] x = {0.7f};
        assertEquals(Math.pow(2, 0.7f), Bench.floats("ex2.approx.ftz.f32 %r0, %r1;", x)[0], 2e-7);
        assertEquals(Math.log(0.7f) / Math.log(2), Bench.floats("lg2.approx.f32 %r0, %r1;", x)[0], 1e-7);
        assertEquals(Math.sin(0.7f), Bench.floats("sin.approx.f32 %r0, %r1;", x)[0], 1e-7);
        assertEquals(Math.cos(0.7f), Bench.floats("cos.approx.f32 %r0, %r1;", x)[0], 1e-7);
        assertEquals(Math.tanh(0.7f), Bench.floats("tanh.approx.f32 %r0, %r1;", x)[0], 1e-7);
        assertEquals(1 / Math.sqrt(0.7f), Bench.floats("rsqrt.approx.f32 %r0, %r1;", x)[0], 1e-7);
        assertEquals(1 / 0.7f, Bench.floats("rcp.approx.ftz.f32 %r0, %r1;", x)[0], 1e-7);
        assertEquals(Math.sqrt(0.7f), Bench.floats("sqrt.approx.f32 %r0, %r1;", x)[0], 1e-7);
        assertEquals(0.7f / 3, Bench.floats("div.approx.f32 %r0, %r1, %r2;", x, of(3f))[0], 1e-7);
        assertEquals(0.7f / 3, Bench.floats("div.full.f32 %r0, %r1, %r2;", x, of(3f))[0], 1e-7);
    }

    @Test
    void doublesAreThoseOfJava() {
        double a = 1 / 3.0;
        double b = -7.25;
        long[] x = Bench.bits(a);
        long[] y = Bench.bits(b);
        assertArrayEquals(Bench.bits(a + b), Bench.wides("add.f64 %l0, %l1, %l2;", x, y));
        assertArrayEquals(Bench.bits(a * b), Bench.wides("mul.rn.f64 %l0, %l1, %l2;", x, y));
        assertArrayEquals(Bench.bits(a / b), Bench.wides("div.rn.f64 %l0, %l1, %l2;", x, y));
        assertArrayEquals(Bench.bits(Math.fma(a, b, a)), Bench.wides("fma.rn.f64 %l0, %l1, %l2, %l1;", x, y));
        assertArrayEquals(Bench.bits(Math.sqrt(a)), Bench.wides("sqrt.rn.f64 %l0, %l1;", x));
        assertArrayEquals(Bench.bits(b), Bench.wides("min.f64 %l0, %l1, %l2;", x, y));
        assertArrayEquals(Bench.bits(-b), Bench.wides("abs.f64 %l0, %l1;", y));
    }

    @Test
    void halvesAreRoundedToHalves() {
        String take = "cvt.u16.u32 %h1, %r1; cvt.u16.u32 %h2, %r2;";
        // bfloat16: 1 = 3f80, 2 = 4000, 3 = 4040, 1 + 2^-7 = 3f81
        assertArrayEquals(of(0x4040), Bench.words(
                take + "mov.b16 %h3, 0x3f80; fma.rn.bf16 %h0, %h1, %h2, %h3; cvt.u32.u16 %r0, %h0;", of(0x3f80),
                of(0x4000)));
        assertArrayEquals(of(0x40404000), Bench.words("mov.u32 %r3, 0; fma.rn.bf16x2 %r0, %r1, %r2, %r3;",
                of(0x40403f80), of(0x3f804000)));
        // float16: 1 = 3c00, 2 = 4000, 3 = 4200
        assertArrayEquals(of(0x4200), Bench.words(take + "add.f16 %h0, %h1, %h2; cvt.u32.u16 %r0, %h0;", of(0x3c00),
                of(0x4000)));
        assertArrayEquals(of(0x42004000), Bench.words("mul.f16x2 %r0, %r1, %r2;", of(0x42003c00), of(0x3c004000)));
        assertArrayEquals(of(0x4000), Bench.words(take + "max.bf16 %h0, %h1, %h2; cvt.u32.u16 %r0, %h0;", of(0x3f80),
                of(0x4000)));
        assertArrayEquals(of(0xc000), Bench.words(take + "neg.bf16 %h0, %h1; cvt.u32.u16 %r0, %h0;", of(0x4000),
                of(0)));
    }
}
