package dev.halcyon.emulator.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.emulator.execution.Finding.Kind;
import dev.halcyon.emulator.execution.Finding.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every fault that the emulator looks for, made once, and found with its kernel, line, block and thread. */
final class FindingsTest {
    /** Line of the kernel's first instruction in what {@link Bench#kernel} makes. */
    private static final int FIRST_LINE = 12;
    private static final String ADDRESS = """
            mov.u32 %r31, %tid.x;
            ld.param.u64 %l1, [p0];
            mad.wide.u32 %l2, %r31, 4, %l1;
            """;
    private static final int BODY = FIRST_LINE + 3;

    private static Finding only(List<Finding> findings) {
        assertEquals(1, findings.size(), findings.toString());
        return findings.getFirst();
    }

    private static void assertFinding(Finding finding, Kind kind, int line, int block, int thread, String part) {
        assertEquals(kind, finding.kind(), finding.toString());
        assertEquals("k", finding.kernel());
        assertEquals(line, finding.line(), finding.toString());
        assertEquals(new Place(block, 0, 0), finding.block(), finding.toString());
        assertEquals(new Place(thread, 0, 0), finding.thread(), finding.toString());
        assertTrue(finding.toString().contains(part), finding.toString());
    }

    /** Runs a kernel that cannot go on. */
    private static void stops(String body, LaunchShape shape, Kind kind, int line, int thread, String part) {
        try (Bench bench = new Bench()) {
            stops(bench, body, shape, bench.upload(Bench.lanes(40)), kind, line, thread, part);
        }
    }

    private static void stops(Bench bench, String body, LaunchShape shape, long p0, Kind kind, int line, int thread,
            String part) {
        LaunchFault fault = assertThrows(LaunchFault.class,
                () -> bench.launch(Bench.kernel(1, body), "k", shape, p0));
        assertFinding(fault.finding(), kind, line, 0, thread, part);
        assertTrue(bench.findings.all().contains(fault.finding()));
    }

    /** Runs a kernel that has a race at a line; what is read then may not be written yet, which is found too. */
    private static void races(String body, LaunchShape shape, int line, int thread, String part) {
        try (Bench bench = new Bench()) {
            long p0 = bench.upload(Bench.lanes(1024));
            bench.launch(Bench.kernel(1, body), "k", shape, p0);
            List<Finding> there = bench.findings.all().stream()
                    .filter(finding -> finding.kind() == Kind.SHARED_RACE && finding.line() == line).toList();
            assertFinding(only(there), Kind.SHARED_RACE, line, 0, thread, part);
        }
    }

    /** Runs a kernel that goes on with one fault. */
    private static void goesOn(String body, LaunchShape shape, Kind kind, int line, int block, int thread,
            String part) {
        try (Bench bench = new Bench()) {
            long p0 = bench.upload(Bench.lanes(1024));
            bench.launch(Bench.kernel(1, body), "k", shape, p0);
            assertFinding(only(bench.findings.all()), kind, line, block, thread, part);
        }
    }

    private static void isFine(String body, LaunchShape shape) {
        try (Bench bench = new Bench()) {
            long p0 = bench.upload(Bench.lanes(1024));
            bench.launch(Bench.kernel(1, body), "k", shape, p0);
            bench.requireNoFindings();
        }
    }

    @Test
    void accessesOutOfBoundsStopTheLaunch() {
        stops(ADDRESS + "ld.global.u32 %r1, [%l2];", LaunchShape.of(1, 64), Kind.OUT_OF_BOUNDS, BODY, 40,
                "4 bytes beyond the 160 bytes allocated");
        stops(ADDRESS + "st.global.u32 [%l2+-4], %r31;", LaunchShape.of(1, 32), Kind.OUT_OF_BOUNDS, BODY, 0,
                "where nothing is allocated");
        stops("ld.global.u32 %r1, [0];", LaunchShape.of(3, 32), Kind.OUT_OF_BOUNDS, FIRST_LINE, 0, "at 0x0");
        stops(".shared .align 4 .b8 s[64];\n" + ADDRESS + "shl.b32 %r1, %r31, 2;\nst.shared.u32 [%r1], %r1;",
                LaunchShape.of(1, 32), Kind.OUT_OF_BOUNDS, BODY + 2, 16, "64 bytes");
        stops(".local .align 4 .b8 s[16];\n" + ADDRESS + """
                mov.u64 %l3, s;
                mad.wide.u32 %l3, %r31, 4, %l3;
                st.local.u32 [%l3], %r1;
                """, LaunchShape.of(1, 32), Kind.OUT_OF_BOUNDS, BODY + 3, 4, "local memory");
    }

