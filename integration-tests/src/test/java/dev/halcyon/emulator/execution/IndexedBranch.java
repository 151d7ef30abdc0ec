package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.execution.Finding.Kind;

/**
 * A branch of each lane to the place whose number is in its register.
 *
 * @param index where the register begins
 * @param meeting where the ways meet again, or {@link Warp#NOWHERE}
 */
record IndexedBranch(int index, int[] targets, int meeting) implements Operation {
    @Override
    public void execute(Warp warp, int lanes) {
        int rest = lanes;
        while (rest != 0) {
            int target = target(warp, Warp.first(rest));
            int together = 0;
            for (int others = rest; others != 0; others &= others - 1) {
                int lane = Warp.first(others);
                together |= (target(warp, lane) == target ? 1 : 0) << lane;
            }
            if (together == rest) {
                warp.proceed(target, together);
                return;
            }
            if (rest == lanes) {
                warp.diverge(meeting);
            }
            warp.suspend(target, together);
            rest &= ~together;
        }
    }

    private int target(Warp warp, int lane) {
        int chosen = warp.words[index + lane];
        if (chosen < 0 || chosen >= targets.length) {
            throw warp.fault(Kind.OUT_OF_BOUNDS, lane, "branches to place " + Integer.toUnsignedString(chosen)
                    + " of a list of " + targets.length);
        }
        return targets[chosen];
    }
}
