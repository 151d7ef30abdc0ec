package dev.halcyon.report.explain;

import dev.halcyon.autograd.ops.Softmax;
import dev.halcyon.data.HostBatch;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Parameter;
import dev.halcyon.report.OtherWeights;
import dev.halcyon.tensor.Scope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What one step of gradient descent on one picture does: every weight moves by −rate × gradient.
 *
 * @param rate the learning rate
 * @param probabilities after the step, computed with the moved weights
 * @param changes the weights that move most, the farthest first
 */
record Update(double rate, float[] probabilities, List<Change> changes) {
    private static final int SHOWN = 10;

    /**
     * One weight's move.
     *
     * @param name of the parameter
     * @param index of the weight along each axis of the parameter
     */
    record Change(String name, List<Long> index, float before, float after) {
        double distance() {
            return Math.abs((double) after - before);
        }
    }

    /** Takes the step, looks, and puts the weights back. */
    static Update of(Model model, HostBatch picture, Map<String, float[]> gradients, double rate) {
        List<Change> changes = new ArrayList<>();
        return OtherWeights.ask(model, (parameter, own) -> {
            float[] moved = own.clone();
            float[] gradient = gradients.get(parameter.name());
            for (int i = 0; i < moved.length; i++) {
                moved[i] -= (float) (rate * gradient[i]);
            }
            changes.addAll(largest(parameter, own, moved));
            return moved;
        }, () -> {
            changes.sort(Comparator.comparingDouble(Change::distance).reversed());
            try (Scope _ = Scope.open()) {
                float[] after = Softmax.softmax(model.forward(model.prepare(picture))).toFloats();
                return new Update(rate, after, List.copyOf(changes.subList(0, Math.min(SHOWN, changes.size()))));
            }
        });
    }

    private static List<Change> largest(Parameter parameter, float[] before, float[] after) {
        List<Change> largest = new ArrayList<>();
        double least = -1;
        for (int i = 0; i < before.length; i++) {
            if (Math.abs((double) after[i] - before[i]) > least) {
                largest.add(new Change(parameter.name(), index(parameter, i), before[i], after[i]));
                largest.sort(Comparator.comparingDouble(Change::distance).reversed());
                if (largest.size() > SHOWN) {
                    largest.removeLast();
                    least = largest.getLast().distance();
                }
            }
        }
        return largest;
    }

    private static List<Long> index(Parameter parameter, long position) {
        List<Long> index = new ArrayList<>();
        long rest = position;
        for (int axis = parameter.shape().rank() - 1; axis >= 0; axis--) {
            index.addFirst(rest % parameter.shape().extent(axis));
            rest /= parameter.shape().extent(axis);
        }
        return List.copyOf(index);
    }
}
