package dev.halcyon.emulator.execution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

final class WarpInstructionsTest {
    private static final int LANES = 32;

    private static int[] expected(IntUnaryOperator ofLane) {
        int[] values = new int[LANES];
        Arrays.setAll(values, ofLane);
        return values;
    }

    private static int[] words(String instructions) {
        return Bench.words(instructions, Bench.lanes(LANES));
    }

    @Test
    void valuesAreShuffled() {
        String times = "mul.lo.s32 %r2, %r1, 10;";
        assertArrayEquals(expected(lane -> 10 * (lane ^ 5)), words(times + "shfl.sync.bfly.b32 %r0, %r2, 5, 31, -1;"));
        assertArrayEquals(expected(lane -> 10 * (lane + 4 < 32 ? lane + 4 : lane)),
                words(times + "shfl.sync.down.b32 %r0|%p1, %r2, 4, 31, -1;"));
        assertArrayEquals(expected(lane -> 10 * (lane >= 4 ? lane - 4 : lane)),
                words(times + "shfl.sync.up.b32 %r0, %r2, 4, 0, -1;"));
        assertArrayEquals(expected(lane -> 10 * (31 - lane)),
                words(times + "sub.s32 %r3, 31, %r1; shfl.sync.idx.b32 %r0, %r2, %r3, 31, -1;"));
        assertArrayEquals(expected(lane -> lane + 4 < 32 ? 1 : 0),
                words("shfl.sync.down.b32 %r2|%p1, %r1, 4, 31, -1; selp.u32 %r0, 1, 0, %p1;"));
        // in four segments of eight lanes: c = (32 - 8) << 8 | 31
        assertArrayEquals(expected(lane -> lane % 8 + 3 < 8 ? lane + 3 : lane),
                words("shfl.sync.down.b32 %r0, %r1, 3, 0x181f, -1;"));
    }

    @Test
    void lanesVote() {
        String odd = "and.b32 %r2, %r1, 1; setp.eq.s32 %p1, %r2, 1;";
        assertArrayEquals(expected(lane -> 0xaaaaaaaa), words(odd + "vote.sync.ballot.b32 %r0, %p1, -1;"));
        assertArrayEquals(expected(lane -> 0x55555555), words(odd + "vote.sync.ballot.b32 %r0, !%p1, -1;"));
        assertArrayEquals(expected(lane -> 1),
                words(odd + "vote.sync.any.pred %p2, %p1, -1; selp.u32 %r0, 1, 0, %p2;"));
        assertArrayEquals(expected(lane -> 0),
                words(odd + "vote.sync.all.pred %p2, %p1, -1; selp.u32 %r0, 1, 0, %p2;"));
        assertArrayEquals(expected(lane -> 0),
                words(odd + "vote.sync.uni.pred %p2, %p1, -1; selp.u32 %r0, 1, 0, %p2;"));
    }

    @Test
    void onlySomeLanesTakePart() {
        assertArrayEquals(expected(lane -> lane < 16 ? 0xff00 : 7), words("""
                mov.u32 %r0, 7;
                setp.lt.s32 %p1, %r1, 16;
                setp.ge.s32 %p2, %r1, 8;
                @%p1 vote.sync.ballot.b32 %r0, %p2, 0xffff;
                """));
    }

    /** A block of 8 threads: the other lanes of its warp never were, and are not waited for though they are named. */
    @Test
    void lanesThatHaveEndedDoNotTakePart() {
        int[] eight = Bench.lanes(8);
        assertEquals(28, Bench.words("redux.sync.add.s32 %r0, %r1, -1;", eight)[0]);
        assertEquals(0xff, Bench.words("setp.ge.s32 %p1, %r1, 0; vote.sync.ballot.b32 %r0, %p1, -1;", eight)[7]);
        assertEquals(1,
                Bench.words("setp.ge.s32 %p1, %r1, 0; vote.sync.all.pred %p2, %p1, -1; selp.u32 %r0, 1, 0, %p2;",
                        eight)[3]);
        assertArrayEquals(new int[] {1, 0, 3, 2, 5, 4, 7, 6}, Bench.words("shfl.sync.bfly.b32 %r0, %r1, 1, 31, -1;",
                eight));
        assertEquals(0b111, Bench.words("""
                setp.ge.s32 %p1, %r1, 3;
                mov.u32 %r0, 0;
                @%p1 bra END;
                vote.sync.ballot.b32 %r0, !%p1, 7;
                END:
                """, eight)[2]);
    }

