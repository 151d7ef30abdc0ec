package dev.halcyon.report.dashboard;

/**
 * Says when it is time to look into the network again: not more often than once a second, and so rarely that looking takes
 * a small share of the time, however large the network. The first looks take many times longer than later ones, because
 * their code is being compiled, and say little of what those will take.
 */
final class Allowance {
    private static final long INTERVAL_NANOS = 1_000_000_000L;
    /** Looking takes one part in so many. */
    private static final long PARTS = 190;
    private static final int FIRST_LOOKS = 3;
    /** The same for the first looks. */
    private static final long PARTS_AT_FIRST = 10;

    private long nextDue;
    private int looks;

    /**
     * The first look is due at once.
     *
     * @param now in nanoseconds
     */
    Allowance(long now) {
        nextDue = now;
    }

    boolean isDue(long now) {
        return now >= nextDue;
    }

    /** A look has ended that took some time. */
    void spent(long now, long nanoseconds) {
        long parts = ++looks <= FIRST_LOOKS ? PARTS_AT_FIRST : PARTS;
        nextDue = now + Math.max(INTERVAL_NANOS, nanoseconds * parts);
    }
}
