package dev.halcyon.emulator.execution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

final class IntegerInstructionsTest {
    private static final int MIN = Integer.MIN_VALUE;
    private static final int MAX = Integer.MAX_VALUE;

    private static int[] of(int... values) {
        return values;
    }

    private static long[] of(long... values) {
        return values;
    }

    @Test
    void sumsWrapOrAreClamped() {
        assertArrayEquals(of(5, MIN, 0), Bench.words("add.s32 %r0, %r1, %r2;", of(2, MAX, -1), of(3, 1, 1)));
        assertArrayEquals(of(5, MAX, MIN), Bench.words("add.sat.s32 %r0, %r1, %r2;", of(2, MAX, MIN), of(3, 1, -1)));
        assertArrayEquals(of(-1, MAX, 0), Bench.words("sub.s32 %r0, %r1, %r2;", of(2, MIN, 7), of(3, 1, 7)));
        assertArrayEquals(of(1L << 32, -1L), Bench.wides("add.s64 %l0, %l1, %l2;", of(0xffffffffL, 5L), of(1L, -6L)));
        assertArrayEquals(of(0xffffffffL, 11L), Bench.wides("sub.u64 %l0, %l1, %l2;", of(1L << 32, 5L), of(1L, -6L)));
    }

    @Test
    void productsHaveTwoHalves() {
        int[] a = {7, 0x10000, -2, MIN};
        int[] b = {6, 0x10001, 3, MIN};
        assertArrayEquals(of(42, 0x10000, -6, 0), Bench.words("mul.lo.s32 %r0, %r1, %r2;", a, b));
        assertArrayEquals(of(0, 1, -1, 0x40000000), Bench.words("mul.hi.s32 %r0, %r1, %r2;", a, b));
        assertArrayEquals(of(0, 1, 2, 0x40000000), Bench.words("mul.hi.u32 %r0, %r1, %r2;", a, b));
        assertArrayEquals(of(43, 0x10001, -5, 1), Bench.words("mad.lo.s32 %r0, %r1, %r2, 1;", a, b));
        assertArrayEquals(of(1, 2, 3, 0x40000001), Bench.words("mad.hi.u32 %r0, %r1, %r2, 1;", a, b));
        assertArrayEquals(of(1L, 0xfffffffffffffffeL), Bench.wides("mul.hi.u64 %l0, %l1, %l2;", of(1L << 32, -1L),
                of(1L << 32, -1L)));
        assertArrayEquals(of(1L, 0L), Bench.wides("mul.hi.s64 %l0, %l1, %l2;", of(1L << 32, -1L), of(1L << 32, -1L)));
    }

    @Test
    void wideProductsHaveTwiceTheBits() {
        String take = "cvt.u32.u64 %r1, %l1; cvt.u32.u64 %r2, %l2;";
        assertArrayEquals(of(-6L, 0x3fffffff00000001L), Bench.wides(take + "mul.wide.s32 %l0, %r1, %r2;",
                of(-2L, MAX), of(3L, MAX)));
        assertArrayEquals(of(0x2fffffffaL), Bench.wides(take + "mul.wide.u32 %l0, %r1, %r2;", of(-2L), of(3L)));
        assertArrayEquals(of(4L), Bench.wides(take + "mov.u64 %l3, 10; mad.wide.s32 %l0, %r1, %r2, %l3;", of(-2L),
                of(3L)));
        assertArrayEquals(of(0x2fffffffaL), Bench.wides(
                take + "mov.u64 %l3, 0; mad.wide.u32 %l0, %r1, %r2, %l3;", of(-2L), of(3L)));
        assertArrayEquals(of(-6), Bench.words(
                "cvt.u16.u32 %h1, %r1; cvt.u16.u32 %h2, %r2; mul.wide.s16 %r0, %h1, %h2;", of(-2), of(3)));
    }

