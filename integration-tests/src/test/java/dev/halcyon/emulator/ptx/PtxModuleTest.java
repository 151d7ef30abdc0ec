package dev.halcyon.emulator.ptx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.emulator.ptx.Statement.Instruction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PtxModuleTest {
    private static final String HEADER = ".version 7.8\n.target sm_75, debug\n.address_size 64\n";

    private static PtxModule parse(String text) {
        return PtxModule.parse(HEADER + text);
    }

    private static List<Instruction> instructions(String body) {
        return parse(".entry k()\n{\n" + body + "\n}").function("k").body().stream()
                .filter(Instruction.class::isInstance).map(Instruction.class::cast).toList();
    }

    @Test
    void whatNvccWritesIsRead() throws IOException {
        for (String name : List.of("samples_75.ptx", "samples_80.ptx")) {
            try (InputStream stream = PtxModuleTest.class.getResourceAsStream("/dev/halcyon/emulator/" + name)) {
                PtxModule module = PtxModule.parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
                assertEquals("7.8", module.version());
                assertEquals(name.contains("75") ? "sm_75" : "sm_80", module.target());
                Function gemm = module.function("tiledGemm");
                assertTrue(gemm.entry());
                assertEquals(6, gemm.parameters().size());
                assertEquals(256, gemm.limits().maxThreads());
                assertEquals(List.of(32 * 36 * 4L, 32 * 32 * 4L),
                        gemm.variables().stream().filter(v -> v.space() == Space.SHARED).map(Variable::bytes).toList());
                assertTrue(module.functions().stream().anyMatch(function -> !function.entry()));
            }
        }
    }

    @Test
    void operandsAreOfAllKinds() {
        List<Instruction> read = instructions("""
                .reg .b32 %r<4>; .reg .b64 %l; .reg .pred %p;
                .shared .align 8 .b8 s[16];
                @!%p ld.shared.v2.u32 {%r1, _}, [s+8];
                mov.f32 %r1, 0fBF800000; mov.u32 %r2, -0x10; mov.u32 %r2, %tid.x; mov.b64 %l, 0d3FF0000000000000;
                shfl.sync.up.b32 %r1|%p, %r2, WARP_SZ, 017, 0b101;
                st.global.u32 [%l+-4], %r1; bra END; END:
                """);
        Instruction load = read.getFirst();
        assertEquals("ld.shared.v2.u32", load.opcode());
        assertEquals("%p", load.guard().name());
        assertTrue(load.negated());
        assertTrue(load.operands().getFirst() instanceof Operand.Tuple(List<Operand> parts)
                && parts.get(1) instanceof Operand.Sink);
        assertTrue(
                load.operands().get(1) instanceof Operand.Address(Operand.Symbol(Variable v, long inside), long offset)
                        && v.name().equals("s") && offset == 8);
        assertEquals(-1, ((Operand.FloatLiteral) read.get(1).operands().get(1)).value());
        assertEquals(new Operand.IntegerLiteral(-16), read.get(2).operands().get(1));
        assertEquals(new Operand.Special("%tid.x"), read.get(3).operands().get(1));
        assertEquals(1, ((Operand.FloatLiteral) read.get(4).operands().get(1)).value());
        assertTrue(read.get(5).operands().getFirst() instanceof Operand.Pair);
        assertEquals(List.of(new Operand.IntegerLiteral(32), new Operand.IntegerLiteral(15),
                new Operand.IntegerLiteral(5)), read.get(5).operands().subList(2, 5));
        assertEquals(-4, ((Operand.Address) read.get(6).operands().getFirst()).offset());
        assertTrue(read.get(7).operands().getFirst() instanceof Operand.Target);
    }

    @Test
    void namesBelongToTheirScope() {
        List<Instruction> read = instructions("""
                .reg .b32 %x;
                mov.b32 %x, 1;
                { .reg .b64 %x; mov.b64 %x, 2; bra SAME; SAME: }
                { bra SAME; SAME: }
                mov.b32 %x, 3;
                bra SAME;
                SAME:
                """);
        assertEquals(read.get(0).operands().getFirst(), read.get(4).operands().getFirst());
        assertEquals(PtxType.B64, ((Operand.Value) read.get(1).operands().getFirst()).register().type());
        assertEquals(3, List.of(read.get(2), read.get(3), read.get(5)).stream()
                .map(branch -> branch.operands().getFirst()).distinct().count());
    }

    @Test
    void variablesHaveTheirInitialBytes() {
        PtxModule module = parse("""
                .visible .global .align 8 .b8 bytes[6] = {1, 255, 3};
                .const .s16 shorts[2][2] = {{-1, 2}, {3}};
                .global .f64 number = 0d3FF8000000000000;
                .global .u64 pointers[2] = {bytes, generic(number)+16};
                .extern .shared .align 16 .b8 dynamic[];
                .global .v4 .f32 vector;
                """);
        List<Variable> variables = module.variables();
        assertArrayEquals(new byte[] {1, -1, 3, 0, 0, 0}, variables.get(0).initial());
        assertEquals(8, variables.get(0).alignment());
        assertArrayEquals(new byte[] {-1, -1, 2, 0, 3, 0, 0, 0}, variables.get(1).initial());
        assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xf8, 0x3f}, variables.get(2).initial());
        assertEquals(List.of(new Variable.Reference(0, "bytes", 0), new Variable.Reference(8, "number", 16)),
                variables.get(3).references());
        assertEquals(0, variables.get(4).bytes());
        assertTrue(variables.get(4).external());
        assertEquals(16, variables.get(5).bytes());
        assertEquals(16, variables.get(5).alignment());
    }

    @Test
    void kernelsSayHowTheyMayBeLaunched() {
        PtxModule module = parse("""
                .file 1 "source.cu"
                .entry a(.param .u64 .ptr .global .align 16 x, .param .align 4 .b8 y[12])
                .maxntid 8, 4, 1
                .minnctapersm 2
                { .loc 1 2 3
                  ret; }
                .entry b() .reqntid 32 { .pragma "nounroll"; exit; }
                .extern .func f(.param .b32 x);
                .section .debug_str { .b8 1, 2, 3 }
                """);
        assertEquals(new Function.Limits(32, false), module.function("a").limits());
        assertEquals(12, module.function("a").parameters().get(1).bytes());
        assertEquals(1, module.function("a").body().size());
        assertEquals(new Function.Limits(32, true), module.function("b").limits());
        assertNull(module.function("f").body());
        assertNull(module.function("g"));
    }

    @Test
    void faultsNameTheirLine() {
        for (String[] bad : new String[][] {
            {".entry k()\n{\n  .reg .b32 %r;\n  .reg .b32 %r;\n}", "declared twice", "7"},
            {".entry k()\n{\n  @%p ret;\n}", "'%p' is not a predicate", "6"},
            {".entry k()\n{\n  ret\n}", "'}'", "7"}, {".entry k()\n{\n  ret;\n", "expected '}', found the end", "7"},
            {".alias a, b;", "'.alias'", "4"}, {".entry k()\n.maxclusterrank 2 {}", "'.maxclusterrank'", "5"},
            {".entry k()\n{\n  L: .branchtargets M;\n}", "unknown label 'M'", "6"},
            {".global .b32 x = y;", "expected a number", "4"}, {"/* ", "not closed", "4"}}) {
            PtxException e = assertThrows(PtxException.class, () -> {
                PtxModule module = parse(bad[0]);
                throw new AssertionError("was read: " + module);
            }, bad[0]);
            assertTrue(e.getMessage().contains(bad[1]), e.getMessage());
            assertEquals(Integer.parseInt(bad[2]), e.line(), e.getMessage());
        }
    }
}
