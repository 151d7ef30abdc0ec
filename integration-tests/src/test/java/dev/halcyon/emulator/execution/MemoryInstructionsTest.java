package dev.halcyon.emulator.execution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.emulator.ptx.PtxException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

final class MemoryInstructionsTest {
    /** Addresses of p0 and p1 plus so many bytes for each thread in %l1 and %l2. */
    private static String addresses(int from, int to) {
        return """
                mov.u32 %%r31, %%tid.x;
                ld.param.u64 %%l1, [p0];
                ld.param.u64 %%l2, [p1];
                cvta.to.global.u64 %%l1, %%l1;
                mul.wide.u32 %%l3, %%r31, %d;
                add.s64 %%l1, %%l1, %%l3;
                mul.wide.u32 %%l3, %%r31, %d;
                add.s64 %%l2, %%l2, %%l3;
                """.formatted(from, to);
    }

    @Test
    void vectorsOfFourAndTwoAreMoved() {
        try (Bench bench = new Bench()) {
            long from = bench.upload(Bench.lanes(128));
            long to = bench.memory.allocate(512);
            bench.launch(Bench.kernel(2, addresses(16, 16) + """
                    ld.global.nc.v4.f32 {%f1, %f2, %f3, %f4}, [%l1];
                    st.global.v4.f32 [%l2], {%f4, %f3, %f2, %f1};
                    """), "k", LaunchShape.of(1, 32), from, to);
            int[] turned = bench.ints(to, 128);
            for (int i = 0; i < 128; i++) {
                assertEquals(i / 4 * 4 + 3 - i % 4, turned[i]);
            }
            bench.launch(Bench.kernel(2, addresses(16, 16) + """
                    ld.global.v2.u64 {%l4, %l5}, [%l1];
                    st.global.v2.b64 [%l2], {%l5, %l4};
                    """), "k", LaunchShape.of(1, 32), from, to);
            assertArrayEquals(new int[] {2, 3, 0, 1, 6, 7, 4, 5}, bench.ints(to, 8));
            bench.launch(Bench.kernel(2, addresses(8, 8) + """
                    @%p0 bra NEVER;
                    ld.global.L1::no_allocate.L2::128B.v4.u16 {%h1, %h2, %h3, %h4}, [%l1];
                    st.global.v4.u16 [%l2], {%h3, %h4, %h1, %h2};
                    NEVER:
                    """), "k", LaunchShape.of(1, 32), from, to);
            assertArrayEquals(new int[] {1, 0, 3, 2}, bench.ints(to, 4));
            bench.requireNoFindings();
        }
    }

    @Test
    void narrowNumbersAreExtended() {
        try (Bench bench = new Bench()) {
            long from = bench.upload(MemorySegment.ofArray(new byte[] {1, -1, -128, 127}));
            long to = bench.memory.allocate(4 * 4 * 4);
            bench.launch(Bench.kernel(2, addresses(1, 16) + """
                    ld.global.s8 %r1, [%l1];
                    st.global.s32 [%l2], %r1;
                    ld.global.u8 %r1, [%l1];
                    st.global.u32 [%l2+4], %r1;
                    ld.global.s8 %h1, [%l1];
                    mov.b32 %r1, {%h1, 0};
                    st.global.u32 [%l2+8], %r1;
                    ld.global.nc.u8 %h2, [%l1];
                    st.global.u8 [%l2+12], %h2;
                    st.global.u8 [%l2+13], %h2;
                    st.global.u16 [%l2+14], 7;
                    """), "k", LaunchShape.of(1, 4), from, to);
            assertArrayEquals(new int[] {1, 1, 1, 0x70101, -1, 255, 0xffff, 0x7ffff, -128, 128, 0xff80, 0x78080, 127,
                127, 127, 0x77f7f}, bench.ints(to, 16));
            bench.requireNoFindings();
        }
    }

