package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.arithmetic.Match;
import dev.halcyon.emulator.arithmetic.Shuffle;
import dev.halcyon.emulator.arithmetic.Vote;
import dev.halcyon.emulator.arithmetic.WarpReduction;
import dev.halcyon.emulator.execution.Finding.Kind;
import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import java.util.List;
import java.util.Locale;

/** What lanes of a warp tell each other: shfl, vote, match, redux and activemask. */
final class WarpInstructions {
    private WarpInstructions() {
    }

    static Operation shuffle(Opcode op, List<Operand> operands, Frame frame) {
        op.requireOneOf("sync");
        Shuffle mode = Shuffle.of(op.requireOneOf("up", "down", "bfly", "idx"));
        op.requireOneOf("b32");
        op.finish();
        Encoding.expect(operands, 5, op);
        Operand first = operands.getFirst();
        boolean pair = first instanceof Operand.Pair;
        Operand result = first instanceof Operand.Pair(Operand value, Operand inRange) ? value : first;
        int predicate = pair ? frame.predicate(((Operand.Pair) first).second(), op) : -1;
        return new Exchange(mode, frame.target(result, PtxType.B32, op), predicate,
                frame.source(operands.get(1), PtxType.B32, op), frame.source(operands.get(2), PtxType.B32, op),
                frame.source(operands.get(3), PtxType.B32, op), frame.source(operands.get(4), PtxType.B32, op));
    }

    private record Exchange(Shuffle mode, int d, int predicate, int a, int b, int c, int members)
            implements Operation {
        @Override
        public void execute(Warp warp, int lanes) {
            SynchronisationInstructions.requireMembers(warp, lanes, members);
            int[] words = warp.words;
            int inRange = 0;
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                int lane = Warp.first(rest);
                int source = mode.source(lane, words[b + lane], words[c + lane]);
                if (source >= 0) {
                    inRange |= 1 << lane;
                    if ((lanes >>> source & 1) == 0) {
                        warp.report(Kind.DIVERGENT_BARRIER, lane, "asks lane " + source
                                + " of its warp for a value, which is not at this instruction");
                    }
                }
                words[Registers.SCRATCH + lane] = words[a + (source >= 0 ? source : lane)];
            }
            Lanes.copy(words, Registers.SCRATCH, d, lanes);
            if (predicate >= 0) {
                PredicateInstructions.set(warp, predicate, lanes, inRange);
            }
        }
    }

    static Operation vote(Opcode op, List<Operand> operands, Frame frame) {
        op.requireOneOf("sync");
        String mode = op.requireOneOf("all", "any", "uni", "ballot");
        PtxType type = op.takeType();
        op.finish();
        boolean ballot = mode.equals("ballot");
        if (type != (ballot ? PtxType.B32 : PtxType.PRED)) {
            throw op.unknown();
        }
        Encoding.expect(operands, 3, op);
        Predicate condition = frame.condition(operands.get(1), op);
        int members = frame.source(operands.get(2), PtxType.B32, op);
        if (ballot) {
            int target = frame.target(operands.getFirst(), type, op);
            return (warp, lanes) -> {
                SynchronisationInstructions.requireMembers(warp, lanes, members);
                int holds = condition.lanes(warp);
                for (int rest = lanes; rest != 0; rest &= rest - 1) {
                    int lane = Warp.first(rest);
                    warp.words[target + lane] = holds & warp.words[members + lane] & lanes;
                }
            };
        }
        Vote vote = Vote.valueOf(mode.toUpperCase(Locale.ROOT));
        int target = frame.predicate(operands.getFirst(), op);
        return (warp, lanes) -> {
            SynchronisationInstructions.requireMembers(warp, lanes, members);
            int holds = condition.lanes(warp);
            int result = 0;
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                int lane = Warp.first(rest);
                result |= (vote.apply(holds, warp.words[members + lane] & lanes) ? 1 : 0) << lane;
            }
            PredicateInstructions.set(warp, target, lanes, result);
        };
    }

    static Operation activeMask(Opcode op, List<Operand> operands, Frame frame) {
        op.requireOneOf("b32");
        op.finish();
        Encoding.expect(operands, 1, op);
        int target = frame.target(operands.getFirst(), PtxType.B32, op);
        return (warp, lanes) -> {
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                warp.words[target + Warp.first(rest)] = lanes;
            }
        };
    }

    static Operation reduce(Opcode op, List<Operand> operands, Frame frame) {
        op.requireOneOf("sync");
        String name = op.requireOneOf("add", "min", "max", "and", "or", "xor").toUpperCase(Locale.ROOT);
        PtxType type = op.takeType();
        op.finish();
        boolean bits = List.of("AND", "OR", "XOR").contains(name);
        if (bits != (type == PtxType.B32) || !bits && type != PtxType.S32 && type != PtxType.U32) {
            throw op.unknown();
        }
        boolean ordersUnsigned = type == PtxType.U32 && !name.equals("ADD");
        WarpReduction reduction = WarpReduction.valueOf(ordersUnsigned ? name + "_UNSIGNED" : name);
        Encoding.expect(operands, 3, op);
        int target = frame.target(operands.getFirst(), type, op);
        int source = frame.source(operands.get(1), type, op);
        int members = frame.source(operands.get(2), PtxType.B32, op);
        return (warp, lanes) -> {
            SynchronisationInstructions.requireMembers(warp, lanes, members);
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                int lane = Warp.first(rest);
                warp.words[Registers.SCRATCH + lane] = reduction.apply(warp.words, source,
                        warp.words[members + lane] & lanes);
            }
            Lanes.copy(warp.words, Registers.SCRATCH, target, lanes);
        };
    }

    static Operation match(Opcode op, List<Operand> operands, Frame frame) {
        boolean any = op.requireOneOf("any", "all").equals("any");
        op.requireOneOf("sync");
        PtxType type = op.takeType();
        op.finish();
        if (type != PtxType.B32 && type != PtxType.B64) {
            throw op.unknown();
        }
        Encoding.expect(operands, 3, op);
        Operand first = operands.getFirst();
        Operand result = first instanceof Operand.Pair(Operand value, Operand same) ? value : first;
        int predicate = first instanceof Operand.Pair(Operand value, Operand same) ? frame.predicate(same, op) : -1;
        int target = frame.target(result, PtxType.B32, op);
        int source = frame.source(operands.get(1), type, op);
        int members = frame.source(operands.get(2), PtxType.B32, op);
        return (warp, lanes) -> {
            SynchronisationInstructions.requireMembers(warp, lanes, members);
            long[] values = new long[Warp.LANES];
            for (int lane = 0; lane < Warp.LANES; lane++) {
                values[lane] = type == PtxType.B64 ? warp.wides[source + lane] : warp.words[source + lane];
            }
            int same = 0;
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                int lane = Warp.first(rest);
                int named = warp.words[members + lane] & lanes;
                int matching = any ? Match.any(values, named, lane) : Match.all(values, named);
                warp.words[target + lane] = matching;
                same |= (matching != 0 ? 1 : 0) << lane;
            }
            if (predicate >= 0) {
                PredicateInstructions.set(warp, predicate, lanes, same);
            }
        };
    }
}