    @Test
    void quotientsAndRemaindersFollowTheSignOfTheDividend() {
        int[] a = {7, -7, 7, -7, MIN, 5};
        int[] b = {2, 2, -2, -2, -1, 0};
        assertArrayEquals(of(3, -3, -3, 3, MIN, -1), Bench.words("div.s32 %r0, %r1, %r2;", a, b));
        assertArrayEquals(of(1, -1, 1, -1, 0, -1), Bench.words("rem.s32 %r0, %r1, %r2;", a, b));
        assertArrayEquals(of(3, 0x7ffffffc), Bench.words("div.u32 %r0, %r1, %r2;", of(7, -7), of(2, 2)));
        assertArrayEquals(of(-3L, Long.MIN_VALUE), Bench.wides("div.s64 %l0, %l1, %l2;", of(-7L, Long.MIN_VALUE),
                of(2L, -1L)));
        assertArrayEquals(of(1L), Bench.wides("rem.u64 %l0, %l1, %l2;", of(-1L), of(2L)));
    }

    @Test
    void orderIsSignedOrNot() {
        int[] a = {1, -1, MIN};
        int[] b = {2, 1, MAX};
        assertArrayEquals(of(1, -1, MIN), Bench.words("min.s32 %r0, %r1, %r2;", a, b));
        assertArrayEquals(of(1, 1, MAX), Bench.words("min.u32 %r0, %r1, %r2;", a, b));
        assertArrayEquals(of(2, 1, MAX), Bench.words("max.s32 %r0, %r1, %r2;", a, b));
        assertArrayEquals(of(2, -1, MIN), Bench.words("max.u32 %r0, %r1, %r2;", a, b));
        assertArrayEquals(of(-1L, 3L), Bench.wides("min.s64 %l0, %l1, %l2;", of(-1L, 3L), of(1L, 4L)));
        assertArrayEquals(of(-1L, 4L), Bench.wides("max.u64 %l0, %l1, %l2;", of(-1L, 3L), of(1L, 4L)));
    }

    @Test
    void signsAndDistances() {
        assertArrayEquals(of(5, 5, MIN), Bench.words("abs.s32 %r0, %r1;", of(5, -5, MIN)));
        assertArrayEquals(of(-5, 5, MIN), Bench.words("neg.s32 %r0, %r1;", of(5, -5, MIN)));
        assertArrayEquals(of(-5L), Bench.wides("neg.s64 %l0, %l1;", of(5L)));
        assertArrayEquals(of(13, 13), Bench.words("sad.s32 %r0, %r1, %r2, 10;", of(1, 2), of(4, -1)));
    }

    @Test
    void numbersOf16BitsKeepTo16Bits() {
        String take = "cvt.u16.u32 %h1, %r1; cvt.u16.u32 %h2, %r2;";
        assertArrayEquals(of(0xfffe, 2), Bench.words(take + "add.s16 %h0, %h1, %h2; cvt.u32.u16 %r0, %h0;",
                of(0x7fff, 0xffff), of(0x7fff, 3)));
        assertArrayEquals(of(-2), Bench.words(take + "mul.lo.s16 %h0, %h1, %h2; cvt.s32.s16 %r0, %h0;", of(0xffff),
                of(2)));
        assertArrayEquals(of(0xffff, 1), Bench.words(take + "min.s16 %h0, %h1, %h2; cvt.u32.u16 %r0, %h0;",
                of(0xffff, 1), of(1, 2)));
        assertArrayEquals(of(1), Bench.words(take + "min.u16 %h0, %h1, %h2; cvt.u32.u16 %r0, %h0;", of(0xffff), of(1)));
    }

    @Test
    void packedProductsAreAddedUp() {
        assertArrayEquals(of(100 + 1 * 5 + 2 * 6 + 3 * 7 - 4 * 8), Bench.words("dp4a.s32.s32 %r0, %r1, %r2, 100;",
                of(0xfc030201), of(0x08070605)));
        assertArrayEquals(of(0x2fffffa, -6), Bench.words("mul24.lo.s32 %r0, %r1, %r2;", of(0x7fffff, -2),
                of(6, 3)));
    }
}
