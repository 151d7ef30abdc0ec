package dev.halcyon.cpu;

/**
 * A matrix product C = epilogue(left · right + bias), or C = epilogue(C + left · right).
 *
 * @param m rows of C
 * @param n columns of C
 * @param k terms of each sum
 * @param target where the rows of C lie
 * @param accumulate whether C is added to
 * @param bias [n], or 0 for none; none if C is added to
 */
record Product(long m, int n, long k, LeftOperand left, RightOperand right, Target target, boolean accumulate,
        long bias, Epilogue epilogue) {

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

    double operations() {
        return 2.0 * m * n * k;
    }
}
