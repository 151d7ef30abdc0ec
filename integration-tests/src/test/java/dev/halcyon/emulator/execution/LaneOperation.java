package dev.halcyon.emulator.execution;

/**
 * An operation on each lane by itself.
 *
 * @param wide whether the result has 64 bits
 * @param d where the result begins; a, b and c: where the operands begin
 */
record LaneOperation(LaneLoop loop, boolean wide, int d, int a, int b, int c, int floatOperations)
        implements Operation {

    @Override
    public void execute(Warp warp, int lanes) {
        int[] words = warp.words;
        long[] wides = warp.wides;
        if (lanes == Warp.ALL) {
            loop.apply(words, wides, d, a, b, c);
            return;
        }
        loop.apply(words, wides, Registers.SCRATCH, a, b, c);
        if (wide) {
            Lanes.copy(wides, Registers.SCRATCH, d, lanes);
        } else {
            Lanes.copy(words, Registers.SCRATCH, d, lanes);
        }
    }
}
