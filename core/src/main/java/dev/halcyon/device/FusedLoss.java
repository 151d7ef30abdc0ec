package dev.halcyon.device;

import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.lang.foreign.MemorySegment;

/** Softmax cross-entropy, made of primitives. */
final class FusedLoss {
    private FusedLoss() {
    }

    static void crossEntropy(Backend backend, CrossEntropy d, View logits, View targets, View weights, View losses,
            View gradient) {
        try (Workspace work = new Workspace(backend)) {
            View q = work.like(logits);
            if (targets.type() == DataType.INT64) {
                oneHot(backend, work, targets, q);
            } else {
                backend.copy(targets, q);
            }
            smooth(backend, work, d.labelSmoothing(), q);
            if (weights != null) {
                backend.binary(Binary.MULTIPLY, q, weights, q);
            }
            Shape rows = logits.shape().with(1, 1);
            View total = work.view(rows, logits.type());
            backend.reduce(Reduce.of(Reduce.Kind.SUM), q, total);
            View logP = work.like(logits);
            logSoftmax(backend, work, logits, logP);

            backend.binary(Binary.MULTIPLY, q, logP, gradient);
            backend.reduce(Reduce.of(Reduce.Kind.SUM), gradient, losses.as(rows));
            backend.scaleAdd(-1, losses, 0, losses);

            backend.unary(Unary.EXP, logP, gradient);
            backend.binary(Binary.MULTIPLY, gradient, total, gradient);
            backend.scaleAdd(-1, q, 1, gradient);
        }
    }

    private static void oneHot(Backend backend, Workspace work, View labels, View q) {
        long n = q.extent(0);
        long classes = q.extent(1);
        long[] rows = new long[Math.toIntExact(n)];
        backend.download(labels, MemorySegment.ofArray(rows));
        for (int i = 0; i < n; i++) {
            rows[i] += i * classes;
        }
        View places = work.view(labels.shape(), DataType.INT64);
        backend.upload(MemorySegment.ofArray(rows), places);
        View ones = work.view(Shape.of(n, 1), q.type());
        backend.fill(ones, 1);
        backend.fill(q, 0);
        backend.scatterAddRows(ones, places, q.as(Shape.of(n * classes, 1)));
    }

    private static void smooth(Backend backend, Workspace work, double smoothing, View q) {
        View even = work.view(Shape.of(1), q.type());
        backend.fill(even, smoothing / q.extent(1));
        backend.scaleAdd(1 - smoothing, q, 0, q);
        backend.binary(Binary.ADD, q, even, q);
    }

    /** x - max - ln Σ e^(x - max). */
    private static void logSoftmax(Backend backend, Workspace work, View x, View y) {
        View row = work.view(x.shape().with(1, 1), x.type());
        View terms = work.like(x);
        backend.reduce(Reduce.of(Reduce.Kind.MAX), x, row);
        backend.binary(Binary.SUBTRACT, x, row, y);
        backend.unary(Unary.EXP, y, terms);
        backend.reduce(Reduce.of(Reduce.Kind.SUM), terms, row);
        backend.unary(Unary.LOG, row, row);
        backend.binary(Binary.SUBTRACT, y, row, y);
    }
}
