package dev.halcyon.optim;

import dev.halcyon.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An optimiser that moves groups of parameters one after the other, and what all of that kind have in common. */
final class GroupedOptimizer implements Optimizer {
    private final List<ParameterGroup> groups;
    private final Move move;
    private long steps;

    /** The update rule. */
    @FunctionalInterface
    interface Move {
        /**
         * Moves one group.
         *
         * @param rate learning rate
         * @param step number of this step, from 1
         */
        void apply(ParameterGroup group, double rate, long step);
    }

    GroupedOptimizer(List<ParameterGroup> groups, Move move) {
        this.groups = groups;
        this.move = move;
    }

    @Override
    public void step(double rate) {
        steps++;
        groups.forEach(group -> move.apply(group, rate, steps));
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        groups.forEach(group -> state.putAll(group.state()));
        return state;
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public void steps(long count) {
        steps = count;
    }

    @Override
    public void close() {
        groups.forEach(ParameterGroup::close);
    }
}
