package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import java.util.List;

/** Operations on predicates, which hold a bit for each lane. */
final class PredicateInstructions {
    private PredicateInstructions() {
    }

    /** Combines two predicates, lane by lane. */
    @FunctionalInterface
    interface Combination {
        int apply(int a, int b);
    }

    private record Combine(Combination combination, int d, Predicate a, Predicate b) implements Operation {
        @Override
        public void execute(Warp warp, int lanes) {
            set(warp, d, lanes, combination.apply(a.lanes(warp), b.lanes(warp)));
        }
    }

    /** Sets a predicate for some lanes. */
    static void set(Warp warp, int predicate, int lanes, int values) {
        warp.predicates[predicate] = warp.predicates[predicate] & ~lanes | values & lanes;
    }

    /** The combination of that name. */
    static Combination combination(String name) {
        return switch (name) {
            case "and" -> (a, b) -> a & b;
            case "or" -> (a, b) -> a | b;
            case "xor" -> (a, b) -> a ^ b;
            default -> throw new IllegalArgumentException(name);
        };
    }

    static Operation logic(Opcode op, List<Operand> operands, Frame frame) {
        int target = frame.predicate(operands.getFirst(), op);
        Predicate a = frame.condition(operands.get(1), op);
        if (op.base().equals("not")) {
            Encoding.expect(operands, 2, op);
            return new Combine((x, y) -> ~x, target, a, a);
        }
        if (op.base().equals("cnot")) {
            throw op.unknown();
        }
        Encoding.expect(operands, 3, op);
        return new Combine(combination(op.base()), target, a, frame.condition(operands.get(2), op));
    }

    /** mov.pred. */
    static Operation move(Opcode op, List<Operand> operands, Frame frame) {
        Encoding.expect(operands, 2, op);
        Predicate a = frame.condition(operands.get(1), op);
        return new Combine((x, y) -> x, frame.predicate(operands.getFirst(), op), a, a);
    }

    /** selp: one of two values, by a predicate. */
    static Operation select(Opcode op, List<Operand> operands, Frame frame) {
        PtxType type = op.takeType();
        op.finish();
        Encoding.expect(operands, 4, op);
        int target = frame.target(operands.getFirst(), type, op);
        int a = frame.source(operands.get(1), type, op);
        int b = frame.source(operands.get(2), type, op);
        Predicate condition = frame.condition(operands.get(3), op);
        return switch (type.bits()) {
            case 64 -> (warp, lanes) -> selectWide(warp.wides, target, a, b, condition.lanes(warp), lanes);
            case 32, 16 -> (warp, lanes) -> select(warp.words, target, a, b, condition.lanes(warp), lanes);
            default -> throw op.unknown();
        };
    }

    private static void select(int[] r, int d, int a, int b, int chosen, int lanes) {
        for (int i = 0; i < Warp.LANES; i++) {
            int value = (chosen >>> i & 1) != 0 ? r[a + i] : r[b + i];
            r[d + i] = (lanes >>> i & 1) != 0 ? value : r[d + i];
        }
    }

    private static void selectWide(long[] q, int d, int a, int b, int chosen, int lanes) {
        for (int i = 0; i < Warp.LANES; i++) {
            long value = (chosen >>> i & 1) != 0 ? q[a + i] : q[b + i];
            q[d + i] = (lanes >>> i & 1) != 0 ? value : q[d + i];
        }
    }
}
