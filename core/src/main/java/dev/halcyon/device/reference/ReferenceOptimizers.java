package dev.halcyon.device.reference;

import dev.halcyon.device.AdamWStep;
import dev.halcyon.device.SgdStep;
import dev.halcyon.device.View;
import java.util.List;

/** What a step of an optimiser means. */
final class ReferenceOptimizers {
    private ReferenceOptimizers() {
    }

    static void sgd(SgdStep d, View weights, View gradients, View velocities) {
        Numbers w = Numbers.of(weights);
        for (long i = 0; i < weights.elements(); i++) {
            double g = Numbers.of(gradients).get(i) + d.weightDecay() * w.get(i);
            double v = g;
            if (d.momentum() != 0) {
                v = d.momentum() * Numbers.of(velocities).get(i) + g;
                Numbers.of(velocities).set(i, v);
            }
            double step = d.nesterov() ? g + d.momentum() * v : v;
            w.set(i, w.get(i) - d.rate() * d.decoupledDecay() * w.get(i) - d.rate() * step);
            Numbers.of(gradients).set(i, 0);
        }
    }

    static void adamW(AdamWStep d, View weights, View gradients, View first, View second) {
        Numbers w = Numbers.of(weights);
        for (long i = 0; i < weights.elements(); i++) {
            double g = Numbers.of(gradients).get(i);
            double m = d.beta1() * Numbers.of(first).get(i) + (1 - d.beta1()) * g;
            double v = d.beta2() * Numbers.of(second).get(i) + (1 - d.beta2()) * g * g;
            Numbers.of(first).set(i, m);
            Numbers.of(second).set(i, v);
            double mean = m / (1 - Math.pow(d.beta1(), d.step()));
            double deviation = Math.sqrt(v / (1 - Math.pow(d.beta2(), d.step())));
            w.set(i, w.get(i) - d.rate() * d.weightDecay() * w.get(i) - d.rate() * mean / (deviation + d.epsilon()));
            Numbers.of(gradients).set(i, 0);
        }
    }

    static double sumOfSquares(List<View> views) {
        double sum = 0;
        for (View view : views) {
            for (long i = 0; i < view.elements(); i++) {
                sum += Numbers.of(view).get(i) * Numbers.of(view).get(i);
            }
        }
        return sum;
    }

    static boolean allFinite(List<View> views) {
        for (View view : views) {
            for (long i = 0; i < view.elements(); i++) {
                if (!Double.isFinite(Numbers.of(view).get(i))) {
                    return false;
                }
            }
        }
        return true;
    }
}
