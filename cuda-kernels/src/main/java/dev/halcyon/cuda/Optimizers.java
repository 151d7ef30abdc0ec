package dev.halcyon.cuda;

import dev.halcyon.device.AdamWStep;
import dev.halcyon.device.SgdStep;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import java.util.List;
import java.util.function.LongFunction;

/**
 * What is done to many parameters at once: one launch for up to 80 of them, whose addresses and sizes are among its
 * arguments.
 */
final class Optimizers {
    private static final String FAMILY = "optimizers";
    private static final int TENSORS = 80;
    private static final long BLOCK_ELEMENTS = 4096;
    /** Words of a table before the addresses: count and first blocks (ints), then sizes. */
    private static final int SIZES = (TENSORS + 2) / 2;

    private final Launcher launcher;
    private final Elementwise elementwise;

    Optimizers(Launcher launcher) {
        this.launcher = launcher;
        elementwise = new Elementwise(launcher);
    }

    void sgd(SgdStep d, List<View> parameters, List<View> gradients, List<View> velocities) {
        eachTable(List.of(parameters, gradients, velocities), "sgd", _ -> new Arguments().struct(
                floats(d.rate(), d.momentum()), floats(d.weightDecay(), 1 - d.rate() * d.decoupledDecay()),
                d.nesterov() ? 1 : 0));
    }

    void adamW(AdamWStep d, List<View> parameters, List<View> gradients, List<View> first, List<View> second) {
        double correction1 = 1 - Math.pow(d.beta1(), d.step());
        double correction2 = 1 - Math.pow(d.beta2(), d.step());
        eachTable(List.of(parameters, gradients, first, second), "adam_w", _ -> new Arguments().struct(
                floats(d.rate() / correction1, d.beta1()), floats(1 - d.beta1(), d.beta2()),
                floats(1 - d.beta2(), 1 / correction2), floats(d.epsilon(), 1 - d.rate() * d.weightDecay())));
    }

    void weightAverage(double decay, List<View> parameters, List<View> averages) {
        eachTable(List.of(parameters, averages), "weight_average",
                _ -> new Arguments().float32(decay).float32(1 - decay));
    }

    /** From float32 to bfloat16 at once, between other types one by one. */
    void castAll(List<View> x, List<View> y) {
        boolean rounding = x.stream().allMatch(view -> view.type() == DataType.FLOAT32)
                && y.stream().allMatch(view -> view.type() == DataType.BFLOAT16);
        if (rounding) {
            launch(List.of(x, y), "round_all", _ -> new Arguments());
        } else {
            for (int i = 0; i < x.size(); i++) {
                elementwise.cast(x.get(i), y.get(i));
            }
        }
    }

    void globalNorm(List<View> gradients, View norm) {
        long blocks = blocks(gradients);
        try (Temporary sums = launcher.temporary(Float.BYTES * Math.max(1, blocks))) {
            eachTable(List.of(gradients), "sum_of_squares",
                    firstBlock -> new Arguments().address(sums.address() + Float.BYTES * firstBlock));
            launcher.launch(launcher.kernel(FAMILY, "global_norm"), new Grid(1, 1, 1, Views.THREADS, 0),
                    new Arguments().address(sums.address()).int64(blocks).view(Views.float32(norm)));
        }
    }

    void allFinite(List<View> views, View flag) {
        elementwise.fill(flag, 1);
        eachTable(List.of(views), "find_infinite", _ -> new Arguments().view(flag).int32(flag.type().bytes()));
    }

    private static long floats(double low, double high) {
        return Integer.toUnsignedLong(Float.floatToRawIntBits((float) low))
                | (long) Float.floatToRawIntBits((float) high) << Integer.SIZE;
    }

    private static long blocks(List<View> views) {
        return views.stream().mapToLong(view -> Math.ceilDiv(view.elements(), BLOCK_ELEMENTS)).sum();
    }

    /** Launches a kernel over groups of float32 tensors. */
    private void eachTable(List<List<View>> groups, String name, LongFunction<Arguments> arguments) {
        groups.forEach(group -> group.forEach(Views::float32));
        launch(groups, name, arguments);
    }

    /**
     * Launches a kernel over groups of tensors; an empty list stands for tensors that are not there.
     *
     * @param arguments those before the table, for the number of the launch's first block among all
     */
    private void launch(List<List<View>> groups, String name, LongFunction<Arguments> arguments) {
        Kernel kernel = launcher.kernel(FAMILY, name);
        int count = groups.getFirst().size();
        long firstBlock = 0;
        for (int first = 0; first < count; first += TENSORS) {
            int end = Math.min(count, first + TENSORS);
            int start = first;
            List<List<View>> part = groups.stream()
                    .map(group -> group.isEmpty() ? group : group.subList(start, end)).toList();
            long blocks = blocks(part.getFirst());
            launcher.launch(kernel, new Grid(Math.toIntExact(blocks), 1, 1, Views.THREADS, 0),
                    arguments.apply(firstBlock).struct(table(part)));
            firstBlock += blocks;
        }
    }

    /** {@code struct Table} of optimizers.cu. */
    private static long[] table(List<List<View>> groups) {
        List<View> sized = groups.getFirst();
        int[] starts = new int[TENSORS + 2];
        long[] words = new long[SIZES + TENSORS * (1 + groups.size())];
        starts[0] = sized.size();
        for (int i = 0; i < sized.size(); i++) {
            starts[i + 2] = Math.toIntExact(starts[i + 1] + Math.ceilDiv(sized.get(i).elements(), BLOCK_ELEMENTS));
            words[SIZES + i] = sized.get(i).elements();
            for (int group = 0; group < groups.size(); group++) {
                List<View> views = groups.get(group);
                words[SIZES + TENSORS * (1 + group) + i] = views.isEmpty() ? 0 : Views.address(views.get(i));
            }
        }
        for (int i = 0; i < SIZES; i++) {
            words[i] = Integer.toUnsignedLong(starts[2 * i]) | (long) starts[2 * i + 1] << Integer.SIZE;
        }
        return words;
    }
}
