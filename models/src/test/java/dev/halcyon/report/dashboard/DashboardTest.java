package dev.halcyon.report.dashboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.halcyon.data.Splits;
import dev.halcyon.device.Device;
import dev.halcyon.models.Models;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Parameter;
import dev.halcyon.train.StepResult;
import dev.halcyon.train.Trainer;
import dev.halcyon.train.TrainingListener;
import dev.halcyon.train.TrainingResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page's server beside a run, over real connections. */
@Timeout(60)
class DashboardTest {
    private static final String HOST = "127.0.0.1";

    @Test
    void aRunIsSeenFromItsStartToItsEnd() throws Exception {
        try (Device device = Device.open("cpu"); Model model = model(device)) {
            Trainer trainer = trainer(model).epochs(3);
            try (Dashboard dashboard = Dashboard.open(HOST, 0, trainer)) {
                EventReader reader = EventReader.connect(dashboard.address());
                dashboard.finished(trainer.listen(dashboard).fit(Splits.of(new Stripes(120))));
                List<EventReader.Message> seen = reader.until("state", json -> state(json).equals("finished"));
                Set<String> names = seen.stream().map(EventReader.Message::name).collect(Collectors.toSet());
                assertEquals(Set.of("history", "control", "state", "run", "bands", "filters", "layers", "epoch",
                        "confusion"), names.stream().filter(name -> !name.equals("point")).collect(Collectors.toSet()));
                assertEquals(3, seen.stream().filter(message -> message.name().equals("epoch")).count());
                JsonArray layers = last(seen, "layers").getAsJsonArray();
                assertEquals(learnedWeights(model), layers.asList().stream()
                        .map(layer -> layer.getAsJsonObject().get("name").getAsString()).toList());
                assertTrue(layers.get(0).getAsJsonObject().get("ratio").getAsDouble() > 0);
                List<String> order = seen.stream().map(EventReader.Message::name).toList();
                assertTrue(order.lastIndexOf("bands") > order.lastIndexOf("epoch"), "the answers after the last epoch");
            }
        }
    }

    @Test
    void whoComesLaterSeesWhatWasBefore() throws Exception {
        try (Device device = Device.open("cpu"); Model model = model(device)) {
            Trainer trainer = trainer(model).epochs(4);
            try (Dashboard dashboard = Dashboard.open(HOST, 0, trainer)) {
                trainer.listen(dashboard).fit(Splits.of(new Stripes(120)));
                for (int visit = 0; visit < 2; visit++) {
                    try (EventReader reader = EventReader.connect(dashboard.address())) {
                        JsonObject history = last(reader.until("history", json -> true), "history").getAsJsonObject();
                        assertEquals(4, history.getAsJsonArray("epochs").size());
                        assertEquals(4, history.getAsJsonArray("confusions").size());
                        assertEquals(12, last(reader.until("bands", json -> true), "bands").getAsJsonArray().size());
                    }
                }
            }
        }
    }

    @Test
    void watchingChangesNothing() {
        assertArrayEquals(weights(false), weights(true));
    }

    @Test
    void thePageIsServedToItsOwnerAlone() throws Exception {
        try (Device device = Device.open("cpu"); Model model = model(device);
                Dashboard dashboard = Dashboard.open(HOST, 0, trainer(model))) {
            RawHttp http = new RawHttp(dashboard.address());
            String path = dashboard.address().getPath();
            assertTrue(http.get(path).startsWith("HTTP/1.1 200"));
            for (String file : PageFile.all().keySet()) {
                String answer = http.get(path + file);
                assertTrue(answer.startsWith("HTTP/1.1 200"), file);
                assertTrue(answer.toLowerCase().contains("content-security-policy: default-src 'self'"), file);
            }
            for (String wrong : new String[] {"/", "/wrong/", path + "no-such-file", path + "../pom.xml",
                path + "%2e%2e/",
                path.substring(0, path.length() - 2) + "/", path.toLowerCase() + "events"}) {
                assertTrue(http.get(wrong).startsWith("HTTP/1.1 404"), wrong);
            }
            assertTrue(http.request("GET", path, "evil.example:" + dashboard.address().getPort(), null, "")
                    .startsWith("HTTP/1.1 403"));
            assertTrue(http.request("GET", path + "events", http.host(), "http://evil.example", "")
                    .startsWith("HTTP/1.1 403"));
            assertTrue(http.request("PUT", path, http.host(), null, "").startsWith("HTTP/1.1 405"));
        }
    }

