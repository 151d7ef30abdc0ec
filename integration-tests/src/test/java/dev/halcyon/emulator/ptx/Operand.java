package dev.halcyon.emulator.ptx;

import java.util.List;

/** An operand of an instruction. */
public sealed interface Operand {
    /** A register. */
    record Value(Register register) implements Operand {
    }

    /** The opposite of a predicate. */
    record Not(Register register) implements Operand {
    }

    /** A register that hardware fills in, such as %tid.x. */
    record Special(String name) implements Operand {
    }

    /** An integer literal. */
    record IntegerLiteral(long value) implements Operand {
    }

    /** A floating-point literal, given by its bits. */
    record FloatLiteral(long bits, PtxType type) implements Operand {
        /** The number in double precision. */
        public double value() {
            return type == PtxType.F64 ? Double.longBitsToDouble(bits) : Float.intBitsToFloat((int) bits);
        }
    }

    /** The address of a variable, and an offset to it. */
    record Symbol(Variable variable, long offset) implements Operand {
    }

    /** A name that is neither register, label nor variable: a function. */
    record Name(String name) implements Operand {
    }

    /** A place to jump to, or a list of them. */
    record Target(Label label) implements Operand {
    }

    /** Memory at an address: a register, a variable or a number, and an offset in bytes. */
    record Address(Operand base, long offset) implements Operand {
    }

    /** Several operands in braces or parentheses. */
    record Tuple(List<Operand> elements) implements Operand {
    }

    /** Two results, written {@code first|second}. */
    record Pair(Operand first, Operand second) implements Operand {
    }

    /** A result that nobody wants, written {@code _}. */
    record Sink() implements Operand {
    }
}
