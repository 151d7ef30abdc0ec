package dev.halcyon.report.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedTest {
    private final Feed feed = new Feed();

    @Test
    void aNewViewerGetsEverythingSoFarAndThenWhatIsNew() throws InterruptedException {
        feed.add(point(1));
        feed.publish("bands", new JsonArray());
        Viewer viewer = feed.join().orElseThrow();
        List<Event> first = feed.next(viewer);
        assertEquals(List.of("history", "bands"), names(first));
        assertTrue(text(first.getFirst()).contains("\"points\":[[1"), text(first.getFirst()));
        feed.add(point(2));
        feed.addEpoch(new JsonObject());
        assertEquals(List.of("point", "epoch"), names(feed.next(viewer)));
    }

    @Test
    void ofSomeThingsOnlyTheNewestIsKept() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            JsonObject json = new JsonObject();
            json.addProperty("number", i);
            feed.publish("layers", json);
        }
        List<Event> events = feed.next(feed.join().orElseThrow());
        assertEquals(List.of("history", "layers"), names(events));
        assertTrue(text(events.get(1)).contains("\"number\":2"));
    }

    @Test
    void aViewerWhoFallsBehindIsGivenTheStateAnew() throws InterruptedException {
        Viewer slow = feed.join().orElseThrow();
        Viewer quick = feed.join().orElseThrow();
        feed.next(slow);
        feed.next(quick);
        for (int i = 1; i <= Viewer.CAPACITY + 1; i++) {
            feed.add(point(i));
            assertEquals(List.of("point"), names(feed.next(quick)));
        }
        assertEquals(List.of("history"), names(feed.next(slow)));
        feed.add(point(1000));
        assertEquals(List.of("point"), names(feed.next(slow)));
    }

    @Test
    void theStateStaysSmallHoweverLongTheRun() throws InterruptedException {
        for (int i = 0; i < 50_000; i++) {
            feed.add(point(i));
            feed.addEpoch(new JsonObject());
            JsonArray counts = new JsonArray();
            for (int cell = 0; cell < 100; cell++) {
                counts.add(cell);
            }
            JsonObject matrix = new JsonObject();
            matrix.add("counts", counts);
            feed.addConfusion(new Confusion(matrix, 100));
        }
        int bytes = feed.next(feed.join().orElseThrow()).stream().mapToInt(event -> event.bytes().length).sum();
        assertTrue(bytes < 1 << 20, "the state has " + bytes + " bytes");
    }

    @Test
    void thereAreNotTooManyViewers() {
        for (int i = 0; i < Feed.MOST_VIEWERS; i++) {
            feed.join().orElseThrow();
        }
        assertTrue(feed.join().isEmpty());
    }

    @Test
    void atTheEndViewersReadWhatIsLeftAndLeave() throws InterruptedException {
        Viewer viewer = feed.join().orElseThrow();
        feed.next(viewer);
        feed.publish("state", new JsonObject());
        feed.end();
        assertEquals(List.of("state"), names(feed.next(viewer)));
        assertEquals(List.of(), feed.next(viewer));
        assertTrue(feed.join().isEmpty());
    }

    private static Point point(double epoch) {
        return new Point(epoch, 1, 0.5, 0.1, 10, 0.5, 1, 1);
    }

    private static List<String> names(List<Event> events) {
        return events.stream().map(Event::name).toList();
    }

    private static String text(Event event) {
        return new String(event.bytes(), StandardCharsets.UTF_8);
    }
}
