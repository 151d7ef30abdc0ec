package dev.halcyon.emulator.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Counters of kernels whose numbers are known. */
final class CountersTest {
    private static Counters run(String body, LaunchShape shape) {
        try (Bench bench = new Bench()) {
            long p0 = bench.upload(new int[1 << 16]);
            Counters counters = bench.launch(Bench.kernel(1, body), "k", shape, p0).counters();
            bench.requireNoFindings();
            return counters;
        }
    }

    private static String global(int stride, int offset, String access) {
        return """
                mov.u32 %%r31, %%tid.x;
                ld.param.u64 %%l1, [p0];
                mad.wide.u32 %%l2, %%r31, %d, %%l1;
                add.s64 %%l2, %%l2, %d;
                %s
                """.formatted(stride, offset, access);
    }

    private static void assertTraffic(Counters counters, long requests, long sectors, long ideal, long read,
            long written) {
        assertEquals(requests, counters.globalRequests());
        assertEquals(sectors, counters.globalSectors());
        assertEquals(ideal, counters.idealSectors());
        assertEquals(read, counters.globalBytesRead());
        assertEquals(written, counters.globalBytesWritten());
    }

    @Test
    void sectorsOfGlobalMemory() {
        LaunchShape warp = LaunchShape.of(1, 32);
        String load = "ld.global.u32 %r1, [%l2];";
        assertTraffic(run(global(4, 0, load), warp), 1, 4, 4, 128, 0);
        assertTraffic(run(global(4, 4, load), warp), 1, 5, 4, 128, 0);
        assertTraffic(run(global(8, 0, load), warp), 1, 8, 4, 128, 0);
        assertTraffic(run(global(64, 0, load), warp), 1, 32, 4, 128, 0);
        assertTraffic(run(global(0, 0, load), warp), 1, 1, 1, 4, 0);
        assertTraffic(run(global(1020, 0, load), warp), 1, 32, 4, 128, 0);
        assertTraffic(run(global(16, 0, "ld.global.v4.u32 {%r1, %r2, %r3, %r4}, [%l2];"), warp), 1, 16, 16, 512, 0);
        assertTraffic(run(global(1, 0, "st.global.u8 [%l2], %r31;"), warp), 1, 1, 1, 0, 32);
        assertTraffic(run(global(4, 0, "st.global.u32 [%l2], %r31;"), LaunchShape.of(3, 80)), 9, 3 * 10, 3 * 10, 0,
                3 * 320);
        assertTraffic(run(global(4, 0, "red.global.add.u32 [%l2], 1;"), warp), 1, 4, 4, 128, 128);
        assertTraffic(run(global(4, 0, "setp.lt.u32 %p1, %r31, 3;\n@%p1 ld.global.u32 %r1, [%l2];"), warp), 1, 1, 1, 12,
                0);
        assertTraffic(run(global(4, 0, "setp.lt.u32 %p1, %r31, 0;\n@%p1 ld.global.u32 %r1, [%l2];"), warp), 0, 0, 0, 0,
                0);
    }

    private static long conflicts(int stride, int words) {
        String registers = words == 1 ? "%r2" : words == 2 ? "{%r2, %r3}" : "{%r2, %r3, %r4, %r5}";
        String vector = words == 1 ? "" : ".v" + words;
        Counters counters =
                run(".shared .align 16 .b8 s[16384];\nmov.u32 %r31, %tid.x;\nmul.lo.s32 %r1, %r31, " + stride
                        + ";\nst.shared" + vector + ".u32 [%r1], " + registers + ";", LaunchShape.of(1, 32));
        assertEquals(1, counters.sharedRequests());
        return counters.sharedBankConflicts();
    }

    @Test
    void conflictsOfSharedMemoryBanks() {
        assertEquals(0, conflicts(4, 1));
        assertEquals(0, conflicts(0, 1));
        assertEquals(1, conflicts(8, 1));
        assertEquals(3, conflicts(16, 1));
        assertEquals(31, conflicts(128, 1));
        assertEquals(0, conflicts(132, 1));
        assertEquals(0, conflicts(8, 2));
        assertEquals(2, conflicts(16, 2)); // in each half of the warp, two lanes want each pair of banks
        assertEquals(30, conflicts(128, 2));
        assertEquals(0, conflicts(16, 4));
        assertEquals(4, conflicts(32, 4)); // in each quarter, two lanes want the same four banks
        assertEquals(28, conflicts(128, 4));
        assertEquals(0, conflicts(144, 4));
    }

    @Test
    void instructionsAndOperations() {
        // mov, setp and bra by all; then 5 or 3 instructions of each side, and ret by all
        Counters counters = run("""
                mov.u32 %r31, %tid.x;
                mov.f32 %f1, 0f3F800000;
                setp.lt.s32 %p1, %r31, 8;
                @%p1 bra FEW;
                add.f32 %f2, %f1, %f1;
                mul.f32 %f2, %f1, %f1;
                bra.uni END;
                FEW:
                fma.rn.f32 %f2, %f1, %f1, %f1;
                ex2.approx.f32 %f2, %f1;
                @!%p1 fma.rn.f32 %f2, %f1, %f1, %f1;
                neg.f32 %f2, %f1;
                END:
                """, LaunchShape.of(2, 32));
        assertEquals(2 * (4 + 3 + 4 + 1), counters.warpInstructions());
        // the branch is taken by 8 lanes; the guarded fma runs in none
        assertEquals(2 * (3 * 32 + 8 + 3 * 24 + 3 * 8 + 32), counters.threadInstructions());
        assertEquals(2 * (2 * 24 + 3 * 8), counters.floatOperations());
    }

    /** Threads read the same eight numbers and write one each, where blocks 512 further on write again. */
    @Test
    void sectorsOfALaunchCountOnce() {
        String body = """
                mov.u32 %r31, %tid.x;
                ld.param.u64 %l1, [p0];
                and.b32 %r30, %r31, 7;
                mad.wide.u32 %l2, %r30, 4, %l1;
                ld.global.u32 %r1, [%l2];
                mov.u32 %r29, %ctaid.x;
                and.b32 %r29, %r29, 511;
                mad.lo.s32 %r28, %r29, 64, %r31;
                mad.wide.u32 %l3, %r28, 4, %l1;
                st.global.u32 [%l3+32], %r1;
                """;
        for (int blocks : new int[] {1, 3, 20_000}) { // the last are divided among threads
            Counters counters = run(body, LaunchShape.of(blocks, 64));
            assertEquals(1, counters.sectorsRead());
            assertEquals(Math.min(512, blocks) * 64 * 4 / 32, counters.sectorsWritten());
            assertEquals(blocks * 2 * (1 + 4), counters.globalSectors());
        }
    }
}
