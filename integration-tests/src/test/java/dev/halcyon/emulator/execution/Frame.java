package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.ptx.Function;
import dev.halcyon.emulator.ptx.Label;
import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxException;
import dev.halcyon.emulator.ptx.PtxType;
import dev.halcyon.emulator.ptx.Register;
import dev.halcyon.emulator.ptx.Space;
import dev.halcyon.emulator.ptx.Variable;
import java.util.HashMap;
import java.util.Map;

/**
 * A function put into the code of a kernel: where its registers, labels and variables are. A function that is called
 * twice is put in twice.
 */
final class Frame {
    private static final long LOWER_16 = 0xffff;

    private final Function function;
    private final Registers registers;
    private final Layout layout;
    private final Traits traits;
    private final Map<Register, Integer> bases = new HashMap<>();
    private final Map<Label, Jump> jumps = new HashMap<>();
    private final Map<Variable, Long> slots;
    private final Jump end = new Jump();

    /**
     * @param slots where the variables of the stack of a call are in local memory: those given to the function
     */
    Frame(Function function, Registers registers, Layout layout, Traits traits, Map<Variable, Long> slots) {
        this.function = function;
        this.registers = registers;
        this.layout = layout;
        this.traits = traits;
        this.slots = new HashMap<>(slots);
    }

    Function function() {
        return function;
    }

    Registers registers() {
        return registers;
    }

    Layout layout() {
        return layout;
    }

    Traits traits() {
        return traits;
    }

    /** Where execution goes on after the function has returned. */
    Jump end() {
        return end;
    }

    Jump jump(Label label) {
        return jumps.computeIfAbsent(label, l -> new Jump());
    }

    /** Where a register of up to 32 bits begins, or of 64 if it is one. */
    int base(Register register) {
        return bases.computeIfAbsent(register, r -> switch (r.type().bits()) {
            case 1 -> registers.predicate();
            case 64 -> registers.wide();
            default -> registers.word();
        });
    }

    /** Whether an operand has 64 bits where an instruction takes registers wider than its type. */
    static boolean isWide(Operand operand, PtxType type) {
        return operand instanceof Operand.Value(Register register) ? register.type().bits() == 64 : type.bits() == 64;
    }

    /** Where an operand of an instruction's type begins: among the words, or among the wides if it has 64 bits. */
    int source(Operand operand, PtxType type, Opcode op) {
        return switch (operand) {
            case Operand.Value(Register register) -> register(register, type, op);
            case Operand.IntegerLiteral(long value) when !type.floating() || type.bits() == 16 -> constant(value, type);
            case Operand.FloatLiteral literal when type.bits() == 64 -> constant(doubleBits(literal), type);
            case Operand.FloatLiteral literal when type.bits() == 32 -> constant(floatBits(literal), type);
            case Operand.Symbol(Variable variable, long offset) -> constant(address(variable, op) + offset, type);
            case Operand.Special(String name) when type.bits() == 32 -> special(name, op);
            default -> throw op.error("an operand of type " + type.ptxName() + " is expected, found " + operand);
        };
    }

    private static long doubleBits(Operand.FloatLiteral literal) {
        return Double.doubleToRawLongBits(literal.value());
    }

    private static long floatBits(Operand.FloatLiteral literal) {
        return literal.type() == PtxType.F32 ? literal.bits() : Float.floatToRawIntBits((float) literal.value());
    }

    private int constant(long value, PtxType type) {
        return switch (type.bits()) {
            case 64 -> registers.wideConstant(value);
            case 32 -> registers.constant((int) value);
            default -> registers.constant((int) (value & LOWER_16));
        };
    }

    private int special(String name, Opcode op) {
        SpecialRegister special = SpecialRegister.named(name);
        if (special == null) {
            throw op.error("unknown register '" + name + "'");
        }
        return registers.special(special);
    }

    private int register(Register register, PtxType type, Opcode op) {
        int bits = register.type().bits();
        if (bits != type.bits() && !(bits == 16 && type.bits() == 8)) {
            throw op.error("register " + register.name() + " of " + bits + " bits where " + type.bits()
                    + " are expected");
        }
        return base(register);
    }

    /** The same for an instruction that takes registers wider than its type: {@link #isWide} tells which they are. */
    int anySource(Operand operand, PtxType type, Opcode op) {
        return operand instanceof Operand.Value(Register register) && register.type() != PtxType.PRED
                ? base(register)
                : source(operand, type, op);
    }

    /** Where the result begins of an instruction that writes registers wider than its type. */
    int anyTarget(Operand operand, PtxType type, Opcode op) {
        return operand instanceof Operand.Value(Register register) && register.type() != PtxType.PRED
                ? base(register)
                : target(operand, type, op);
    }

    /** Bits of a register that holds a result; of the type where nobody wants it. */
    static int bits(Operand operand, PtxType type) {
        return operand instanceof Operand.Value(Register register) ? register.type().bits() : type.bits();
    }

    /** Where the result of an instruction's type begins. */
    int target(Operand operand, PtxType type, Opcode op) {
        return switch (operand) {
            case Operand.Value(Register register) -> register(register, type, op);
            case Operand.Sink() -> Registers.SCRATCH;
            default -> throw op.error("a register is expected for the result, found " + operand);
        };
    }

    /** Number of a predicate register. */
    int predicate(Operand operand, Opcode op) {
        return switch (operand) {
            case Operand.Value(Register register) when register.type() == PtxType.PRED -> base(register);
            case Operand.Sink() -> registers.predicate();
            default -> throw op.error("a predicate is expected, found " + operand);
        };
    }

    /** A predicate that is read, perhaps turned round. */
    Predicate condition(Operand operand, Opcode op) {
        return switch (operand) {
            case Operand.Not(Register register) -> new Predicate(base(register), -1);
            case Operand.IntegerLiteral(long value) -> new Predicate(-1, value != 0 ? -1 : 0);
            default -> new Predicate(predicate(operand, op), 0);
        };
    }

    /** Address in its space of a variable. */
    long address(Variable variable, Opcode op) {
        Long slot = slots.get(variable);
        if (slot != null) {
            return slot;
        }
        if (variable.space() == Space.LOCAL || variable.space() == Space.PARAM && !isKernelParameter(variable)) {
            return slots.computeIfAbsent(variable, layout::local);
        }
        try {
            return layout.address(variable);
        } catch (IllegalStateException e) {
            throw new PtxException(op.line(), e.getMessage());
        }
    }

    /** Whether a variable is a parameter that the launch gives. */
    boolean isKernelParameter(Variable variable) {
        return layout.isParameter(variable);
    }
}
