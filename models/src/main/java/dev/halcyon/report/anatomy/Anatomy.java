package dev.halcyon.report.anatomy;

import dev.halcyon.nn.Model;
import dev.halcyon.nn.Parameter;
import dev.halcyon.train.Evaluation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/** What became of a network that was trained: which of its connections carry something, and which do not. */
public final class Anatomy {
    private final Model model;

    /** Of a model, which it reads and, for {@link #prune}, changes. */
    public Anatomy(Model model) {
        this.model = model;
    }

    /**
     * Every layer with weights, in the network's order.
     *
     * @param showImages shows the model the images over which the flow is taken
     * @param first names and values of the weights after the first epoch, or empty where they are not known
     */
    public List<LayerAnatomy> layers(Runnable showImages, Map<String, float[]> first) {
        Flow flow = new Flow();
        List<Parameter> weights = weights();
        List<String> owners = weights.stream().map(Anatomy::owner).toList();
        model.network().listen((module, input, output) -> {
            if (owners.contains(module.path())) {
                flow.computed(module, input, output);
            }
        });
        try {
            showImages.run();
        } finally {
            model.network().listen(null);
        }
        return weights.stream().map(weight -> layer(weight, flow, first)).toList();
    }

    private static LayerAnatomy layer(Parameter weight, Flow flow, Map<String, float[]> first) {
        WeightMatrix matrix = WeightMatrix.of(weight);
        double[] loudness = flow.loudness(owner(weight));
        float[] before = first.get(weight.name());
        OptionalDouble change = before == null ? OptionalDouble.empty()
                : matrix.changeSince(new WeightMatrix(weight.shape(), before));
        return new LayerAnatomy(weight.name(), weight.shape(), matrix.faded(),
                Flow.highways(loudness, matrix.strengths()),
                Arrays.stream(loudness).filter(value -> value == 0).count(),
                loudness.length, matrix.effectiveRank(), Math.min(matrix.rows(), matrix.columns()), change);
    }

    /** The path of the module that a parameter belongs to. */
    private static String owner(Parameter parameter) {
        return parameter.name().substring(0, Math.max(0, parameter.name().lastIndexOf('.')));
    }

    private List<Parameter> weights() {
        return model.network().parameters().stream().filter(parameter -> parameter.role() == Parameter.Role.WEIGHT)
                .toList();
    }

    /**
     * A network without some of its connections.
     *
     * @param share of the weights that were cut, in [0, 1]
     * @param remaining how many are left
     * @param evaluation how well it does
     */
    public record Pruned(double share, long remaining, Evaluation evaluation) {
    }

    /**
     * Cuts growing shares of all weights, the smallest first wherever they are (magnitude pruning: Han et al., Learning
     * both Weights and Connections, NIPS 2015), without training again, and judges the network after each cut. The
     * model stays cut.
     *
     * @param shares in [0, 1], ascending
     * @param evaluate judges the model as it is
     */
    public List<Pruned> prune(List<Double> shares, Supplier<Evaluation> evaluate) {
        Pruning pruning = new Pruning(weights());
        return shares.stream().map(share -> {
            pruning.cut(share);
            return new Pruned(share, pruning.remaining(), evaluate.get());
        }).toList();
    }
}
