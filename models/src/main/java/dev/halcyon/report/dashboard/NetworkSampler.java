package dev.halcyon.report.dashboard;

import dev.halcyon.report.Filters;
import com.google.gson.JsonArray;
import dev.halcyon.device.DeviceMemoryException;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Parameter;
import java.util.List;
import java.util.Optional;

/** Looks into the network now and then while it is trained, on the training thread. */
final class NetworkSampler implements AutoCloseable {
    private final Feed feed;
    private final Optional<Probes> probes;
    private final Optional<Filters> filters;
    private final List<Parameter> weights;
    private final Allowance allowance = new Allowance(System.nanoTime());
    private List<LayerSample> layers = List.of();
    private long spent;

    NetworkSampler(Model model, Optional<Probes> probes, Feed feed) {
        this.feed = feed;
        this.probes = probes;
        this.filters = Filters.of(model);
        this.weights = model.network().parameters().stream()
                .filter(parameter -> parameter.role() == Parameter.Role.WEIGHT).toList();
    }

    /** Looks at what can be seen at any time: the answers and the filters. */
    void look() {
        try {
            probes.ifPresent(present -> feed.publish("bands", present.answers()));
        } catch (DeviceMemoryException e) {
            System.getLogger(NetworkSampler.class.getName()).log(System.Logger.Level.DEBUG,
                    "no memory to ask the network about the pictures", e);
        }
        filters.ifPresent(present -> feed.publish("filters", present.read()));
    }

    /** Before a step: keeps some weights and gradients if it is time to. */
    void gradientsKnown() {
        long began = System.nanoTime();
        if (allowance.isDue(began)) {
            layers = weights.stream().map(LayerSample::before).toList();
            spent = System.nanoTime() - began;
        }
    }

    /** After the step. */
    void step() {
        if (layers.isEmpty()) {
            return;
        }
        long began = System.nanoTime();
        JsonArray seen = new JsonArray();
        layers.forEach(layer -> seen.add(layer.after()));
        layers = List.of();
        feed.publish("layers", seen);
        look();
        long now = System.nanoTime();
        allowance.spent(now, spent + now - began);
    }

    @Override
    public void close() {
        probes.ifPresent(Probes::close);
    }
}
