package dev.halcyon.emulator.execution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

final class BitInstructionsTest {
    private static int[] of(int... values) {
        return values;
    }

    private static long[] of(long... values) {
        return values;
    }

    @Test
    void logicWorksOnEachBit() {
        int[] a = {0b1100};
        int[] b = {0b1010};
        assertArrayEquals(of(0b1000), Bench.words("and.b32 %r0, %r1, %r2;", a, b));
        assertArrayEquals(of(0b1110), Bench.words("or.b32 %r0, %r1, %r2;", a, b));
        assertArrayEquals(of(0b0110), Bench.words("xor.b32 %r0, %r1, %r2;", a, b));
        assertArrayEquals(of(~0b1100), Bench.words("not.b32 %r0, %r1;", a));
        assertArrayEquals(of(1, 0), Bench.words("cnot.b32 %r0, %r1;", of(0, 7)));
        assertArrayEquals(of(0x0ff0L), Bench.wides("and.b64 %l0, %l1, %l2;", of(0xfff0L), of(0x0fffL)));
        assertArrayEquals(of(~1L), Bench.wides("not.b64 %l0, %l1;", of(1L)));
        assertArrayEquals(of(0xfffe), Bench.words("cvt.u16.u32 %h1, %r1; not.b16 %h0, %h1; cvt.u32.u16 %r0, %h0;",
                of(1)));
    }

    /** The table of lop3 for a function is that function of 0xF0, 0xCC and 0xAA. */
    @Test
    void lop3IsAnyFunctionOfThreeBits() {
        int[] a = {0x12345678};
        int[] b = {0x0ff00ff0};
        int[] c = {0x55aa3344};
        int table = (0xf0 & 0xcc) ^ 0xaa;
        assertArrayEquals(of((a[0] & b[0]) ^ c[0]), Bench.words("lop3.b32 %r0, %r1, %r2, %r3, " + table + ";", a, b,
                c));
    }

    @Test
    void shiftsByTheWidthOrMoreShiftEverythingOut() {
        int[] amounts = {0, 4, 31, 32, -1};
        assertArrayEquals(of(9, 144, 1 << 31, 0, 0), Bench.words("shl.b32 %r0, %r1, %r2;", of(9, 9, 9, 9, 9), amounts));
        assertArrayEquals(of(-64, -4, -1, -1, -1), Bench.words("shr.s32 %r0, %r1, %r2;", of(-64, -64, -64, -64, -64),
                amounts));
        assertArrayEquals(of(-64, 0x0ffffffc, 1, 0, 0), Bench.words("shr.u32 %r0, %r1, %r2;",
                of(-64, -64, -64, -64, -64), amounts));
        String take = "cvt.u32.u64 %r1, %l2;";
        assertArrayEquals(of(1L << 40, 0L), Bench.wides(take + "shl.b64 %l0, %l1, %r1;", of(1L, 1L), of(40L, 64L)));
        assertArrayEquals(of(-1L, -1L), Bench.wides(take + "shr.s64 %l0, %l1, %r1;", of(-2L, -2L), of(1L, 64L)));
        assertArrayEquals(of(Long.MAX_VALUE, 0L), Bench.wides(take + "shr.u64 %l0, %l1, %r1;", of(-2L, -2L),
                of(1L, 64L)));
        assertArrayEquals(of(0xfff0, 0), Bench.words(
                "cvt.u16.u32 %h1, %r1; shl.b16 %h0, %h1, %r2; cvt.u32.u16 %r0, %h0;", of(0xffff, 1), of(4, 16)));
    }

    @Test
    void funnelShiftsJoinTwoWords() {
        int[] low = {0x11112222};
        int[] high = {0x33334444};
        assertArrayEquals(of(0x33344441), Bench.words("shf.l.wrap.b32 %r0, %r1, %r2, 4;", low, high));
        assertArrayEquals(of(0x41111222), Bench.words("shf.r.wrap.b32 %r0, %r1, %r2, 4;", low, high));
        assertArrayEquals(of(0x33344441), Bench.words("shf.l.wrap.b32 %r0, %r1, %r2, 36;", low, high));
        assertArrayEquals(of(0x33334444), Bench.words("shf.r.clamp.b32 %r0, %r1, %r2, 36;", low, high));
    }

    @Test
    void fieldsAreTakenOutAndPutIn() {
        assertArrayEquals(of(0x34), Bench.words("bfe.u32 %r0, %r1, 8, 8;", of(0x123456)));
        assertArrayEquals(of(-1, 7), Bench.words("bfe.s32 %r0, %r1, 4, 4;", of(0xf0, 0x70)));
        assertArrayEquals(of(0xffffabff), Bench.words("bfi.b32 %r0, %r1, %r2, 8, 8;", of(0xab), of(-1)));
        assertArrayEquals(of(0x500000007L), Bench.wides("bfi.b64 %l0, %l1, %l2, 32, 32;", of(5L), of(7L)));
        assertArrayEquals(of(0xfL), Bench.wides("bfe.u64 %l0, %l1, 60, 8;", of(-1L)));
    }

    @Test
    void bitsAreCountedAndFound() {
        assertArrayEquals(of(0, 32, 3), Bench.words("popc.b32 %r0, %r1;", of(0, -1, 0x10101)));
        assertArrayEquals(of(32, 0, 15), Bench.words("clz.b32 %r0, %r1;", of(0, -1, 0x10101)));
        assertArrayEquals(of(0, -1, 0x80808000), Bench.words("brev.b32 %r0, %r1;", of(0, -1, 0x10101)));
        assertArrayEquals(of(-1, 31, 16), Bench.words("bfind.u32 %r0, %r1;", of(0, -1, 0x10101)));
        assertArrayEquals(of(-1, -1, 16), Bench.words("bfind.s32 %r0, %r1;", of(0, -1, 0x10101)));
        assertArrayEquals(of(-1, 0, 15), Bench.words("bfind.shiftamt.u32 %r0, %r1;", of(0, -1, 0x10101)));
        assertArrayEquals(of(64L, 1L), Bench.wides("popc.b64 %r1, %l1; cvt.u64.u32 %l0, %r1;", of(-1L, 8L)));
        assertArrayEquals(of(0L, 60L), Bench.wides("clz.b64 %r1, %l1; cvt.u64.u32 %l0, %r1;", of(-1L, 8L)));
    }

    @Test
    void bytesArePermuted() {
        assertArrayEquals(of(0x11558822), Bench.words("prmt.b32 %r0, %r1, %r2, 0x0471;", of(0x44332211),
                of(0x88776655)));
        assertArrayEquals(of(0xff000000), Bench.words("prmt.b32 %r0, %r1, %r2, 0xb888;", of(0x84332211),
                of(0x88776655)));
    }
}
