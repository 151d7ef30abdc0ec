package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import java.util.Arrays;
import java.util.List;

/** Ties loops over lanes to the operands of an instruction. */
final class Encoding {
    private static final int MOST_SOURCES = 3;

    private Encoding() {
    }

    /** An operation whose result and operands are all of one type. */
    static Operation sameType(LaneLoop loop, Opcode op, PtxType type, List<Operand> operands, Frame frame) {
        return sameType(loop, op, type, operands, frame, 0);
    }

    /** An operation whose result and operands are all of one type, and that does some work on floating-point numbers. */
    static Operation sameType(LaneLoop loop, Opcode op, PtxType type, List<Operand> operands, Frame frame,
            int floatOperations) {
        PtxType[] sources = new PtxType[count(op.base())];
        Arrays.fill(sources, type);
        return lanes(loop, op, type, sources, operands, frame, floatOperations);
    }

    /** How many operands an instruction has whose operands are of one type. */
    private static int count(String base) {
        return switch (base) {
            case "abs", "neg", "not", "cnot", "rcp", "sqrt", "rsqrt", "ex2", "lg2", "sin", "cos", "tanh", "mov",
                    "cvta" -> 1;
            case "mad", "fma", "mad24", "sad", "shf", "lop3", "prmt", "dp4a", "dp2a" -> 3;
            default -> 2;
        };
    }

    /**
     * An operation on each lane.
     *
     * @param loop null if there is none for these types, which is an error
     * @param operands the result, then the operands
     */
    static Operation lanes(LaneLoop loop, Opcode op, PtxType result, PtxType[] sources, List<Operand> operands,
            Frame frame, int floatOperations) {
        if (loop == null) {
            throw op.unknown();
        }
        expect(operands, sources.length + 1, op);
        if (sources.length > MOST_SOURCES) {
            throw op.error("at most " + MOST_SOURCES + " operands are expected");
        }
        int[] bases = new int[MOST_SOURCES];
        for (int i = 0; i < sources.length; i++) {
            bases[i] = frame.source(operands.get(i + 1), sources[i], op);
        }
        int target = frame.target(operands.getFirst(), result, op);
        return new LaneOperation(loop, result.bits() == 64, target, bases[0], bases[1], bases[2], floatOperations);
    }

    static void expect(List<Operand> operands, int count, Opcode op) {
        if (operands.size() != count) {
            throw op.error(count + " operands are expected, found " + operands.size());
        }
    }
}