    @Test
    void misalignedAccessesStopTheLaunch() {
        stops(ADDRESS + "ld.global.v2.u32 {%r1, %r2}, [%l2];", LaunchShape.of(1, 32), Kind.MISALIGNED, BODY, 1,
                "no multiple of 8");
        stops(".shared .align 4 .b8 s[64];\n" + ADDRESS + "st.shared.u16 [%r31], 1;", LaunchShape.of(1, 32),
                Kind.MISALIGNED, BODY + 1, 1, "no multiple of 2");
    }

    @Test
    void memoryThatWasFreedIsNotUsed() {
        try (Bench bench = new Bench()) {
            long p0 = bench.upload(Bench.lanes(64));
            bench.memory.free(p0);
            stops(bench, ADDRESS + "ld.global.u32 %r1, [%l2+8];", LaunchShape.of(1, 32), p0, Kind.USE_AFTER_FREE, BODY,
                    0, "256 bytes allocated at");
        }
    }

    @Test
    void bytesNeverWrittenAreNotRead() {
        try (Bench bench = new Bench()) {
            long p0 = bench.memory.allocate(128);
            bench.launch(Bench.kernel(1, ADDRESS + """
                    setp.ne.s32 %p1, %r31, 7;
                    @%p1 st.global.u32 [%l2], %r31;
                    @!%p1 st.global.u8 [%l2+1], %r31;
                    ld.global.u32 %r1, [%l2];
                    """), "k", LaunchShape.of(1, 32), p0);
            assertFinding(only(bench.findings.all()), Kind.UNINITIALISED_READ, BODY + 3, 0, 7,
                    "28 bytes into an allocation of 128");
        }
        goesOn(".shared .align 4 .b8 s[128];\n" + ADDRESS + """
                shl.b32 %r1, %r31, 2;
                setp.ne.s32 %p1, %r31, 9;
                @%p1 st.shared.u32 [%r1], %r1;
                ld.shared.u32 %r2, [%r1];
                """, LaunchShape.of(2, 32), Kind.UNINITIALISED_READ, BODY + 4, 0, 9, "offset 36");
        goesOn(".local .align 4 .b8 s[16];\n" + ADDRESS + """
                setp.ne.s32 %p1, %r31, 9;
                @%p1 st.local.u32 [s], %r31;
                ld.local.u32 %r2, [s];
                """, LaunchShape.of(1, 32), Kind.UNINITIALISED_READ, BODY + 3, 0, 9, "local memory");
    }

    private static String exchange(int distance, String between) {
        return ".shared .align 4 .b8 s[256];\n" + ADDRESS + """
                shl.b32 %r1, %r31, 2;
                xor.b32 %r2, %r1, DISTANCE;
                st.shared.u32 [%r1], %r31;
                BETWEEN
                ld.shared.u32 %r3, [%r2];
                """.replace("DISTANCE", String.valueOf(distance)).replace("BETWEEN", between);
    }

    @Test
    void readsRaceWithWritesUnlessABarrierLiesBetween() {
        LaunchShape shape = LaunchShape.of(1, 64);
        goesOn(exchange(4, ""), shape, Kind.SHARED_RACE, BODY + 5, 0, 0, "thread (1, 0, 0) wrote");
        races(exchange(128, "bar.warp.sync -1;"), shape, BODY + 5, 32,
                "thread (0, 0, 0) wrote");
        isFine(exchange(4, "bar.warp.sync -1;"), shape);
        isFine(exchange(128, "bar.sync 0;"), shape);
        isFine(exchange(0, ""), shape);
    }

    @Test
    void writesRaceWithReadsUnlessABarrierLiesBetween() {
        String again = exchange(128, "bar.sync 0;") + "BEFORE\nst.shared.u32 [%r1], 5;";
        LaunchShape shape = LaunchShape.of(1, 64);
        races(again.replace("BEFORE", ""), shape, BODY + 7, 32, "thread (0, 0, 0) read");
        isFine(again.replace("BEFORE", "bar.sync 0;"), shape);
    }

    @Test
    void writesOfDifferentValuesRace() {
        String write = ".shared .align 4 .b8 s[4];\n" + ADDRESS + "st.shared.u32 [s], VALUE;";
        goesOn(write.replace("VALUE", "%r31"), LaunchShape.of(1, 2), Kind.SHARED_RACE, BODY + 1, 0, 1,
                "writes shared memory at offset 0, which thread (0, 0, 0) wrote");
        isFine(write.replace("VALUE", "7"), LaunchShape.of(1, 64));
    }

    @Test
    void bytesOfOneWordAreDifferentPlaces() {
        isFine(".shared .align 4 .b8 s[64];\n" + ADDRESS + """
                st.shared.u8 [%r31], %r31;
                ld.shared.u8 %r1, [%r31];
                """, LaunchShape.of(1, 64));
    }

