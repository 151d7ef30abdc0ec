package dev.halcyon.emulator.arithmetic;

import java.util.function.IntBinaryOperator;

/** {@code redux.sync.op.type}: one number from those of all lanes that take part. */
public enum WarpReduction {
    /** {@code .add.s32} and {@code .add.u32}, wrapping. */
    ADD(Integer::sum),
    /** {@code .min.s32}. */
    MIN(Math::min),
    /** {@code .max.s32}. */
    MAX(Math::max),
    /** {@code .min.u32}. */
    MIN_UNSIGNED(IntegerArithmetic::minUnsigned),
    /** {@code .max.u32}. */
    MAX_UNSIGNED(IntegerArithmetic::maxUnsigned),
    /** {@code .and.b32}. */
    AND((a, b) -> a & b),
    /** {@code .or.b32}. */
    OR((a, b) -> a | b),
    /** {@code .xor.b32}. */
    XOR((a, b) -> a ^ b);

    private final IntBinaryOperator operation;

    WarpReduction(IntBinaryOperator operation) {
        this.operation = operation;
    }

    /**
     * Reduces a register of the warp.
     *
     * @param registers of the warp: register r of lane l at 32 r + l
     * @param source where the register begins
     * @param members the lanes that take part, at least one
     */
    public int apply(int[] registers, int source, int members) {
        int result = registers[source + Integer.numberOfTrailingZeros(members)];
        for (int rest = members & members - 1; rest != 0; rest &= rest - 1) {
            result = operation.applyAsInt(result, registers[source + Integer.numberOfTrailingZeros(rest)]);
        }
        return result;
    }
}
