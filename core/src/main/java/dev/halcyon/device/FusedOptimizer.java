package dev.halcyon.device;

import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Steps over many parameters, made of primitives: one parameter after the other. */
final class FusedOptimizer {
    private FusedOptimizer() {
    }

    static void sgd(Backend backend, SgdStep d, List<View> parameters, List<View> gradients, List<View> velocities) {
        for (int i = 0; i < parameters.size(); i++) {
            View w = parameters.get(i);
            View g = gradients.get(i);
            if (d.weightDecay() != 0) {
                backend.scaleAdd(d.weightDecay(), w, 1, g);
            }
            if (d.decoupledDecay() != 0) {
                backend.scaleAdd(0, w, 1 - d.rate() * d.decoupledDecay(), w);
            }
            if (d.momentum() == 0) {
                backend.scaleAdd(-d.rate(), g, 1, w);
            } else {
                View v = velocities.get(i);
                backend.scaleAdd(1, g, d.momentum(), v);
                backend.scaleAdd(-d.rate() * (d.nesterov() ? d.momentum() : 1), v, 1, w);
                if (d.nesterov()) {
                    backend.scaleAdd(-d.rate(), g, 1, w);
                }
            }
            backend.fill(g, 0);
        }
    }

    static void adamW(Backend backend, AdamWStep d, List<View> parameters, List<View> gradients, List<View> first,
            List<View> second) {
        double correction1 = 1 - Math.pow(d.beta1(), d.step());
        double correction2 = 1 - Math.pow(d.beta2(), d.step());
        for (int i = 0; i < parameters.size(); i++) {
            View w = parameters.get(i);
            View g = gradients.get(i);
            try (Workspace work = new Workspace(backend)) {
                backend.scaleAdd(0, w, 1 - d.rate() * d.weightDecay(), w);
                backend.scaleAdd(1 - d.beta1(), g, d.beta1(), first.get(i));
                backend.unary(Unary.SQUARE, g, g);
                backend.scaleAdd(1 - d.beta2(), g, d.beta2(), second.get(i));
                View denominator = work.like(w);
                View epsilon = work.view(Shape.of(1), w.type());
                backend.fill(epsilon, d.epsilon());
                backend.scaleAdd(1 / correction2, second.get(i), 0, denominator);
                backend.unary(Unary.SQRT, denominator, denominator);
                backend.binary(Binary.ADD, denominator, epsilon, denominator);
                backend.binary(Binary.DIVIDE, first.get(i), denominator, denominator);
                backend.scaleAdd(-d.rate() / correction1, denominator, 1, w);
                backend.fill(g, 0);
            }
        }
    }

    static void weightAverage(Backend backend, double decay, List<View> parameters, List<View> averages) {
        for (int i = 0; i < parameters.size(); i++) {
            backend.scaleAdd(1 - decay, parameters.get(i), decay, averages.get(i));
        }
    }

    static void globalNorm(Backend backend, List<View> gradients, View norm) {
        View one = norm.as(Shape.of(1));
        backend.fill(one, 0);
        for (View gradient : gradients) {
            backend.reduce(new Reduce(Reduce.Kind.SUM_OF_SQUARES, true), flat(gradient), one);
        }
        backend.unary(Unary.SQRT, one, one);
    }

    /** 0 x is 0 where x is finite and NaN elsewhere, and so is the sum. */
    static void allFinite(Backend backend, List<View> views, View flag) {
        boolean finite = true;
        for (View view : views) {
            try (Workspace work = new Workspace(backend)) {
                View zeros = work.like(view);
                View sum = work.view(Shape.of(1), view.type());
                View wide = work.view(Shape.of(1), DataType.FLOAT64);
                backend.scaleAdd(0, view, 0, zeros);
                backend.reduce(Reduce.of(Reduce.Kind.SUM), flat(zeros), sum);
                backend.cast(sum, wide);
                double[] result = new double[1];
                backend.download(wide, MemorySegment.ofArray(result));
                finite &= result[0] == 0;
            }
        }
        backend.fill(flag, finite ? 1 : 0);
    }

    private static View flat(View view) {
        return view.as(Shape.of(view.elements()));
    }
}
