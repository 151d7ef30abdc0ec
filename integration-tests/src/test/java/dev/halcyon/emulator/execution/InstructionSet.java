package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import java.util.List;

/** Finds out what an instruction does, by what stands before the first dot of its name and by its type. */
final class InstructionSet {
    private InstructionSet() {
    }

    /** What an instruction does that does not change where execution goes on. */
    static Operation compile(Opcode op, List<Operand> operands, Frame frame) {
        return switch (op.base()) {
            case "ld", "ldu" -> MemoryInstructions.load(op, operands, frame);
            case "st" -> MemoryInstructions.store(op, operands, frame);
            case "prefetch" -> MemoryInstructions.prefetch(op, operands, frame);
            case "atom", "red" -> AtomicInstructions.compile(op, operands, frame);
            case "cp" -> CopyInstructions.compile(op, operands, frame);
            case "ldmatrix" -> MatrixInstructions.load(op, operands, frame);
            case "mma" -> MatrixInstructions.multiply(op, operands, frame);
            case "mov" -> MoveInstructions.move(op, operands, frame);
            case "cvta" -> MoveInstructions.convertAddress(op, operands, frame);
            case "isspacep" -> MoveInstructions.isInSpace(op, operands, frame);
            case "cvt" -> ConversionInstructions.compile(op, operands, frame);
            case "setp" -> CompareInstructions.setPredicate(op, operands, frame);
            case "set" -> CompareInstructions.set(op, operands, frame);
            case "testp" -> CompareInstructions.testNumber(op, operands, frame);
            case "slct" -> CompareInstructions.selectBySign(op, operands, frame);
            case "selp" -> PredicateInstructions.select(op, operands, frame);
            case "bar", "barrier" -> SynchronisationInstructions.barrier(op, operands, frame);
            case "membar", "fence" -> SynchronisationInstructions.fence(op, operands, frame);
            case "shfl" -> WarpInstructions.shuffle(op, operands, frame);
            case "vote" -> WarpInstructions.vote(op, operands, frame);
            case "match" -> WarpInstructions.match(op, operands, frame);
            case "redux" -> WarpInstructions.reduce(op, operands, frame);
            case "activemask" -> WarpInstructions.activeMask(op, operands, frame);
            default -> bits(op, operands, frame);
        };
    }

    private static Operation bits(Opcode op, List<Operand> operands, Frame frame) {
        return switch (op.base()) {
            case "and", "or", "xor", "not", "cnot" -> BitInstructions.logic(op, operands, frame);
            case "shl", "shr" -> BitInstructions.shift(op, operands, frame);
            case "shf" -> BitInstructions.funnelShift(op, operands, frame);
            case "lop3" -> BitInstructions.lop3(op, operands, frame);
            case "bfe" -> BitInstructions.extract(op, operands, frame);
            case "bfi" -> BitInstructions.insert(op, operands, frame);
            case "bfind" -> BitInstructions.find(op, operands, frame);
            case "popc", "clz", "brev" -> BitInstructions.count(op, operands, frame);
            case "prmt" -> BitInstructions.permute(op, operands, frame);
            case "dp4a", "dp2a" -> IntegerInstructions.dotProduct(op, operands, frame);
            default -> arithmetic(op, operands, frame);
        };
    }

    private static Operation arithmetic(Opcode op, List<Operand> operands, Frame frame) {
        return switch (op.base()) {
            case "add", "sub", "mul", "mad", "fma", "div", "rem", "min", "max", "abs", "neg", "sad", "mul24", "mad24",
                    "copysign", "rcp", "sqrt", "rsqrt", "ex2", "lg2", "sin", "cos", "tanh" -> {
                PtxType type = op.takeType();
                yield switch (type) {
                    case F32 -> FloatInstructions.compile(op, operands, frame);
                    case F64 -> DoubleInstructions.compile(op, operands, frame);
                    case F16, BF16, F16X2, BF16X2 -> HalfInstructions.compile(op, type, operands, frame);
                    default -> IntegerInstructions.compile(op, type, operands, frame);
                };
            }
            default -> throw op.unknown();
        };
    }
}
