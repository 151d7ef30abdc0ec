package dev.halcyon.emulator.execution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Lanes that take different ways, and that they are together again afterwards. */
final class ControlFlowTest {
    private static final int LANES = 32;

    /** What activemask says in each lane at the end of some code. */
    private static int[] together(String code) {
        return Bench.words(code + "\nactivemask.b32 %r0;", Bench.lanes(LANES));
    }

    private static int[] everywhere(int value) {
        int[] values = new int[LANES];
        Arrays.fill(values, value);
        return values;
    }

    @Test
    void lanesMeetAfterNestedChoices() {
        String code = """
                setp.lt.s32 %p1, %r1, 16;
                @%p1 bra LEFT;
                and.b32 %r2, %r1, 1;
                setp.eq.s32 %p2, %r2, 0;
                @%p2 bra EVEN;
                mov.u32 %r3, 3;
                bra.uni RIGHTEND;
                EVEN:
                mov.u32 %r3, 2;
                RIGHTEND:
                activemask.b32 %r5;
                bra.uni END;
                LEFT:
                mov.u32 %r3, 1;
                activemask.b32 %r5;
                END:
                """;
        assertArrayEquals(everywhere(-1), together(code));
        int[] masks = Bench.words(code + "mov.u32 %r0, %r5;", Bench.lanes(LANES));
        int[] chosen = Bench.words(code + "mov.u32 %r0, %r3;", Bench.lanes(LANES));
        for (int lane = 0; lane < LANES; lane++) {
            assertEquals(lane < 16 ? 0xffff : 0xffff0000, masks[lane]);
            assertEquals(lane < 16 ? 1 : lane % 2 == 0 ? 2 : 3, chosen[lane]);
        }
    }

    @Test
    void eachLaneLoopsAsOftenAsItLikes() {
        String code = """
                mov.u32 %r2, 0;
                mov.u32 %r3, 0;
                LOOP:
                add.s32 %r3, %r3, %r2;
                add.s32 %r2, %r2, 1;
                setp.le.s32 %p1, %r2, %r1;
                @%p1 bra LOOP;
                """;
        int[] sums = Bench.words(code + "mov.u32 %r0, %r3;", Bench.lanes(LANES));
        for (int lane = 0; lane < LANES; lane++) {
            assertEquals(lane * (lane + 1) / 2, sums[lane]);
        }
        assertArrayEquals(everywhere(-1), together(code));
    }

    @Test
    void breaksOutOfNestedLoopsMeetBehindThem() {
        String code = """
                mov.u32 %r3, 0;
                mov.u32 %r2, 0;
                OUTER:
                mov.u32 %r4, 0;
                INNER:
                add.s32 %r3, %r3, 1;
                mul.lo.s32 %r5, %r2, 10;
                add.s32 %r5, %r5, %r4;
                setp.eq.s32 %p1, %r5, %r1;
                @%p1 bra DONE;
                add.s32 %r4, %r4, 1;
                setp.lt.s32 %p2, %r4, 10;
                @%p2 bra INNER;
                activemask.b32 %r6;
                add.s32 %r2, %r2, 1;
                setp.lt.s32 %p3, %r2, 10;
                @%p3 bra OUTER;
                DONE:
                """;
        assertArrayEquals(everywhere(-1), together(code));
        int[] steps = Bench.words(code + "mov.u32 %r0, %r3;", Bench.lanes(LANES));
        for (int lane = 0; lane < LANES; lane++) {
            assertEquals(lane + 1, steps[lane]);
        }
    }

    /** A return in one way must not keep the others from meeting. */
    @Test
    void lanesThatReturnAreNotWaitedFor() {
        String code = """
                mov.u32 %r0, 100;
                st.global.u32 [%l10], %r0;
                setp.lt.s32 %p1, %r1, 4;
                @%p1 bra SMALL;
                mov.u32 %r2, 1;
                bra.uni BEHIND;
                SMALL:
                setp.eq.s32 %p2, %r1, 2;
                @%p2 ret;
                setp.eq.s32 %p2, %r1, 3;
                @!%p2 bra STAY;
                ret;
                STAY:
                mov.u32 %r2, 2;
                BEHIND:
                activemask.b32 %r0;
                """;
        int[] masks = Bench.words(code, Bench.lanes(LANES));
        int[] expected = everywhere(~0b1100);
        expected[2] = 100;
        expected[3] = 100;
        assertArrayEquals(expected, masks);
    }

