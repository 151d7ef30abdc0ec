package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import dev.halcyon.emulator.ptx.Register;
import dev.halcyon.emulator.ptx.Variable;
import java.util.Arrays;

/**
 * The memory operand of an instruction.
 *
 * @param base where the register with the address begins
 * @param offset what is added to it, or the whole address where there is no register
 */
record Place(Kind kind, int base, long offset) {
    /** Where the address comes from. */
    enum Kind {
        CONSTANT, WORD, WIDE
    }

    static Place of(Operand operand, Frame frame, Opcode op) {
        if (!(operand instanceof Operand.Address(Operand base, long offset))) {
            throw op.error("an address in brackets is expected, found " + operand);
        }
        return switch (base) {
            case Operand.Value(Register register) when register.type().bits() == 64 ->
                    new Place(Kind.WIDE, frame.base(register), offset);
            case Operand.Value(Register register) when register.type().bits() == 32 ->
                    new Place(Kind.WORD, frame.base(register), offset);
            case Operand.Symbol(Variable variable, long inside) ->
                    new Place(Kind.CONSTANT, 0, frame.address(variable, op) + inside + offset);
            case Operand.IntegerLiteral(long value) -> new Place(Kind.CONSTANT, 0, value + offset);
            default -> throw op.error("an address is expected to be a register, a variable or a number, found " + base
                    + " of type " + PtxType.B64.ptxName());
        };
    }

    /** The addresses of all lanes. */
    void addresses(Warp warp, long[] into) {
        switch (kind) {
            case CONSTANT -> Arrays.fill(into, offset);
            case WIDE -> {
                long[] wides = warp.wides;
                for (int i = 0; i < Warp.LANES; i++) {
                    into[i] = wides[base + i] + offset;
                }
            }
            case WORD -> {
                int[] words = warp.words;
                for (int i = 0; i < Warp.LANES; i++) {
                    into[i] = Integer.toUnsignedLong(words[base + i] + (int) offset);
                }
            }
        }
    }
}
