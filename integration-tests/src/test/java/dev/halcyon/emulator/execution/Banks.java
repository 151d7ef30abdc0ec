package dev.halcyon.emulator.execution;

import java.util.Arrays;

/**
 * Finds conflicts of requests to the 32 banks of shared memory, which are 4 bytes wide. A pass serves 128 bytes at most:
 * requests of 8 bytes per lane take a pass for each half of the warp, of 16 bytes for each quarter. Lanes that want
 * the same bytes share them; others whose bytes are in the same banks need a pass of their own.
 */
final class Banks {
    private static final int PASS = 128;

    private final long[] units = new long[Warp.LANES];
    private final int[] earlier = new int[Warp.LANES];
    private final int[] latest = new int[Warp.LANES];
    private final int[] counts = new int[Warp.LANES];

    /** Passes beyond the least for the width of the request. */
    int conflicts(int lanes, long[] at, int bytes) {
        int shift = Math.max(2, Integer.numberOfTrailingZeros(bytes));
        int lanesPerPass = PASS >> shift;
        int conflicts = 0;
        for (int first = 0; first < Warp.LANES; first += lanesPerPass) {
            conflicts += conflicts(lanes, at, shift, first, first + lanesPerPass);
        }
        return conflicts;
    }

    private int conflicts(int lanes, long[] at, int shift, int first, int end) {
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (int lane = first; lane < end; lane++) {
            if ((lanes >>> lane & 1) != 0) {
                long unit = at[lane] >> shift;
                least = Math.min(least, unit);
                most = Math.max(most, unit);
            }
        }
        int groups = PASS >> shift;
        return most < least || most - least < groups ? 0 : passes(lanes, at, shift, first, end) - 1;
    }

    private int passes(int lanes, long[] at, int shift, int first, int end) {
        int groups = PASS >> shift;
        Arrays.fill(latest, 0, groups, -1);
        Arrays.fill(counts, 0, groups, 0);
        int most = 0;
        for (int lane = first; lane < end; lane++) {
            if ((lanes >>> lane & 1) != 0) {
                long unit = at[lane] >> shift;
                int group = (int) unit & groups - 1;
                int same = latest[group];
                while (same >= 0 && units[same] != unit) {
                    same = earlier[same];
                }
                if (same < 0) {
                    units[lane] = unit;
                    earlier[lane] = latest[group];
                    latest[group] = lane;
                    most = Math.max(most, ++counts[group]);
                }
            }
        }
        return most;
    }
}
