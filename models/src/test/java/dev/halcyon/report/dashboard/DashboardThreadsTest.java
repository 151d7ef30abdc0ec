package dev.halcyon.report.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonPrimitive;
import dev.halcyon.data.Splits;
import dev.halcyon.device.Device;
import dev.halcyon.nn.Model;
import dev.halcyon.train.Trainer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Viewers cost nobody a wait, and nothing is left of them. */
@Timeout(60)
class DashboardThreadsTest {
    private static final int LARGE = 1 << 16;
    private static final int ROUNDS = 10;
    /** Fewer than a viewer's queue holds. */
    private static final int EVENTS_AT_ONCE = Viewer.CAPACITY - 14;

    @Test
    void aStalledViewerHoldsNobodyUp() throws Exception {
        Feed feed = new Feed();
        try (DashboardServer server = new DashboardServer("127.0.0.1", 0, feed, text -> "");
                Socket stalled = stall(server.address());
                EventReader reader = EventReader.connect(server.address())) {
            while (feed.viewers() < 2) {
                Thread.onSpinWait();
            }
            JsonPrimitive large = new JsonPrimitive("x".repeat(LARGE));
            for (int i = 0; i < ROUNDS; i++) {
                int round = i;
                for (int j = 0; j < EVENTS_AT_ONCE; j++) {
                    feed.publish("large", large);
                }
                feed.publish("round", new JsonPrimitive(round));
                reader.until("round", json -> json.getAsInt() == round);
            }
            feed.publish("small", new JsonPrimitive(1));
            reader.until("small", json -> true);
            assertEquals(2, feed.viewers());
            assertTrue(stalled.isConnected());
        }
        assertEquals(0, feed.viewers());
    }

    @Test
    void noThreadIsLeft() throws Exception {
        try (Device device = Device.open("cpu"); Model model = DashboardTest.model(device)) {
            watch(model);
            Set<Long> before = threads();
            watch(model);
            for (int tries = 0; tries < 100 && !newSince(before).isEmpty(); tries++) {
                Thread.sleep(20);
            }
            assertEquals(Set.of(), newSince(before));
        }
    }

    /** A run with a viewer who reads, one who stalls, and one who only opened a connection. */
    private static void watch(Model model) throws IOException {
        Trainer trainer = DashboardTest.trainer(model);
        List<Socket> sockets = new ArrayList<>();
        try (Dashboard dashboard = Dashboard.open("127.0.0.1", 0, trainer);
                EventReader reader = EventReader.connect(dashboard.address())) {
            sockets.add(stall(dashboard.address()));
            sockets.add(new Socket(dashboard.address().getHost(), dashboard.address().getPort()));
            dashboard.finished(trainer.listen(dashboard).fit(Splits.of(new Stripes(120))));
            reader.until("state", json -> json.getAsJsonObject().get("state").getAsString().equals("finished"));
        }
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** Somebody who asks for the events and never reads them. */
    private static Socket stall(URI page) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(page.getHost(), page.getPort()));
        RawHttp.send(socket, "GET", page.getPath() + "events", page.getHost() + ":" + page.getPort(), null, "");
        return socket;
    }

    private static Set<Long> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::threadId).collect(Collectors.toSet());
    }

    /** Threads that were not there before, without those that carry virtual threads: they are the JDK's own. */
    private static Set<String> newSince(Set<Long> before) {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> !before.contains(thread.threadId()))
                .map(Thread::getName).filter(name -> !name.startsWith("ForkJoinPool-1-worker"))
                .collect(Collectors.toSet());
    }
}
