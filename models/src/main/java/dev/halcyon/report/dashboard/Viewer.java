package dev.halcyon.report.dashboard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Somebody who has the page open: the events that are still to be sent. A viewer who does not keep up loses them all and
 * gets the whole state anew when it is ready again, so that memory is bounded and nobody waits. Guarded by the feed.
 */
final class Viewer {
    /** Events that wait at most. */
    static final int CAPACITY = 64;

    private final Thread thread = Thread.currentThread();
    private final ArrayDeque<Event> waiting = new ArrayDeque<>();
    private boolean behind = true;
    private long lastTaken = System.nanoTime();

    void offer(Event event) {
        if (behind) {
            return;
        }
        if (waiting.size() == CAPACITY) {
            waiting.clear();
            behind = true;
        } else {
            waiting.add(event);
        }
    }

    /** Whether the viewer has to be given the whole state before any event makes sense to it. */
    boolean isBehind() {
        return behind;
    }

    void caughtUp() {
        behind = false;
        lastTaken = System.nanoTime();
    }

    List<Event> take() {
        lastTaken = System.nanoTime();
        List<Event> taken = new ArrayList<>(waiting);
        waiting.clear();
        return taken;
    }

    boolean isIdle() {
        return waiting.isEmpty() && !behind;
    }

    long nanosSinceTaken() {
        return System.nanoTime() - lastTaken;
    }

    /** Ends the connection of a viewer who is stuck in sending. */
    void drop() {
        thread.interrupt();
    }
}
