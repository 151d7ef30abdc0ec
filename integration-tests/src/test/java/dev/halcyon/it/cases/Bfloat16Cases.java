package dev.halcyon.it.cases;

import dev.halcyon.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rows of the table with bfloat16 data. What is kept beside data of any type (parameters of norms, their statistics and
 * gradients, class weights, losses) stays float32.
 */
public final class Bfloat16Cases {
    private static final Set<Integer> NOTHING = Set.of();

    /** The arguments of each method that stay float32. */
    private static final Map<String, Set<Integer>> FLOAT32 = Map.ofEntries(
            Map.entry("batchNorm", Set.of(1, 2, 3, 4, 5, 6)),
            Map.entry("batchNormActivation", Set.of(1, 2, 3, 4, 5, 6)),
            Map.entry("batchNormInference", Set.of(1, 2, 3, 4)),
            Map.entry("batchNormActivationInference", Set.of(1, 2, 3, 4)),
            Map.entry("batchNormGradient", Set.of(1, 2, 3, 6, 7)),
            Map.entry("batchNormActivationGradient", Set.of(2, 3, 4, -1, -2)),
            Map.entry("layerNorm", Set.of(1, 2, 3, 4)), Map.entry("layerNormGradient", Set.of(1, 2, 3, 6, 7)),
            Map.entry("softmax", NOTHING), Map.entry("softmaxGradient", NOTHING),
            Map.entry("crossEntropy", Set.of(2, 3)), Map.entry("maxPool", NOTHING),
            Map.entry("maxPoolGradient", NOTHING), Map.entry("averagePool", NOTHING),
            Map.entry("averagePoolGradient", NOTHING));

    private Bfloat16Cases() {
    }

    /** The rows. */
    public static List<KernelCase> rows() {
        return OpCases.kernels().stream().filter(row -> FLOAT32.containsKey(row.method())).map(Bfloat16Cases::of)
                .toList();
    }

    private static KernelCase of(KernelCase row) {
        Set<Integer> kept = FLOAT32.get(row.method());
        List<Argument> arguments = new ArrayList<>();
        int count = row.arguments().size();
        for (int i = 0; i < count; i++) {
            Argument argument = row.arguments().get(i);
            boolean data = argument.type() == DataType.FLOAT32 && !kept.contains(i) && !kept.contains(i - count);
            arguments.add(data
                    ? new Argument(argument.role(), argument.shape(), DataType.BFLOAT16, argument.values())
                    : argument);
        }
        return new KernelCase(row.method(), row.label() + ", bfloat16", arguments, row.tolerance(), row.call());
    }
}
