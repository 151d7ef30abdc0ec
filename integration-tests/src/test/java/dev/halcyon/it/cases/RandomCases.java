package dev.halcyon.it.cases;

import static dev.halcyon.it.cases.Argument.in;
import static dev.halcyon.it.cases.Argument.inout;
import static dev.halcyon.it.cases.Argument.out;

import dev.halcyon.device.Random;
import dev.halcyon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Rows of random numbers and dropout. */
final class RandomCases {
    private static final long SEED = 0x9E3779B97F4A7C15L;

    private RandomCases() {
    }

    static List<KernelCase> rows() {
        List<KernelCase> rows = new ArrayList<>();
        for (Random.Distribution distribution : Random.Distribution.values()) {
            for (long size : new long[] {1, 2, 3, 4, 5, 15, 17, 33, 65, 50_003}) {
                rows.add(random(new Random(distribution, 0.3, SEED, 7, 0), size));
            }
            rows.add(random(new Random(distribution, 0.3, SEED, 7, 4), 61));
            rows.add(random(new Random(distribution, 0.3, -1, -2, 1L << 34), 61));
            rows.add(random(new Random(distribution, 0.3, 0, 1L << 40, 1L << 50), 61));
        }
        rows.add(random(Random.bernoulli(0, SEED, 1, 0), 40));
        rows.add(random(Random.bernoulli(1, SEED, 1, 0), 40));
        for (long size : new long[] {1, 15, 17, 33, 65, 30_001}) {
            rows.add(dropout(Random.bernoulli(0.8, SEED, 3, 16), Shape.of(size)));
        }
        rows.add(dropout(Random.bernoulli(0.5, SEED, 4, 0), Shape.of(2, 3, 5, 7)));
        rows.add(dropout(Random.bernoulli(1, SEED, 4, 0), Shape.of(33)));
        Random keep = Random.bernoulli(0.7, SEED, 5, 0);
        rows.add(KernelCase.of("dropout", "in place", (b, v) -> b.dropout(keep, v[0], v[0]), inout(Shape.of(77))));
        return rows;
    }

    private static KernelCase random(Random d, long size) {
        String label = d.distribution() + " " + size + " from " + d.offset()
                + (d.distribution() == Random.Distribution.BERNOULLI ? ", probability " + d.probability() : "");
        KernelCase row = KernelCase.of("random", label, (b, v) -> b.random(d, v[0]), out(Shape.of(size)));
        return d.distribution() == Random.Distribution.NORMAL ? row : row.within(Tolerance.EXACT);
    }

    private static KernelCase dropout(Random keep, Shape x) {
        return KernelCase.of("dropout", x + " kept with " + keep.probability(), (b, v) -> b.dropout(keep, v[0], v[1]),
                in(x), out(x)).within(Tolerance.ELEMENTWISE);
    }
}
