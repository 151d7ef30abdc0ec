package dev.halcyon.emulator.execution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

final class ConversionInstructionsTest {
    private static int[] of(int... values) {
        return values;
    }

    private static long[] of(long... values) {
        return values;
    }

    private static int[] bits(float... values) {
        return Bench.bits(values);
    }

    @Test
    void integersAreExtendedAndCut() {
        assertArrayEquals(of(-1L, 5L), Bench.wides("cvt.u32.u64 %r1, %l1; cvt.s64.s32 %l0, %r1;", of(-1L, 5L)));
        assertArrayEquals(of(0xffffffffL, 5L), Bench.wides("cvt.u32.u64 %r1, %l1; cvt.u64.u32 %l0, %r1;", of(-1L, 5L)));
        assertArrayEquals(of(-128, 127), Bench.words("cvt.s32.s8 %r0, %r1;", of(0x180, 0x17f)));
        assertArrayEquals(of(0x80, 0x7f), Bench.words("cvt.u32.u8 %r0, %r1;", of(0x180, 0x17f)));
        assertArrayEquals(of(-2, 0x7fff), Bench.words("cvt.u16.u32 %h1, %r1; cvt.s32.s16 %r0, %h1;", of(0xfffe,
                0x17fff)));
        assertArrayEquals(of(0xff80), Bench.words("cvt.s16.s8 %h1, %r1; mov.b32 %r0, {%h1, 0};", of(0x80)));
        assertArrayEquals(of(255, 0), Bench.words("cvt.sat.u8.s32 %r0, %r1;", of(300, -5)));
    }

    @Test
    void floatsBecomeIntegersByTheRoundingNamed() {
        int[] x = bits(2.5f, -2.5f, 3e9f, Float.NaN);
        assertArrayEquals(of(2, -2, Integer.MAX_VALUE, 0), Bench.words("cvt.rni.s32.f32 %r0, %r1;", x));
        assertArrayEquals(of(2, -2, Integer.MAX_VALUE, 0), Bench.words("cvt.rzi.s32.f32 %r0, %r1;", x));
        assertArrayEquals(of(2, -3, Integer.MAX_VALUE, 0), Bench.words("cvt.rmi.s32.f32 %r0, %r1;", x));
        assertArrayEquals(of(3, -2, Integer.MAX_VALUE, 0), Bench.words("cvt.rpi.s32.f32 %r0, %r1;", x));
        assertArrayEquals(of(2, 0, (int) 3000000000L, 0), Bench.words("cvt.rzi.u32.f32 %r0, %r1;", x));
        assertArrayEquals(bits(2f, -2f, 3e9f, Float.intBitsToFloat(0x7fffffff)),
                Bench.words("cvt.rni.f32.f32 %r0, %r1;",
                        x));
    }

    @Test
    void integersBecomeTheNearestFloats() {
        assertArrayEquals(bits(-7f, 16777216f), Bench.words("cvt.rn.f32.s32 %r0, %r1;", of(-7, 16777217)));
        assertArrayEquals(bits(16777218f), Bench.words("cvt.rp.f32.s32 %r0, %r1;", of(16777217)));
        assertArrayEquals(bits(4294967295f), Bench.words("cvt.rn.f32.u32 %r0, %r1;", of(-1)));
        assertArrayEquals(Bench.bits(-7.0), Bench.wides("cvt.rn.f64.s64 %l0, %l1;", of(-7L)));
        assertArrayEquals(bits(200f), Bench.words("cvt.rn.f32.u8 %r0, %r1;", of(0x1c8)));
    }

    @Test
    void floatsOfOtherWidths() {
        assertArrayEquals(bits((float) (1 / 3.0)), Bench.words(
                "cvt.f64.f32 %d1, %r1; rcp.rn.f64 %d1, %d1; cvt.rn.f32.f64 %r0, %d1;", bits(3f)));
        assertArrayEquals(of(0x3c00, 0x7c00), Bench.words("cvt.rn.f16.f32 %h1, %r1; cvt.u32.u16 %r0, %h1;",
                bits(1f, 1e6f)));
        assertArrayEquals(bits(1.5f), Bench.words("cvt.u16.u32 %h1, %r1; cvt.f32.f16 %r0, %h1;", of(0x3e00)));
        assertArrayEquals(of(0x3f80, 0x3f82), Bench.words("cvt.rn.bf16.f32 %h1, %r1; cvt.u32.u16 %r0, %h1;",
                bits(1f + 0x1p-8f, 1f + 0x3p-8f)));
        assertArrayEquals(of(0x40003f80), Bench.words("cvt.rn.bf16x2.f32 %r0, %r1, %r2;", bits(2f), bits(1f)));
        assertArrayEquals(of(0x3f802000), Bench.words("cvt.rna.tf32.f32 %r0, %r1;", of(0x3f801000)));
        assertArrayEquals(bits(1f, 0f), Bench.words("cvt.sat.f32.f32 %r0, %r1;", bits(7f, -7f)));
    }

    @Test
    void registersAreTakenApartAndPutTogether() {
        assertArrayEquals(of(0x0000000200000001L), Bench.wides(
                "mov.b64 {%r1, %r2}, %l1; mov.b64 %l0, {%r2, %r1};", of(0x0000000100000002L)));
        assertArrayEquals(of(0x56781234), Bench.words("mov.b32 {%h1, %h2}, %r1; mov.b32 %r0, {%h2, %h1};",
                of(0x12345678)));
        assertArrayEquals(of(0x12340000), Bench.words("mov.b32 {_, %h2}, %r1; { mov.b32 %r0, {0, %h2};}",
                of(0x12345678)));
    }
}
