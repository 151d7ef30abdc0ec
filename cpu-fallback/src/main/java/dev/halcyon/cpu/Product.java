package dev.halcyon.cpu;

import dev.halcyon.device.Unary;

/**
 * A matrix product C = activation(left · right + bias + addend), where the addend may be C itself.
 *
 * @param m rows of C
 * @param n columns of C
 * @param k terms of each sum
 * @param target where the rows of C lie
 * @param addend bytes from an element of C to what is added to it, 0 for C itself, or {@link #NO_ADDEND}
 * @param bias [n], or 0 for none
 */
record Product(long m, int n, long k, LeftOperand left, RightOperand right, Target target, long addend, long bias,
        Unary activation) {
    /** Nothing is added. */
    static final long NO_ADDEND = Long.MIN_VALUE;
    /** C is added to. */
    static final long ACCUMULATE = 0;

    /** Where the rows of C lie. */
    interface Target {
        /** Address of a row. */
        long row(long row);

        /** Bytes from a row to the next, wherever neighbours are at their usual distance; none are at less. */
        long step();
    }

    /** Rows at one distance. */
    record Rows(long address, long step) implements Target {
        @Override
        public long row(long row) {
            return address + row * step;
        }
    }

    boolean hasAddend() {
        return addend != NO_ADDEND;
    }

    /** Whether the bias comes last, since sums start with the addend; else they start with the bias. */
    boolean biasLast() {
        return bias != 0 && hasAddend();
    }

    double operations() {
        return 2.0 * m * n * k;
    }
}
