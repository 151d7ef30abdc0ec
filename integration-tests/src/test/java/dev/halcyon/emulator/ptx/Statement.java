package dev.halcyon.emulator.ptx;

import java.util.List;

/** One thing in the body of a function. */
public sealed interface Statement {
    int line();

    /** Where a label stands. */
    record Mark(int line, Label label) implements Statement {
    }

    /** The places an indexed branch that names the label may go to. */
    record BranchTargets(int line, Label label, List<Label> targets) implements Statement {
    }

    /**
     * An instruction.
     *
     * @param guard the predicate that it depends on, or null
     * @param negated whether it runs where the predicate is false
     * @param opcode with all its modifiers, such as {@code ld.global.nc.v4.f32}
     */
    record Instruction(int line, Register guard, boolean negated, String opcode, List<Operand> operands)
            implements Statement {
    }
}
