package dev.halcyon.it.cases;

import java.util.List;
import java.util.stream.Stream;

/** The table. */
public final class OpCases {
    private static final List<KernelCase> KERNELS = Stream.of(UnaryCases.rows(), ElementwiseCases.rows(),
            ShapeCases.rows(), ReductionCases.rows(), GemmCases.rows(), ConvolutionCases.rows(), PoolingCases.rows(),
            NormalizationCases.rows(), SoftmaxCases.rows(), RandomCases.rows(), OptimizerCases.rows())
            .flatMap(List::stream).toList();

    private static final List<KernelCase> BFLOAT16 = Bfloat16Cases.of(KERNELS);

    private static final List<GradientCase> GRADIENTS = Stream.of(GradientCases.rows(),
            NormalizationGradientCases.rows()).flatMap(List::stream).toList();

    private static final List<ErrorCase> ERRORS = ErrorCases.rows();

    private OpCases() {
    }

    /** Calls of backend methods. */
    public static List<KernelCase> kernels() {
        return KERNELS;
    }

    /** Calls of backend methods with data in bfloat16. */
    public static List<KernelCase> bfloat16() {
        return BFLOAT16;
    }

    /** Differentiable operations. */
    public static List<GradientCase> gradients() {
        return GRADIENTS;
    }

    /** Calls that must be refused. */
    public static List<ErrorCase> errors() {
        return ERRORS;
    }
}
