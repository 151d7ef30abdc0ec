package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.execution.Finding.Kind;
import java.util.ArrayList;
import java.util.List;

/** One of the sixteen barriers of a block. */
final class Barrier {
    static final int COUNT = 16;

    /** All threads of the block are expected. */
    static final int EVERYBODY = 0;

    /** What a barrier gives to a warp that waited: how many threads came, and for how many the predicate was true. */
    @FunctionalInterface
    interface Result {
        void give(Warp warp, int lanes, int threads, int trueThreads);
    }

    private record Waiting(Warp warp, int lanes, int line, Result result) {
    }

    private final Block block;
    private final List<Waiting> waiting = new ArrayList<>();
    private int expected;
    private int arrived;
    private int arrivedWarps;
    private int trueThreads;

    Barrier(Block block) {
        this.block = block;
    }

    /**
     * Threads of a warp have come.
     *
     * @param expected how many threads in all are to come, those missing in the block's last warp included, or
     * {@link #EVERYBODY}
     * @param trueLanes those whose predicate is true
     * @param result what the barrier gives them in the end, or null if they do not wait
     */
    void arrive(Warp warp, int lanes, int expected, int trueLanes, Result result) {
        if (lanes != warp.live()) {
            int missing = Warp.first(warp.live() & ~lanes);
            throw warp.fault(Kind.DIVERGENT_BARRIER, missing, "has not come to the barrier that thread "
                    + block.launch.threadPlace(warp.firstThread() + Warp.first(lanes)) + " of its warp waits at");
        }
        if (arrived > 0 && expected != this.expected) {
            throw warp.fault(Kind.DIVERGENT_BARRIER, Warp.first(lanes), "expects " + words(expected)
                    + " at a barrier at which others expect " + words(this.expected));
        }
        this.expected = expected;
        arrived += Integer.bitCount(lanes);
        arrivedWarps++;
        trueThreads += Integer.bitCount(trueLanes & lanes);
        if (result != null) {
            waiting.add(new Waiting(warp, lanes, warp.line(), result));
            warp.state = Warp.State.WAITING;
        }
    }

    private static String words(int expected) {
        return expected == EVERYBODY ? "all threads" : expected + " threads";
    }

    /** Lets the warps go on if all that are to come have come; says whether it did. */
    boolean release(int unfinishedWarps) {
        boolean complete = expected == EVERYBODY
                ? !waiting.isEmpty() && waiting.size() == unfinishedWarps
                : arrivedWarps * Warp.LANES >= expected;
        if (waiting.isEmpty() || !complete) {
            return false;
        }
        if (expected == EVERYBODY) {
            checkAllCame();
        }
        int stamp = block.shared.tick();
        for (Waiting each : waiting) {
            each.warp.blockStamp = stamp;
            each.warp.warpStamp = stamp;
            each.warp.state = Warp.State.RUNNING;
            each.result.give(each.warp, each.lanes, arrived, trueThreads);
        }
        reset();
        return true;
    }

    private void checkAllCame() {
        Waiting first = waiting.getFirst();
        for (Waiting each : waiting) {
            if (each.line != first.line) {
                report(each.warp, first.line, Warp.first(each.lanes), "waits at the barrier of line " + each.line
                        + " while others wait at this one");
            }
        }
        for (Warp warp : block.warps()) {
            int ended = warp.started() & ~warp.live();
            if (ended != 0) {
                report(warp, first.line, Warp.first(ended), "has ended without coming to this barrier");
            }
        }
    }

    private void report(Warp warp, int line, int lane, String text) {
        block.launch.findings().add(warp.finding(Kind.DIVERGENT_BARRIER, line, lane, text));
    }

    /** The fault that no warp can go on because of this barrier; null if nobody waits here. */
    LaunchFault stuck() {
        if (waiting.isEmpty()) {
            return null;
        }
        Waiting first = waiting.getFirst();
        Finding finding = first.warp.finding(Kind.DIVERGENT_BARRIER, first.line, Warp.first(first.lanes),
                "waits for ever: " + arrived + " threads came to the barrier, which expects " + words(expected));
        block.launch.findings().add(finding);
        return new LaunchFault(finding);
    }

    void reset() {
        waiting.clear();
        arrived = 0;
        arrivedWarps = 0;
        trueThreads = 0;
        expected = EVERYBODY;
    }
}
