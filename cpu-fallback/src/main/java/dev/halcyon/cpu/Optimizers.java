package dev.halcyon.cpu;

import dev.halcyon.device.AdamWStep;
import dev.halcyon.device.SgdStep;
import dev.halcyon.device.View;
import java.util.Arrays;
import java.util.List;

/** Steps over many parameters at once: all their runs are shared out together, since most parameters are small. */
final class Optimizers {
    private static final long RUN = 16_384;

    private final Workers workers;
    private final RowKernels rows = Vectorization.rows();
    private final Scratch parts = new Scratch();

    Optimizers(Workers workers) {
        this.workers = workers;
    }

    /** Something done to elements [first, first + count) of one parameter. */
    @FunctionalInterface
    private interface Run {
        void over(int parameter, long first, long count, int run);
    }

    private void eachRun(List<View> views, Run body) {
        int[] starts = new int[views.size() + 1];
        for (int i = 0; i < views.size(); i++) {
            starts[i + 1] = Math.toIntExact(starts[i] + (views.get(i).elements() + RUN - 1) / RUN);
        }
        workers.run(starts[views.size()], (run, worker) -> {
            int found = Arrays.binarySearch(starts, run);
            int parameter = found < 0 ? -found - 2 : found;
            long first = (run - starts[parameter]) * RUN;
            body.over(parameter, first, Math.min(RUN, views.get(parameter).elements() - first), run);
        });
    }

    private static int runs(List<View> views) {
        long runs = 0;
        for (View view : views) {
            runs += (view.elements() + RUN - 1) / RUN;
        }
        return Math.toIntExact(runs);
    }

    private static long at(List<View> views, int index, long element) {
        return Memory.address(views.get(index)) + 4 * element;
    }

    void sgd(SgdStep d, List<View> parameters, List<View> gradients, List<View> velocities) {
        eachRun(parameters, (i, first, count, run) -> rows.sgd(d, at(parameters, i, first), at(gradients, i, first),
                velocities.isEmpty() ? 0 : at(velocities, i, first), count));
    }

    void adamW(AdamWStep d, List<View> parameters, List<View> gradients, List<View> first, List<View> second) {
        eachRun(parameters, (i, from, count, run) -> rows.adamW(d, at(parameters, i, from), at(gradients, i, from),
                at(first, i, from), at(second, i, from), count));
    }

    void weightAverage(double decay, List<View> parameters, List<View> averages) {
        eachRun(parameters, (i, first, count, run) -> rows.scaleAdd((float) (1 - decay), at(parameters, i, first),
                (float) decay, at(averages, i, first), count));
    }

    void globalNorm(List<View> gradients, View norm) {
        Memory.setFloat(Memory.address(norm), (float) Math.sqrt(sumOfSquares(gradients)));
    }

    void allFinite(List<View> views, View flag) {
        int count = runs(views);
        long partials = parts.request(8L * count);
        eachRun(views, (i, first, length, run) -> {
            boolean finite = rows.allFinite(at(views, i, first), length);
            Memory.setLong(partials + 8L * run, finite ? 1 : 0);
        });
        long all = 1;
        for (int run = 0; run < count; run++) {
            all &= Memory.getLong(partials + 8L * run);
        }
        Elements.set(flag.type(), Memory.address(flag), 0, all);
    }

    private double sumOfSquares(List<View> views) {
        int count = runs(views);
        long partials = parts.request(8L * count);
        eachRun(views, (i, first, length, run) -> {
            long address = at(views, i, first);
            Memory.setDouble(partials + 8L * run, rows.dot(address, address, length));
        });
        double sum = 0;
        for (int run = 0; run < count; run++) {
            sum += Memory.getDouble(partials + 8L * run);
        }
        return sum;
    }

    void close() {
        parts.close();
    }
}
