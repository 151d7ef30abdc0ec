package dev.halcyon.report.dashboard;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.halcyon.data.Dataset;
import dev.halcyon.data.HostBatch;
import dev.halcyon.nn.Model;
import dev.halcyon.tensor.Tensor;
import dev.halcyon.train.EpochResult;
import dev.halcyon.train.Evaluation;
import dev.halcyon.train.StepResult;
import dev.halcyon.train.Trainer;
import dev.halcyon.train.TrainingControl;
import dev.halcyon.train.TrainingListener;
import dev.halcyon.train.TrainingPlan;
import dev.halcyon.train.TrainingResult;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A page on which a run can be watched and steered while it goes. {@link #open} it, let a trainer {@linkplain Trainer#listen
 * tell} it how training goes, and close it after the run.
 *
 * <pre>{@code
 * try (Dashboard dashboard = Dashboard.open("127.0.0.1", 0, trainer)) {
 *     System.out.println(dashboard.address());
 *     dashboard.finished(trainer.listen(dashboard).fit(data));
 * }
 * }</pre>
 */
public final class Dashboard implements TrainingListener, AutoCloseable {
    private static final long POINT_NANOS = 250_000_000L;

    private final Feed feed = new Feed();
    private final TrainingControl control;
    private final DashboardServer server;
    private final StepAverage average = new StepAverage();
    private Model model;
    private NetworkSampler sampler;

    private Dashboard(String host, int port, Trainer trainer) throws IOException {
        this.control = trainer.control();
        Commands commands = new Commands(control, this::publishControl);
        this.server = new DashboardServer(host, port, feed, commands::obey);
        publishControl();
        publishState("starting", "");
    }

    /**
     * Starts to serve the page.
     *
     * @param host address or name of this machine to be reached under; {@code 127.0.0.1} keeps other machines out
     * @param port 0 for any that is free
     * @param trainer whose run can be steered from the page
     * @throws IllegalArgumentException if the port is taken or the host is not this machine's
     * @throws IOException if the network cannot be used
     */
    public static Dashboard open(String host, int port, Trainer trainer) throws IOException {
        return new Dashboard(host, port, trainer);
    }

    /** The page's address, with the token that lets its owner in. */
    public URI address() {
        return server.address();
    }

    /** How many look on at the moment. */
    public int viewers() {
        return feed.viewers();
    }

    @Override
    public void started(TrainingPlan plan) {
        model = plan.model();
        Dataset pictured = plan.data().validation().orElse(plan.data().train());
        Optional<Probes> probes = Probes.of(model, pictured, plan.preparation());
        List<byte[]> pictures = probes.map(Probes::pictures).orElse(List.of());
        for (int i = 0; i < pictures.size(); i++) {
            server.addPicture("probe/" + i + ".png", pictures.get(i));
        }
        sampler = new NetworkSampler(model, probes, feed);
        JsonObject run = new JsonObject();
        run.addProperty("model", model.architecture());
        run.addProperty("device", model.device().name());
        run.addProperty("input", model.input().toString());
        run.addProperty("parameters", model.network().parameterCount());
        run.addProperty("images", plan.data().train().size());
        run.addProperty("epochs", plan.epochs());
        JsonArray classes = new JsonArray();
        model.classes().forEach(classes::add);
        run.add("classes", classes);
        feed.publish("run", run);
        plan.history().forEach(this::addEpoch);
        sampler.look();
        average.restart();
        publishState("training", "");
    }

    /** It looks at parameters before and after a step. */
    @Override
    public boolean wantsEveryStep() {
        return true;
    }

    @Override
    public void answered(HostBatch batch, Tensor logits) {
        average.answered(batch, logits);
    }

    @Override
    public void gradientsKnown() {
        sampler.gradientsKnown();
    }

    @Override
    public void step(StepResult result) {
        average.step(result);
        sampler.step();
        if (average.nanoseconds() >= POINT_NANOS) {
            feed.add(average.take(model.device().memory().pooled()));
        }
    }

    @Override
    public void paused(long nanoseconds) {
        average.leaveOut(nanoseconds);
    }

    @Override
    public void validated(int epoch, Evaluation validation) {
        feed.addConfusion(Confusion.of(epoch, validation));
    }

    @Override
    public void epoch(EpochResult result) {
        addEpoch(result);
        average.restart();
    }

    private void addEpoch(EpochResult result) {
        JsonObject json = new JsonObject();
        json.addProperty("epoch", result.epoch());
        json.add("train_loss", Numbers.shortened(result.trainLoss()));
        json.add("val_loss", Numbers.shortened(result.valLoss()));
        json.add("val_top1", Numbers.shortened(result.valTop1()));
        json.add("seconds", Numbers.shortened(result.seconds()));
        feed.addEpoch(json);
    }

    @Override
    public void skipped(Set<String> images) {
        notice(images.size() + " images could not be read and were left out");
    }

    @Override
    public void notice(String message) {
        JsonObject json = new JsonObject();
        json.addProperty("message", message);
        feed.publish("notice", json);
    }

    /** Shows that the run is over, and the answers of the weights that are kept. */
    public void finished(TrainingResult result) {
        sampler.look();
        String test = result.test()
                .map(seen -> String.format(Locale.ROOT, "; %.2f %% of the test images are right", 100 * seen.top1()))
                .orElse("");
        publishState(result.stopped() ? "stopped" : "finished",
                result.stopped()
                        ? "it can go on from its checkpoint: halcyon train --resume"
                        : "epoch " + result.bestEpoch() + " is kept" + test);
    }

    /** Shows why the run could not go on. */
    public void failed(String reason) {
        publishState("failed", reason);
    }

    private void publishState(String state, String message) {
        JsonObject json = new JsonObject();
        json.addProperty("state", state);
        json.addProperty("message", message);
        feed.publish("state", json);
    }

    private void publishControl() {
        JsonObject json = new JsonObject();
        json.addProperty("paused", control.isPaused());
        json.addProperty("stop_after_epoch", control.isStoppingAfterEpoch());
        json.addProperty("rate_factor", control.rateFactor());
        feed.publish("control", json);
    }

    /** Lets viewers read to the end, for a moment, and ends the server with all of its threads. */
    @Override
    public void close() {
        server.close();
        if (sampler != null) {
            sampler.close();
        }
    }
}