    @Test
    void asynchronousCopiesAreWaitedFor() {
        String copy = ".shared .align 4 .b8 s[256];\n" + ADDRESS + """
                shl.b32 %r1, %r31, 2;
                xor.b32 %r2, %r1, 128;
                cp.async.ca.shared.global [%r1], [%l2], 4;
                cp.async.commit_group;
                FIRST
                SECOND
                ld.shared.u32 %r3, [%r2];
                """;
        LaunchShape shape = LaunchShape.of(1, 64);
        isFine(copy.replace("FIRST", "cp.async.wait_group 0;").replace("SECOND", "bar.sync 0;"), shape);
        isFine(copy.replace("FIRST", "cp.async.wait_all;").replace("SECOND", "bar.sync 0;"), shape);
        goesOn(copy.replace("FIRST", "").replace("SECOND", "bar.sync 0;"), shape, Kind.SHARED_RACE, BODY + 7, 0, 0,
                "asynchronous copy is under way");
        goesOn(copy.replace("FIRST", "cp.async.wait_group 1;").replace("SECOND", "bar.sync 0;"), shape,
                Kind.SHARED_RACE, BODY + 7, 0, 0,
                "asynchronous copy is under way");
        goesOn(copy.replace("FIRST", "bar.sync 0;").replace("SECOND", "cp.async.wait_group 0;"), shape,
                Kind.SHARED_RACE, BODY + 7, 0, 0,
                "asynchronous copy is under way");
    }

    @Test
    void allThreadsComeToABarrier() {
        stops(ADDRESS + """
                setp.lt.s32 %p1, %r31, 40;
                @!%p1 bra OTHERS;
                bar.sync 0;
                OTHERS:
                """, LaunchShape.of(1, 64), Kind.DIVERGENT_BARRIER, BODY + 2, 40,
                "thread (32, 0, 0) of its warp waits at");
        stops("bar.sync 0, 96;", LaunchShape.of(1, 64), Kind.DIVERGENT_BARRIER, FIRST_LINE, 0,
                "64 threads came to the barrier, which expects 96 threads");
        goesOn(ADDRESS + """
                setp.ge.s32 %p1, %r31, 48;
                @%p1 ret;
                bar.sync 0;
                """, LaunchShape.of(1, 64), Kind.DIVERGENT_BARRIER, BODY + 2, 0, 48, "ended");
        goesOn(ADDRESS + """
                setp.lt.s32 %p1, %r31, 32;
                @%p1 bra LOW;
                bar.sync 0;
                bra.uni END;
                LOW:
                bar.sync 0;
                END:
                """, LaunchShape.of(1, 64), Kind.DIVERGENT_BARRIER, BODY + 5, 0, 32, "waits at the barrier of line 17");
    }

    @Test
    void lanesNameOnlyThoseThatAreThere() {
        String part = ADDRESS + "setp.lt.s32 %p1, %r31, 16;\n@!%p1 bra END;\nWORK\nEND:";
        LaunchShape warp = LaunchShape.of(1, 32);
        stops(part.replace("WORK", "shfl.sync.bfly.b32 %r1, %r31, 1, 31, -1;"), warp, Kind.DIVERGENT_BARRIER, BODY + 2,
                0, "waits for lane 16");
        stops(part.replace("WORK", "vote.sync.ballot.b32 %r1, %p1, 0xfffe;"), warp, Kind.DIVERGENT_BARRIER, BODY + 2, 0,
                "name itself");
        goesOn(part.replace("WORK", "shfl.sync.bfly.b32 %r1, %r31, 16, 31, 0xffff;"), warp, Kind.DIVERGENT_BARRIER,
                BODY + 2, 0, 0, "asks lane 16");
        goesOn("shfl.sync.bfly.b32 %r1, %r31, 16, 31, -1;", LaunchShape.of(1, 8), Kind.DIVERGENT_BARRIER, FIRST_LINE, 0,
                0, "asks lane 16");
    }

    @Test
    void trapsStopTheLaunch() {
        stops(ADDRESS + "setp.eq.s32 %p1, %r31, 3;\n@%p1 trap;", LaunchShape.of(1, 32), Kind.TRAP, BODY + 1, 3,
                "trap");
    }

    /** The first thread of the first block is kept, whichever ran first. */
    @Test
    void oneFindingIsKeptForEachInstruction() {
        try (Bench bench = new Bench()) {
            long p0 = bench.memory.allocate(4096);
            bench.launch(Bench.kernel(1, ADDRESS + """
                    mov.u32 %r1, %ctaid.x;
                    setp.eq.s32 %p1, %r1, 0;
                    @%p1 st.global.u32 [%l2], %r1;
                    ld.global.u32 %r2, [%l2+1024];
                    ld.global.u32 %r2, [%l2+2048];
                    """), "k", LaunchShape.of(4, 64), p0);
            assertEquals(2, bench.findings.all().size());
            assertFinding(bench.findings.all().get(0), Kind.UNINITIALISED_READ, BODY + 3, 0, 0, "1024 bytes into");
            assertFinding(bench.findings.all().get(1), Kind.UNINITIALISED_READ, BODY + 4, 0, 0, "2048 bytes into");
        }
    }
}
