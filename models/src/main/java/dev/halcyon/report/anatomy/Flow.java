package dev.halcyon.report.anatomy;

import dev.halcyon.autograd.ops.Elementwise;
import dev.halcyon.autograd.ops.Reductions;
import dev.halcyon.device.Unary;
import dev.halcyon.nn.Module;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How loud the channels are that reach every layer, over the images that a network is shown while this listens to it.
 * The flow of a link from channel i to channel j is loudness × trust: mean |xᵢ| × Σ |wᵢⱼ| over the kernel.
 */
final class Flow implements Module.ForwardListener {
    private static final double CARRIED = 0.5;

    private final Map<String, double[]> sums = new HashMap<>();
    private final Map<String, Long> places = new HashMap<>();

    @Override
    public void computed(Module module, Tensor input, Tensor output) {
        int rank = input.shape().rank();
        int channels = Math.toIntExact(input.shape().extent(rank - 1));
        double[] sum = sums.computeIfAbsent(module.path(), _ -> new double[channels]);
        try (Scope _ = Scope.open()) {
            float[] loudness =
                    Reductions.sum(Elementwise.unary(Unary.ABS, input), IntStream.range(0, rank - 1).toArray())
                            .toFloats();
            for (int i = 0; i < channels; i++) {
                sum[i] += loudness[i];
            }
        }
        places.merge(module.path(), input.shape().elements() / channels, Long::sum);
    }

    /** Mean |x| of every channel that reached a module, over images and places. */
    double[] loudness(String module) {
        double[] sum = sums.get(module);
        if (sum == null) {
            throw new IllegalArgumentException("flow: nothing has reached " + module);
        }
        long count = places.get(module);
        return Arrays.stream(sum).map(value -> value / count).toArray();
    }

    /**
     * The least share of all links that carries half of the flow.
     *
     * @param loudness of the incoming channels [cin]
     * @param strengths [cin / groups][cout]; output channels listen to the channels of their group
     * @return in [0, 1]; 0 where nothing flows
     */
    static double highways(double[] loudness, double[][] strengths) {
        int perGroup = strengths.length;
        int outputs = strengths[0].length;
        int outputsPerGroup = outputs / (loudness.length / perGroup);
        double[] flows = new double[perGroup * outputs];
        for (int j = 0; j < outputs; j++) {
            int firstInput = j / outputsPerGroup * perGroup;
            for (int i = 0; i < perGroup; i++) {
                flows[i * outputs + j] = loudness[firstInput + i] * strengths[i][j];
            }
        }
        Arrays.sort(flows);
        double wanted = CARRIED * Arrays.stream(flows).sum();
        double carried = 0;
        int links = 0;
        while (carried < wanted) {
            links++;
            carried += flows[flows.length - links];
        }
        return (double) links / flows.length;
    }
}
