package dev.halcyon.emulator.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Long launches, whose blocks may run on several threads. */
final class GridTest {
    private static final int BLOCKS = 600;
    private static final String LOOP = """
            mov.u32 %r31, %tid.x;
            mov.u32 %r30, %ctaid.x;
            ld.param.u64 %l1, [p0];
            mad.lo.s32 %r29, %r30, 32, %r31;
            mad.wide.u32 %l2, %r29, 4, %l1;
            mov.u32 %r1, 0;
            mov.u32 %r2, 0;
            AGAIN:
            add.s32 %r2, %r2, %r30;
            add.s32 %r1, %r1, 1;
            setp.lt.s32 %p1, %r1, 1000;
            @%p1 bra AGAIN;
            """;

    @Test
    void everyBlockRunsOnceAndIsCountedOnce() {
        try (Bench bench = new Bench()) {
            long p0 = bench.memory.allocate(128 * BLOCKS);
            LaunchReport report = bench.launch(Bench.kernel(1, LOOP + "st.global.u32 [%l2], %r2;"), "k",
                    LaunchShape.of(BLOCKS, 32), p0);
            bench.requireNoFindings();
            int[] results = bench.ints(p0, 32 * BLOCKS);
            for (int i = 0; i < results.length; i++) {
                assertEquals(1000 * (i / 32), results[i]);
            }
            assertEquals(BLOCKS * (7 + 4000 + 2L), report.counters().warpInstructions());
            assertEquals(128L * BLOCKS, report.counters().globalBytesWritten());
        }
    }

    @Test
    void theFirstFaultIsReportedAndNothingBehindIt() {
        for (int repeat = 0; repeat < 5; repeat++) {
            try (Bench bench = new Bench()) {
                long p0 = bench.memory.allocate(128 * 300);
                LaunchFault fault = assertThrows(LaunchFault.class, () -> bench.launch(Bench.kernel(1, LOOP + """
                        and.b32 %r3, %r30, 127;
                        setp.eq.s32 %p2, %r3, 100;
                        @%p2 ld.global.u32 %r4, [%l1];
                        st.global.u32 [%l2], %r2;
                        """), "k", LaunchShape.of(BLOCKS, 32), p0));
                assertEquals(new Finding.Place(300, 0, 0), fault.finding().block());
                assertEquals(1, bench.findings.all().size());
            }
        }
    }

    /** Blocks with atomic operations run in order, so that even what they see of each other is the same every time. */
    @Test
    void blocksThatMayDependOnEachOtherRunInOrder() {
        try (Bench bench = new Bench()) {
            long p0 = bench.upload(new int[BLOCKS + 1]);
            bench.launch(Bench.kernel(1, LOOP + """
                    setp.eq.s32 %p2, %r31, 0;
                    @!%p2 bra END;
                    atom.global.add.u32 %r3, [%l1], 1;
                    mad.wide.u32 %l2, %r3, 4, %l1;
                    st.global.u32 [%l2+4], %r30;
                    END:
                    """), "k", LaunchShape.of(BLOCKS, 32), p0);
            bench.requireNoFindings();
            int[] order = bench.ints(p0, BLOCKS + 1);
            assertEquals(BLOCKS, order[0]);
            for (int i = 0; i < BLOCKS; i++) {
                assertEquals(i, order[i + 1]);
            }
        }
    }
}
