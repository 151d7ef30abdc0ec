package dev.halcyon.emulator.arithmetic;

/** {@code match.sync}: which lanes hold the same value. */
public final class Match {
    private Match() {
    }

    /**
     * {@code match.any.sync}: the lanes, among those that take part, whose values are that of one lane.
     *
     * @param values a value for every lane; of {@code .b32} widened
     * @param members the lanes that take part
     * @param lane one of them
     */
    public static int any(long[] values, int members, int lane) {
        int same = 0;
        for (int rest = members; rest != 0; rest &= rest - 1) {
            int other = Integer.numberOfTrailingZeros(rest);
            same |= values[other] == values[lane] ? 1 << other : 0;
        }
        return same;
    }

    /** {@code match.all.sync}: all members if their values are the same (then p is true), otherwise 0. */
    public static int all(long[] values, int members) {
        return any(values, members, Integer.numberOfTrailingZeros(members)) == members ? members : 0;
    }
}
