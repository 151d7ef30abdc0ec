package dev.halcyon.report.dashboard;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What there is to see, and those who look at it. Whoever publishes never waits for a viewer: events go into the viewers'
 * bounded queues. A new viewer first gets the whole state so far, which is bounded too.
 */
final class Feed {
    /** Viewers at one time at most. */
    static final int MOST_VIEWERS = 64;

    private static final int MOST_POINTS = 2000;
    private static final int MOST_EPOCHS = 2000;
    /** Cells of confusion matrices of all epochs together. */
    private static final int MOST_CELLS = 50_000;
    private static final long HEARTBEAT_MILLIS = 15_000;
    private static final long DROP_NANOS = 60_000_000_000L;

    private final History history = new History(MOST_POINTS);
    private final Deque<JsonElement> epochs = new ArrayDeque<>();
    private final Deque<JsonElement> confusions = new ArrayDeque<>();
    private final Map<String, Event> latest = new LinkedHashMap<>();
    private final Set<Viewer> viewers = new HashSet<>();
    private boolean ended;

    /** Publishes something of which only the newest matters. */
    synchronized void publish(String name, JsonElement data) {
        Event event = Event.of(name, data);
        latest.put(name, event);
        send(event);
    }

    /** Adds a point to the curves. */
    synchronized void add(Point point) {
        history.add(point);
        send(Event.of("point", point.toJson()));
    }

    /** Adds an epoch; of very many the oldest are forgotten. */
    synchronized void addEpoch(JsonElement epoch) {
        epochs.add(epoch);
        if (epochs.size() > MOST_EPOCHS) {
            epochs.remove();
        }
        send(Event.of("epoch", epoch));
    }

    /** Adds the confusion matrix of an epoch; the oldest are forgotten where there are many. */
    synchronized void addConfusion(Confusion confusion) {
        confusions.add(confusion.json());
        if (confusions.size() > Math.max(1, MOST_CELLS / confusion.cells())) {
            confusions.remove();
        }
        send(Event.of("confusion", confusion.json()));
    }

    private void send(Event event) {
        for (Viewer viewer : viewers) {
            viewer.offer(event);
            if (!viewer.isIdle() && viewer.nanosSinceTaken() > DROP_NANOS) {
                viewer.drop();
            }
        }
        notifyAll();
    }

    /** Lets the calling thread be a viewer, unless there are too many. */
    synchronized Optional<Viewer> join() {
        if (ended || viewers.size() == MOST_VIEWERS) {
            return Optional.empty();
        }
        Viewer viewer = new Viewer();
        viewers.add(viewer);
        return Optional.of(viewer);
    }

    synchronized void leave(Viewer viewer) {
        viewers.remove(viewer);
        notifyAll();
    }

    /** How many look on. */
    synchronized int viewers() {
        return viewers.size();
    }

    /**
     * What to send to a viewer next; waits until there is something.
     *
     * @return nothing once training is over and the viewer has seen it all
     */
    List<Event> next(Viewer viewer) throws InterruptedException {
        State state;
        synchronized (this) {
            if (!viewer.isBehind()) {
                if (viewer.isIdle() && !ended) {
                    wait(HEARTBEAT_MILLIS);
                }
                if (!viewer.isBehind()) {
                    List<Event> events = viewer.take();
                    return events.isEmpty() && !ended ? List.of(Event.HEARTBEAT) : events;
                }
            }
            viewer.caughtUp();
            state = new State(history.points(), List.copyOf(epochs), List.copyOf(confusions),
                    List.copyOf(latest.values()));
        }
        return state.events();
    }

    /** The whole state at one moment. */
    private record State(List<Point> points, List<JsonElement> epochs, List<JsonElement> confusions,
            List<Event> latest) {
        /** Made outside the lock, which the training thread may want. */
        List<Event> events() {
            JsonObject json = new JsonObject();
            JsonArray pointArray = new JsonArray();
            points.forEach(point -> pointArray.add(point.toJson()));
            json.add("points", pointArray);
            JsonArray epochArray = new JsonArray();
            epochs.forEach(epochArray::add);
            json.add("epochs", epochArray);
            JsonArray confusionArray = new JsonArray();
            confusions.forEach(confusionArray::add);
            json.add("confusions", confusionArray);
            List<Event> events = new ArrayList<>();
            events.add(Event.of("history", json));
            events.addAll(latest);
            return events;
        }
    }

    /** No more will come: viewers leave when they have seen everything. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Waits until all viewers have left, or for a while. */
    synchronized void awaitLeaving(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        while (!viewers.isEmpty() && System.nanoTime() < deadline) {
            wait(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        }
    }
}
