package dev.halcyon.emulator.execution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

final class PredicateInstructionsTest {
    private static final String SELECT = "selp.u32 %r0, 1, 0, %p1;";

    private static int[] of(int... values) {
        return values;
    }

    private static int[] words(String comparison, int[] a, int[] b) {
        return Bench.words("setp." + comparison + " %p1, %r1, %r2;" + SELECT, a, b);
    }

    @Test
    void integersAreCompared() {
        int[] a = {1, 2, -1};
        int[] b = {2, 2, 1};
        assertArrayEquals(of(0, 1, 0), words("eq.s32", a, b));
        assertArrayEquals(of(1, 0, 1), words("ne.b32", a, b));
        assertArrayEquals(of(1, 0, 1), words("lt.s32", a, b));
        assertArrayEquals(of(1, 0, 0), words("lt.u32", a, b));
        assertArrayEquals(of(1, 0, 0), words("lo.u32", a, b));
        assertArrayEquals(of(1, 1, 1), words("le.s32", a, b));
        assertArrayEquals(of(0, 0, 1), words("gt.u32", a, b));
        assertArrayEquals(of(0, 1, 0), words("ge.s32", a, b));
        assertArrayEquals(of(0, 1, 1), words("hs.u32", a, b));
        assertArrayEquals(new long[] {1, 0}, Bench.wides("setp.lt.s64 %p1, %l1, %l2; selp.b64 %l0, 1, 0, %p1;",
                new long[] {-1, 1L << 40}, new long[] {1, 1}));
        assertArrayEquals(of(1, 0), Bench.words(
                "cvt.u16.u32 %h1, %r1; cvt.u16.u32 %h2, %r2; setp.lt.s16 %p1, %h1, %h2;" + SELECT, of(0xffff, 1),
                of(0, 1)));
    }

    @Test
    void floatsAreComparedInOrderOrNot() {
        int[] a = Bench.bits(1, 2, Float.NaN, -0f);
        int[] b = Bench.bits(2, 2, 2, 0f);
        assertArrayEquals(of(0, 1, 0, 1), words("eq.f32", a, b));
        assertArrayEquals(of(1, 0, 0, 0), words("ne.f32", a, b));
        assertArrayEquals(of(1, 0, 1, 0), words("neu.f32", a, b));
        assertArrayEquals(of(1, 0, 0, 0), words("lt.f32", a, b));
        assertArrayEquals(of(1, 0, 1, 0), words("ltu.f32", a, b));
        assertArrayEquals(of(0, 1, 0, 1), words("ge.f32", a, b));
        assertArrayEquals(of(0, 1, 1, 1), words("geu.f32", a, b));
        assertArrayEquals(of(0, 0, 1, 0), words("gtu.f32", a, b));
        assertArrayEquals(of(1, 1, 1, 1), words("leu.f32", a, b));
        assertArrayEquals(of(0, 1, 1, 1), words("equ.f32", a, b));
        assertArrayEquals(of(1, 1, 0, 1), words("num.f32", a, b));
        assertArrayEquals(of(0, 0, 1, 0), words("nan.f32", a, b));
        assertArrayEquals(new long[] {1}, Bench.wides("setp.gt.f64 %p1, %l1, %l2; selp.b64 %l0, 1, 0, %p1;",
                Bench.bits(2.0), Bench.bits(1.0)));
    }

    @Test
    void comparisonsAreCombinedWithPredicates() {
        int[] a = {1, 1, 3, 3};
        int[] b = {0, 1, 0, 1};
        String flag = "setp.ne.s32 %p2, %r2, 0;";
        assertArrayEquals(of(0, 1, 0, 0), Bench.words(flag + "setp.lt.and.s32 %p1, %r1, 2, %p2;" + SELECT, a, b));
        assertArrayEquals(of(1, 0, 0, 0), Bench.words(flag + "setp.lt.and.s32 %p1, %r1, 2, !%p2;" + SELECT, a, b));
        assertArrayEquals(of(1, 1, 0, 1), Bench.words(flag + "setp.lt.or.s32 %p1, %r1, 2, %p2;" + SELECT, a, b));
        assertArrayEquals(of(1, 0, 0, 1), Bench.words(flag + "setp.lt.xor.s32 %p1, %r1, 2, %p2;" + SELECT, a, b));
        assertArrayEquals(of(0, 0, 1, 1), Bench.words("setp.lt.s32 %p2|%p1, %r1, 2;" + SELECT, a, b));
    }

    @Test
    void predicatesAreCombined() {
        int[] a = {0, 0, 1, 1};
        int[] b = {0, 1, 0, 1};
        String flags = "setp.ne.s32 %p2, %r1, 0; setp.ne.s32 %p3, %r2, 0;";
        assertArrayEquals(of(0, 0, 0, 1), Bench.words(flags + "and.pred %p1, %p2, %p3;" + SELECT, a, b));
        assertArrayEquals(of(0, 1, 1, 1), Bench.words(flags + "or.pred %p1, %p2, %p3;" + SELECT, a, b));
        assertArrayEquals(of(0, 1, 1, 0), Bench.words(flags + "xor.pred %p1, %p2, %p3;" + SELECT, a, b));
        assertArrayEquals(of(1, 1, 0, 0), Bench.words(flags + "not.pred %p1, %p2;" + SELECT, a, b));
        assertArrayEquals(of(0, 1, 0, 1), Bench.words(flags + "mov.pred %p1, %p3;" + SELECT, a, b));
    }

    @Test
    void instructionsRunWhereTheirPredicateHolds() {
        assertArrayEquals(of(7, 5, 7, 5), Bench.words(
                "setp.eq.s32 %p1, %r1, 0; mov.u32 %r0, 5; @%p1 mov.u32 %r0, 7;", of(0, 1, 0, 1)));
        assertArrayEquals(of(5, 7, 5, 7), Bench.words(
                "setp.eq.s32 %p1, %r1, 0; mov.u32 %r0, 5; @!%p1 add.s32 %r0, %r0, 2;", of(0, 1, 0, 1)));
    }

    @Test
    void kindsOfNumbersAreTold() {
        int[] x = Bench.bits(1, Float.POSITIVE_INFINITY, Float.NaN, Float.MIN_VALUE, 0);
        assertArrayEquals(of(1, 0, 0, 1, 1), Bench.words("testp.finite.f32 %p1, %r1;" + SELECT, x));
        assertArrayEquals(of(0, 1, 0, 0, 0), Bench.words("testp.infinite.f32 %p1, %r1;" + SELECT, x));
        assertArrayEquals(of(1, 1, 0, 1, 1), Bench.words("testp.number.f32 %p1, %r1;" + SELECT, x));
        assertArrayEquals(of(0, 0, 1, 0, 0), Bench.words("testp.notanumber.f32 %p1, %r1;" + SELECT, x));
        assertArrayEquals(of(1, 0, 0, 0, 0), Bench.words("testp.normal.f32 %p1, %r1;" + SELECT, x));
        assertArrayEquals(of(0, 0, 0, 1, 0), Bench.words("testp.subnormal.f32 %p1, %r1;" + SELECT, x));
    }

    @Test
    void comparisonsBecomeNumbers() {
        assertArrayEquals(of(-1, 0), Bench.words("set.lt.u32.s32 %r0, %r1, 5;", of(1, 9)));
        assertArrayEquals(Bench.bits(1, 0), Bench.words("set.lt.f32.s32 %r0, %r1, 5;", of(1, 9)));
        assertArrayEquals(of(10, 20), Bench.words("slct.u32.s32 %r0, 10, 20, %r1;", of(0, -1)));
    }
}