    @Test
    void indexedBranchesGoWhereTheRegisterSays() {
        String code = """
                TABLE: .branchtargets ZERO, ONE, TWO, ZERO;
                and.b32 %r2, %r1, 3;
                brx.idx %r2, TABLE;
                ZERO:
                mov.u32 %r3, 10;
                activemask.b32 %r4;
                bra END;
                ONE:
                mov.u32 %r3, 11;
                bra END;
                TWO:
                mov.u32 %r3, 12;
                END:
                """;
        assertArrayEquals(everywhere(-1), together(code));
        int[] chosen = Bench.words(code + "mov.u32 %r0, %r3;", Bench.lanes(8));
        assertArrayEquals(new int[] {10, 11, 12, 10, 10, 11, 12, 10}, chosen);
        int[] masks = Bench.words(code + "mov.u32 %r0, %r4;", Bench.lanes(LANES));
        assertEquals(0x99999999, masks[0]);
    }

    @Test
    void scopesDeclareRegistersAgain() {
        assertArrayEquals(new int[] {8}, Bench.words("""
                mov.u32 %r2, 1;
                {
                    .reg .b32 %r2;
                    mov.u32 %r2, 7;
                    {
                        .reg .pred %r2;
                        setp.eq.s32 %r2, 0, 0;
                        bra.uni NEXT;
                        NEXT:
                    }
                    mov.u32 %r3, %r2;
                }
                add.s32 %r0, %r2, %r3;
                """, new int[1]));
    }

    @Test
    void functionsAreCalledByDivergedLanes() {
        String ptx = """
                .version 7.8
                .target sm_80
                .address_size 64
                .func (.param .b32 result) twice(.param .b32 x)
                {
                    .reg .b32 %r<3>;
                    .reg .pred %p;
                    ld.param.u32 %r1, [x];
                    setp.gt.s32 %p, %r1, 20;
                    @%p bra LARGE;
                    add.s32 %r2, %r1, %r1;
                    st.param.b32 [result], %r2;
                    ret;
                LARGE:
                    st.param.b32 [result], 1000;
                    ret;
                }
                .visible .entry k(.param .u64 out)
                {
                    .reg .b32 %r<8>;
                    .reg .b64 %l<4>;
                    .reg .pred %p;
                    mov.u32 %r1, %tid.x;
                    mov.u32 %r2, %r1;
                    setp.lt.u32 %p, %r1, 4;
                    @%p bra SKIP;
                    { .param .b32 a; .param .b32 r;
                      st.param.b32 [a], %r1;
                      call.uni (r), twice, (a);
                      ld.param.b32 %r2, [r]; }
                    { .param .b32 a; .param .b32 r;
                      st.param.b32 [a], %r2;
                      call (r), twice, (a);
                      ld.param.b32 %r2, [r]; }
                SKIP:
                    ld.param.u64 %l1, [out];
                    mad.wide.u32 %l2, %r1, 4, %l1;
                    st.global.u32 [%l2], %r2;
                    ret;
                }
                """;
        try (Bench bench = new Bench()) {
            long out = bench.memory.allocate(4 * LANES);
            bench.launch(ptx, "k", LaunchShape.of(1, LANES), out);
            bench.requireNoFindings();
            int[] results = bench.ints(out, LANES);
            for (int lane = 0; lane < LANES; lane++) {
                int once = lane > 20 ? 1000 : 2 * lane;
                assertEquals(lane < 4 ? lane : once > 20 ? 1000 : 2 * once, results[lane]);
            }
        }
    }

    @Test
    void blocksAndThreadsKnowTheirPlaces() {
        String ptx = Bench.kernel(1, """
                mov.u32 %r1, %tid.x;
                mov.u32 %r2, %tid.y;
                mov.u32 %r3, %ntid.x;
                mad.lo.s32 %r4, %r2, %r3, %r1;
                mov.u32 %r5, %ctaid.x;
                mov.u32 %r6, %ctaid.y;
                mov.u32 %r7, %nctaid.x;
                mad.lo.s32 %r8, %r6, %r7, %r5;
                mov.u32 %r9, %ntid.y;
                mul.lo.s32 %r10, %r9, %r3;
                mad.lo.s32 %r11, %r8, %r10, %r4;
                mov.u32 %r12, %laneid;
                ld.param.u64 %l1, [p0];
                mad.wide.s32 %l2, %r11, 4, %l1;
                shl.b32 %r13, %r11, 8;
                add.s32 %r13, %r13, %r12;
                st.global.u32 [%l2], %r13;
                """);
        try (Bench bench = new Bench()) {
            long out = bench.memory.allocate(4 * 6 * 40);
            bench.launch(ptx, "k", new LaunchShape(3, 2, 1, 8, 5, 1, 0), out);
            int[] results = bench.ints(out, 240);
            for (int i = 0; i < results.length; i++) {
                assertEquals((i << 8) + i % 40 % 32, results[i]);
            }
        }
    }
}