    @Test
    void numbersAreReducedAndMatched() {
        assertArrayEquals(expected(lane -> 31 * 32 / 2), words("redux.sync.add.s32 %r0, %r1, -1;"));
        assertArrayEquals(expected(lane -> -16), words("sub.s32 %r2, %r1, 16; redux.sync.min.s32 %r0, %r2, -1;"));
        assertArrayEquals(expected(lane -> 0), words("sub.s32 %r2, %r1, 16; redux.sync.min.u32 %r0, %r2, -1;"));
        assertArrayEquals(expected(lane -> 31), words("redux.sync.or.b32 %r0, %r1, -1;"));
        assertArrayEquals(expected(lane -> 0x11111111 << lane % 4),
                words("and.b32 %r2, %r1, 3; match.any.sync.b32 %r0, %r2, -1;"));
        assertArrayEquals(expected(lane -> -1), words("mov.u32 %r2, 5; match.all.sync.b32 %r0|%p1, %r2, -1;"));
    }

    @Test
    void barriersCountPredicates() {
        int threads = 100;
        String body = """
                mov.u32 %%r31, %%tid.x;
                ld.param.u64 %%l1, [p0];
                mad.wide.u32 %%l1, %%r31, 4, %%l1;
                setp.lt.s32 %%p1, %%r31, %d;
                bar.red.popc.u32 %%r1, 0, %%p1;
                bar.red.and.pred %%p2, 0, %%p1;
                bar.red.or.pred %%p3, 1, %%p1;
                selp.u32 %%r2, 1000, 0, %%p2;
                selp.u32 %%r3, 10000, 0, %%p3;
                add.s32 %%r1, %%r1, %%r2;
                add.s32 %%r1, %%r1, %%r3;
                st.global.u32 [%%l1], %%r1;
                """;
        for (int least : new int[] {0, 37, 100}) {
            try (Bench bench = new Bench()) {
                long to = bench.memory.allocate(4 * threads);
                bench.launch(Bench.kernel(1, body.formatted(least)), "k", LaunchShape.of(1, threads), to);
                bench.requireNoFindings();
                for (int value : bench.ints(to, threads)) {
                    assertEquals(least + (least == 100 ? 1000 : 0) + (least > 0 ? 10000 : 0), value);
                }
            }
        }
    }

    @Test
    void partOfTheWarpsMeetAtANamedBarrier() {
        try (Bench bench = new Bench()) {
            long to = bench.memory.allocate(4);
            bench.launch(Bench.kernel(1, """
                    .shared .align 4 .b8 buffer[4];
                    mov.u32 %r31, %tid.x;
                    ld.param.u64 %l1, [p0];
                    setp.lt.u32 %p1, %r31, 32;
                    setp.ge.u32 %p2, %r31, 64;
                    @%p1 bra PRODUCE;
                    @!%p2 bra END;
                    bar.sync 1, 64;
                    setp.eq.u32 %p3, %r31, 64;
                    @!%p3 bra END;
                    ld.shared.u32 %r1, [buffer];
                    st.global.u32 [%l1], %r1;
                    bra END;
                    PRODUCE:
                    setp.eq.u32 %p3, %r31, 0;
                    @%p3 st.shared.u32 [buffer], 77;
                    bar.arrive 1, 64;
                    END:
                    """), "k", LaunchShape.of(1, 96), to);
            bench.requireNoFindings();
            assertEquals(77, bench.memory.getInt(to));
        }
    }
}