    @Test
    void onlyThePageItselfCanSteer() throws Exception {
        try (Device device = Device.open("cpu"); Model model = model(device)) {
            Trainer trainer = trainer(model);
            try (Dashboard dashboard = Dashboard.open(HOST, 0, trainer)) {
                RawHttp http = new RawHttp(dashboard.address());
                String path = dashboard.address().getPath() + "control";
                String pause = "{\"action\": \"pause\"}";
                assertTrue(http.request("POST", path, http.host(), null, pause).startsWith("HTTP/1.1 403"));
                assertTrue(http.request("POST", path, http.host(), "http://evil.example", pause)
                        .startsWith("HTTP/1.1 403"));
                assertTrue(http.request("POST", "/wrong/control", http.host(), http.origin(), pause)
                        .startsWith("HTTP/1.1 404"));
                assertTrue(http.get(path).startsWith("HTTP/1.1 404"));
                assertFalse(trainer.control().isPaused());
                assertTrue(http.post(path, pause).startsWith("HTTP/1.1 200"));
                assertTrue(trainer.control().isPaused());
                assertTrue(http.post(path, "{\"action\": \"rate\", \"factor\": 0.25}").startsWith("HTTP/1.1 200"));
                assertEquals(0.25, trainer.control().rateFactor());
                for (String wrong : new String[] {"", "[]", "{}", "{\"action\": 3}", "{\"action\": \"explode\"}",
                    "{\"action\": \"rate\"}", "{\"action\": \"rate\", \"factor\": 0}",
                    "{\"action\": \"rate\", \"factor\": -1}", "{\"action\": \"rate\", \"factor\": 1e9}",
                    "{\"action\": \"rate\", \"factor\": \"much\"}", "{\"action\": \"rate\", \"factor\": NaN}"}) {
                    assertTrue(http.post(path, wrong).startsWith("HTTP/1.1 400"), wrong);
                }
                assertTrue(http.post(path, " ".repeat(2000)).startsWith("HTTP/1.1 413"));
                assertEquals(0.25, trainer.control().rateFactor());
            }
        }
    }

    @Test
    void aRunPausesGoesOnAndStopsAfterItsEpoch() throws Exception {
        try (Device device = Device.open("cpu"); Model model = model(device)) {
            Trainer trainer = trainer(model).epochs(1000);
            CountDownLatch started = new CountDownLatch(3);
            trainer.listen(new TrainingListener() {
                @Override
                public void step(StepResult result) {
                    started.countDown();
                }
            });
            try (Dashboard dashboard = Dashboard.open(HOST, 0, trainer)) {
                trainer.listen(dashboard);
                TrainingResult[] result = new TrainingResult[1];
                Thread training = Thread.ofPlatform().start(() -> result[0] = trainer.fit(Splits.of(new Stripes(120))));
                started.await();
                RawHttp http = new RawHttp(dashboard.address());
                String path = dashboard.address().getPath() + "control";
                http.post(path, "{\"action\": \"pause\"}");
                while (training.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                http.post(path, "{\"action\": \"stop-after-epoch\"}");
                assertTrue(training.isAlive());
                http.post(path, "{\"action\": \"proceed\"}");
                training.join();
                assertTrue(result[0].stopped());
                assertTrue(result[0].epochs().size() < 1000);
            }
        }
    }

    @Test
    void aFailureIsShown() throws Exception {
        try (Device device = Device.open("cpu"); Model model = model(device);
                Dashboard dashboard = Dashboard.open(HOST, 0, trainer(model));
                EventReader reader = EventReader.connect(dashboard.address())) {
            dashboard.failed("the loss became NaN");
            JsonObject state = last(reader.until("state", json -> state(json).equals("failed")), "state")
                    .getAsJsonObject();
            assertEquals("the loss became NaN", state.get("message").getAsString());
        }
    }

    @Test
    void aTakenPortIsSaidToBeTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName(HOST));
                Device device = Device.open("cpu"); Model model = model(device)) {
            IllegalArgumentException failure = assertThrows(IllegalArgumentException.class,
                    () -> Dashboard.open(HOST, taken.getLocalPort(), trainer(model)).close());
            assertTrue(failure.getMessage().contains("choose another port"), failure.getMessage());
        }
    }

    @Test
    void aHostThatIsNotThisMachineIsRefused() throws IOException {
        try (Device device = Device.open("cpu"); Model model = model(device)) {
            for (String host : new String[] {"192.0.2.1", "no-such-host.invalid"}) {
                assertThrows(IllegalArgumentException.class, () -> Dashboard.open(host, 0, trainer(model)).close(),
                        host);
            }
        }
    }

    private static float[] weights(boolean watched) {
        try (Device device = Device.open("cpu"); Model model = model(device)) {
            Trainer trainer = trainer(model);
            if (watched) {
                try (Dashboard dashboard = Dashboard.open(HOST, 0, trainer)) {
                    trainer.listen(dashboard).fit(Splits.of(new Stripes(120)));
                }
            } else {
                trainer.fit(Splits.of(new Stripes(120)));
            }
            return model.network().parameters().getFirst().tensor().toFloats();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Model model(Device device) {
        Model.Input input = new Model.Input(Stripes.EXTENT, Stripes.EXTENT, Models.usualNormalization(1));
        return Models.create("convnet", input, new Stripes(2).classes(), device, 0);
    }

    static Trainer trainer(Model model) {
        return Trainer.of(model).epochs(2).batchSize(20).validationFraction(0.2);
    }

    private static List<String> learnedWeights(Model model) {
        return model.network().parameters().stream().filter(parameter -> parameter.role() == Parameter.Role.WEIGHT)
                .map(Parameter::name).toList();
    }

    private static String state(JsonElement json) {
        return json.getAsJsonObject().get("state").getAsString();
    }

    private static JsonElement last(List<EventReader.Message> messages, String name) {
        return messages.stream().filter(message -> message.name().equals(name)).toList().getLast().data();
    }
}