    @Test
    void constantVariablesAndPointersToThemAreThere() {
        String ptx = """
                .version 7.8
                .target sm_80
                .address_size 64
                .const .align 4 .b8 table[8] = {1, 2, 3, 4, 5, 6, 7, 8};
                .global .align 4 .f32 numbers[2] = {0f3F800000, 0f40000000};
                .global .align 8 .u64 pointer = generic(numbers)+4;
                .global .u32 counter;
                .visible .entry k(.param .u64 p0, .param .align 4 .b8 p1[8])
                {
                    .reg .b32 %r<9>;
                    .reg .b64 %l<9>;
                    ld.param.u64 %l1, [p0];
                    ld.const.u32 %r1, [table+4];
                    st.global.u32 [%l1], %r1;
                    ld.global.u64 %l2, [pointer];
                    ld.f32 %r2, [%l2];
                    st.u32 [%l1+4], %r2;
                    ld.param.v2.u32 {%r3, %r4}, [p1];
                    st.global.u32 [%l1+8], %r4;
                    ld.global.u32 %r5, [counter];
                    add.s32 %r5, %r5, 1;
                    st.global.u32 [counter], %r5;
                    ret;
                }
                """;
        try (Bench bench = new Bench()) {
            LoadedModule module = LoadedModule.load(ptx, bench.memory);
            LoadedKernel kernel = module.kernel("k");
            assertArrayEquals(new int[] {0, 8}, kernel.parameterOffsets());
            assertArrayEquals(new int[] {8, 8}, kernel.parameterSizes());
            long to = bench.memory.allocate(12);
            byte[] parameters = new byte[16];
            MemorySegment.ofArray(parameters).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, to);
            parameters[12] = 42;
            kernel.launch(LaunchShape.of(1, 1), parameters, bench.findings);
            kernel.launch(LaunchShape.of(1, 1), parameters, bench.findings);
            assertArrayEquals(new int[] {0x08070605, 0x40000000, 42}, bench.ints(to, 3));
            assertEquals(2, bench.memory.getInt(module.global("counter")));
            bench.requireNoFindings();
            long before = bench.memory.bytesInUse();
            module.unload();
            assertEquals(before - 4 * 256, bench.memory.bytesInUse());
        }
    }

    @Test
    void genericAddressesReachSharedAndLocalMemory() {
        try (Bench bench = new Bench()) {
            long from = bench.upload(Bench.lanes(32));
            long to = bench.memory.allocate(128);
            bench.launch(Bench.kernel(2, """
                    .shared .align 8 .b8 buffer[256];
                    .local .align 4 .b8 stack[16];
                    """ + addresses(4, 4) + """
                    ld.u32 %r1, [%l1];
                    mov.u64 %l4, buffer;
                    cvta.shared.u64 %l5, %l4;
                    add.s64 %l5, %l5, %l3;
                    mov.u64 %l6, stack;
                    cvta.local.u64 %l6, %l6;
                    and.b32 %r2, %r31, 1;
                    setp.eq.s32 %p1, %r2, 0;
                    selp.b64 %l7, %l5, %l6, %p1;
                    mul.lo.s32 %r1, %r1, 10;
                    st.u32 [%l7+4], %r1;
                    isspacep.shared %p2, %l7;
                    ld.u32 %r3, [%l7+4];
                    @%p2 add.s32 %r3, %r3, 1;
                    cvta.to.shared.u64 %l8, %l5;
                    @%p1 ld.shared.u32 %r4, [%l8+4];
                    @!%p1 ld.local.u32 %r4, [stack+4];
                    add.s32 %r3, %r3, %r4;
                    st.global.u32 [%l2], %r3;
                    """), "k", LaunchShape.of(1, 32), from, to);
            bench.requireNoFindings();
            int[] results = bench.ints(to, 32);
            for (int lane = 0; lane < 32; lane++) {
                assertEquals(20 * lane + (lane % 2 == 0 ? 1 : 0), results[lane]);
            }
        }
    }

    @Test
    void staticSharedMemoryComesBeforeTheLaunchsPart() {
        String ptx = """
                .version 7.8
                .target sm_80
                .address_size 64
                .extern .shared .align 16 .b8 dynamic[];
                .shared .align 4 .b8 unused[1000];
                .visible .entry k(.param .u64 p0)
                {
                    .reg .b32 %r<9>;
                    .reg .b64 %l<9>;
                    .shared .align 4 .b8 own[20];
                    ld.param.u64 %l1, [p0];
                    mov.u32 %r1, dynamic;
                    st.shared.u32 [own+16], 5;
                    st.shared.u32 [%r1+60], 6;
                    st.global.u32 [%l1], %r1;
                    ret;
                }
                """;
        try (Bench bench = new Bench()) {
            long to = bench.memory.allocate(4);
            bench.launch(ptx, "k", new LaunchShape(1, 1, 1, 1, 1, 1, 64), to);
            assertEquals(32, bench.memory.getInt(to));
            assertEquals(32, LoadedModule.load(ptx, bench.memory).kernel("k").staticSharedBytes());
            bench.requireNoFindings();
        }
    }

    @Test
    void atomicOperationsAreDoneByEachLane() {
        try (Bench bench = new Bench()) {
            long at = bench.upload(0, -5, 100, 0, 7, 0xff, 0, 0);
            long old = bench.memory.allocate(128);
            bench.launch(Bench.kernel(2, addresses(0, 4) + """
                    atom.global.add.u32 %r1, [%l1], 2;
                    st.global.u32 [%l2], %r1;
                    red.global.max.s32 [%l1+4], %r31;
                    atom.min.u32 %r2, [%l1+8], %r31;
                    atom.global.inc.u32 %r3, [%l1+12], 9;
                    atom.global.cas.b32 %r4, [%l1+16], 7, %r31;
                    and.b32 %r5, %r31, 0xf0;
                    red.global.and.b32 [%l1+20], %r5;
                    mov.f32 %f1, 0f3F000000;
                    red.global.add.f32 [%l1+24], %f1;
                    atom.global.exch.b32 %r6, [%l1+28], %r31;
                    """), "k", LaunchShape.of(2, 32), at, old);
            bench.requireNoFindings();
            assertArrayEquals(new int[] {128, 31, 0, 64 % 10, 0, 0, Float.floatToRawIntBits(32), 31},
                    bench.ints(at, 8));
            assertEquals(64 + 62, bench.memory.getInt(old + 124));
        }
    }

    @Test
    void atomicOperationsOnSharedMemoryOf64Bits() {
        try (Bench bench = new Bench()) {
            long to = bench.memory.allocate(8);
            bench.launch(Bench.kernel(1, """
                    .shared .align 8 .b8 sum[8];
                    mov.u32 %r31, %tid.x;
                    setp.eq.s32 %p1, %r31, 0;
                    @%p1 st.shared.u64 [sum], 0;
                    bar.sync 0;
                    cvt.u64.u32 %l1, %r31;
                    atom.shared.add.u64 %l2, [sum], %l1;
                    bar.sync 0;
                    ld.shared.u64 %l3, [sum];
                    ld.param.u64 %l4, [p0];
                    @%p1 st.global.u64 [%l4], %l3;
                    """), "k", LaunchShape.of(1, 100), to);
            bench.requireNoFindings();
            assertEquals(99 * 100 / 2, bench.memory.getLong(to));
        }
    }

    @Test
    void asynchronousCopiesFillUpWithZeros() {
        try (Bench bench = new Bench()) {
            long from = bench.upload(Bench.lanes(128));
            long to = bench.memory.allocate(512);
            LaunchReport report = bench.launch(Bench.kernel(2, """
                    .shared .align 16 .b8 buffer[512];
                    """ + addresses(16, 16) + """
                    mov.u32 %r1, buffer;
                    mad.lo.s32 %r2, %r31, 16, %r1;
                    setp.lt.s32 %p1, %r31, 30;
                    selp.b32 %r3, 16, 4, %p1;
                    cp.async.cg.shared.global [%r2], [%l1], 16, %r3;
                    cp.async.commit_group;
                    cp.async.wait_group 0;
                    bar.warp.sync -1;
                    xor.b32 %r4, %r31, 1;
                    mad.lo.s32 %r5, %r4, 16, %r1;
                    ld.shared.v4.u32 {%r6, %r7, %r8, %r9}, [%r5];
                    st.global.v4.u32 [%l2], {%r6, %r7, %r8, %r9};
                    """), "k", LaunchShape.of(1, 32), from, to);
            assertEquals(30 * 16 + 2 * 4, report.counters().globalBytesRead());
            bench.requireNoFindings();
            int[] results = bench.ints(to, 128);
            for (int i = 0; i < 128; i++) {
                int source = (i / 4 ^ 1) * 4 + i % 4;
                assertEquals(source < 120 || source % 4 == 0 ? source : 0, results[i]);
            }
        }
    }

    /** Lanes may be at different groups: each waits for its own. */
    @Test
    void asynchronousCopiesAreGroupedByLane() {
        try (Bench bench = new Bench()) {
            long from = bench.upload(Bench.lanes(64));
            long to = bench.memory.allocate(128);
            bench.launch(Bench.kernel(2, """
                    .shared .align 16 .b8 buffer[256];
                    """ + addresses(4, 4) + """
                    mov.u32 %r1, buffer;
                    mad.lo.s32 %r2, %r31, 4, %r1;
                    cp.async.ca.shared.global [%r2], [%l1], 4;
                    cp.async.commit_group;
                    setp.lt.s32 %p1, %r31, 16;
                    @!%p1 bra BEHIND;
                    cp.async.ca.shared.global [%r2+128], [%l1+128], 4;
                    cp.async.commit_group;
                    BEHIND:
                    @%p1 cp.async.wait_group 1;
                    @!%p1 cp.async.wait_group 0;
                    ld.shared.u32 %r3, [%r2];
                    cp.async.wait_all;
                    @%p1 ld.shared.u32 %r4, [%r2+128];
                    @%p1 add.s32 %r3, %r3, %r4;
                    st.global.u32 [%l2], %r3;
                    """), "k", LaunchShape.of(1, 32), from, to);
            bench.requireNoFindings();
            int[] sums = bench.ints(to, 32);
            for (int lane = 0; lane < 32; lane++) {
                assertEquals(lane < 16 ? 2 * lane + 32 : lane, sums[lane]);
            }
        }
    }

    @Test
    void unknownInstructionsAndModifiersAreNamed() {
        try (Bench bench = new Bench()) {
            for (String[] bad : new String[][] {{"frobnicate.u32 %r1, %r2;", "frobnicate.u32"},
                {"add.warm.s32 %r1, %r2, %r3;", "'.warm'"}, {"add.f16x4 %r1, %r2, %r3;", "add.f16x4"},
                {"ld.global.v8.u32 %r1, [%l1];", "'.v8'"}, {"mov.u32 %r1, %clock;", "%clock"},
                {"tex.2d.v4.f32.f32 {%f1,%f1,%f1,%f1}, [t, {%f1,%f1}];", "tex.2d"},
                {"add.s32 %r1, %r2;", "expected"}, {"add.s64 %r1, %r2, %r3;", "%r"},
                {"cvt.s32.f32 %r1, %f1;", "cvt.s32.f32"}, {"call.uni (x), vprintf, (y);", "vprintf"},
                {"setp.lo.f32 %p1, %f1, %f2;", "setp.lo.f32"}, {"bra NOWHERE;", "label"}}) {
                PtxException e = Assertions.assertThrows(PtxException.class,
                        () -> LoadedModule.load(Bench.kernel(0, "mov.u32 %r1, 0;\n" + bad[0]), bench.memory), bad[0]);
                assertEquals(13, e.line(), e.getMessage());
                Assertions.assertTrue(e.getMessage().contains(bad[1]), e.getMessage());
            }
            assertEquals(0, bench.memory.bytesInUse());
        }
    }
}
