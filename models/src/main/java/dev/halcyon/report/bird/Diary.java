package dev.halcyon.report.bird;

import dev.halcyon.nn.Model;
import dev.halcyon.nn.Parameter;
import dev.halcyon.train.StepResult;
import dev.halcyon.train.TrainingListener;
import dev.halcyon.train.TrainingPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps a network's weights as they are before the first step, after it, and after ever more steps. */
final class Diary implements TrainingListener {
    private static final double GROWTH = 1.5;

    private final Model model;
    private final List<Entry> entries = new ArrayList<>();
    private long steps;
    private long next = 1;

    /**
     * The weights after some steps.
     *
     * @param weights of every parameter, by name
     */
    record Entry(long steps, Map<String, float[]> weights) {
    }

    Diary(Model model) {
        this.model = model;
    }

    @Override
    public void started(TrainingPlan plan) {
        write();
    }

    @Override
    public void step(StepResult result) {
        steps++;
        if (steps == next) {
            write();
            next = (long) Math.ceil(GROWTH * steps) + 1;
        }
    }

    private void write() {
        Map<String, float[]> weights = new HashMap<>();
        for (Parameter parameter : model.network().parameters()) {
            weights.put(parameter.name(), parameter.tensor().toFloats());
        }
        entries.add(new Entry(steps, weights));
    }

    /** All entries, the last of which has the weights that training ended with. */
    List<Entry> close() {
        if (entries.getLast().steps == steps) {
            entries.removeLast();
        }
        write();
        return List.copyOf(entries);
    }
}
