package dev.halcyon.it.cases;

import dev.halcyon.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows of the table again, with their data in bfloat16 and, as the contract of {@link dev.halcyon.device.Backend} says,
 * biases, parameters of norms, statistics and accumulated sums in float32: what a network computes in precision BF16.
 */
final class Bfloat16Cases {
    /** Larger rows would test no more. */
    private static final long MOST_ELEMENTS = 50_000;

    private Bfloat16Cases() {
    }

    /** Those of the rows whose method has a part in mixed precision. */
    static List<KernelCase> of(List<KernelCase> rows) {
        return rows.stream().filter(row -> elements(row) <= MOST_ELEMENTS && hasData(row))
                .map(Bfloat16Cases::converted).toList();
    }

    private static long elements(KernelCase row) {
        return row.arguments().stream().mapToLong(argument -> argument.shape().elements()).sum();
    }

    private static boolean hasData(KernelCase row) {
        return IntStream.range(0, row.arguments().size()).anyMatch(i -> isData(row, i));
    }

    private static KernelCase converted(KernelCase row) {
        List<Argument> arguments = new ArrayList<>();
        for (int i = 0; i < row.arguments().size(); i++) {
            Argument it = row.arguments().get(i);
            arguments.add(isData(row, i) ? new Argument(it.role(), it.shape(), DataType.BFLOAT16, it.values()) : it);
        }
        return new KernelCase(row.method(), row.label() + " in bfloat16", arguments, row.tolerance(), row.call());
    }

    /** Whether an argument of a call holds data, rather than parameters or accumulated sums. */
    private static boolean isData(KernelCase row, int index) {
        Argument argument = row.arguments().get(index);
        return argument.type() == DataType.FLOAT32 && switch (row.method()) {
            case "unary", "unaryGradient", "scaleAdd", "dropout", "maxPool", "maxPoolGradient", "averagePool",
                    "averagePoolGradient", "softmax", "softmaxGradient", "conv2d", "conv2dInputGradient",
                    "normalizeImages" -> true;
            case "binary" -> row.arguments().stream().allMatch(it -> it.type() == DataType.FLOAT32);
            case "gemm", "batchedGemm", "reduce", "conv2dWeightGradient" -> argument.role() != Argument.Role.INOUT;
            case "conv2dBiasActivation", "gemmBiasActivation" -> index != 2;
            case "crossEntropy" -> index != 2 && index != 3;
            case "conv2dBatchNormInference" -> index < 3 || argument.role() == Argument.Role.OUT;
            case "batchNorm", "batchNormInference", "batchNormGradient", "batchNormActivation",
                    "batchNormActivationInference", "batchNormActivationGradient" ->
                    argument.shape().equals(row.arguments().getFirst().shape());
            case "layerNorm" -> index == 0 || index == 5;
            case "layerNormGradient" -> index == 0 || index == 4 || index == 5;
            default -> false;
        };
    }
}
