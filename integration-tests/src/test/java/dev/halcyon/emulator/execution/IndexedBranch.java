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
        boolean parted = false;
        while (rest != 0) {
            int lane = Warp.first(rest);
            int chosen = warp.words[index + lane];
            if (chosen < 0 || chosen >= targets.length) {
                throw warp.fault(Kind.OUT_OF_BOUNDS, lane, "branches to place " + Integer.toUnsignedString(chosen)
                        + " of a list of " + targets.length);
            }
            int together = with(warp, rest, chosen);
            rest &= ~together;
            if (rest == 0) {
                warp.proceed(targets[chosen], together);
            } else {
                if (!parted) {
                    warp.diverge(meeting);
                    parted = true;
                }
                warp.suspend(targets[chosen], together);
            }
        }
    }

    private int with(Warp warp, int lanes, int chosen) {
        int found = 0;
        for (int lane = 0; lane < Warp.LANES; lane++) {
            if ((lanes >>> lane & 1) != 0 && warp.words[index + lane] == chosen) {
                found |= 1 << lane;
            }
        }
        return found;
    }
}
