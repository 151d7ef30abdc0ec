package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.execution.Finding.Kind;
import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import java.util.List;

/** Barriers of a block and of a warp, and fences. */
final class SynchronisationInstructions {
    private static final Barrier.Result NOTHING = (warp, lanes, threads, trueThreads) -> {
    };

    private SynchronisationInstructions() {
    }

    /** bar and barrier. */
    static Operation barrier(Opcode op, List<Operand> operands, Frame frame) {
        op.take("cta");
        if (op.take("warp")) {
            op.requireOneOf("sync");
            op.finish();
            Encoding.expect(operands, 1, op);
            int members = frame.source(operands.getFirst(), PtxType.B32, op);
            return (warp, lanes) -> {
                requireMembers(warp, lanes, members);
                warp.warpStamp = warp.block.shared.tick();
            };
        }
        String action = op.requireOneOf("sync", "arrive", "red");
        op.take("aligned");
        if (action.equals("red")) {
            return reduction(op, operands, frame);
        }
        op.finish();
        if (operands.isEmpty() || operands.size() > 2) {
            throw op.error("a barrier and perhaps a number of threads are expected");
        }
        int barrier = frame.source(operands.getFirst(), PtxType.U32, op);
        int expected = operands.size() == 2 ? frame.source(operands.get(1), PtxType.U32, op) : -1;
        Barrier.Result result = action.equals("sync") ? NOTHING : null;
        return (warp, lanes) -> arrive(warp, lanes, barrier, expected, 0, result);
    }

    private static void arrive(Warp warp, int lanes, int barrier, int expected, int trueLanes, Barrier.Result result) {
        int lane = Warp.first(lanes);
        int number = warp.words[barrier + lane];
        if (number < 0 || number >= Barrier.COUNT) {
            throw warp.fault(Kind.DIVERGENT_BARRIER, lane, "names barrier " + number + ", where there are "
                    + Barrier.COUNT);
        }
        int threads = expected < 0 ? Barrier.EVERYBODY : warp.words[expected + lane];
        if (threads % Warp.LANES != 0) {
            throw warp.fault(Kind.DIVERGENT_BARRIER, lane, "expects " + threads
                    + " threads at a barrier, which is no number of whole warps");
        }
        warp.block.barrier(number).arrive(warp, lanes, threads, trueLanes, result);
    }

    /** bar.red: a barrier that also counts or combines a predicate of all threads. */
    private static Operation reduction(Opcode op, List<Operand> operands, Frame frame) {
        String function = op.requireOneOf("popc", "and", "or");
        PtxType type = op.takeType();
        op.finish();
        if (type != (function.equals("popc") ? PtxType.U32 : PtxType.PRED)) {
            throw op.unknown();
        }
        if (operands.size() < 3 || operands.size() > 4) {
            throw op.error("a result, a barrier, perhaps a number of threads, and a predicate are expected");
        }
        int target = type == PtxType.PRED
                ? frame.predicate(operands.getFirst(), op)
                : frame.target(operands.getFirst(), type, op);
        int barrier = frame.source(operands.get(1), PtxType.U32, op);
        int expected = operands.size() == 4 ? frame.source(operands.get(2), PtxType.U32, op) : -1;
        Predicate condition = frame.condition(operands.getLast(), op);
        Barrier.Result result = switch (function) {
            case "popc" -> (warp, lanes, threads, trueThreads) -> {
                for (int rest = lanes; rest != 0; rest &= rest - 1) {
                    warp.words[target + Warp.first(rest)] = trueThreads;
                }
            };
            case "and" -> (warp, lanes, threads, trueThreads) -> PredicateInstructions.set(warp, target, lanes,
                    trueThreads == threads ? -1 : 0);
            default -> (warp, lanes, threads, trueThreads) -> PredicateInstructions.set(warp, target, lanes,
                    trueThreads > 0 ? -1 : 0);
        };
        return (warp, lanes) -> arrive(warp, lanes, barrier, expected, condition.lanes(warp), result);
    }

    /** All lanes that an instruction names have to carry it out together, but for those that have ended. */
    static void requireMembers(Warp warp, int lanes, int members) {
        for (int rest = lanes; rest != 0; rest &= rest - 1) {
            int lane = Warp.first(rest);
            int named = warp.words[members + lane];
            int missing = named & warp.live() & ~lanes;
            if (missing != 0) {
                throw warp.fault(Kind.DIVERGENT_BARRIER, lane, "waits for lane " + Warp.first(missing)
                        + " of its warp, which is not at this instruction");
            }
            if ((named >>> lane & 1) == 0) {
                throw warp.fault(Kind.DIVERGENT_BARRIER, lane,
                        "does not name itself among the lanes of an instruction that they do together");
            }
        }
    }

    /** membar and fence: memory is always in order here; but blocks that need one may depend on each other. */
    static Operation fence(Opcode op, List<Operand> operands, Frame frame) {
        op.takeOneOf("sc", "acq_rel");
        String scope = op.requireOneOf("cta", "gl", "gpu", "sys", "cluster");
        op.finish();
        Encoding.expect(operands, 0, op);
        if (!scope.equals("cta")) {
            frame.traits().ordersBlocks();
        }
        return (warp, lanes) -> {
        };
    }
}
