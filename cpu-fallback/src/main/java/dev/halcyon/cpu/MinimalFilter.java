package dev.halcyon.cpu;

import dev.halcyon.cpu.TransformKernels.Map;

/** Minimal filtering F(m, r), see {@link TransformKernels}: m outputs of a filter with r taps from six multiplications. */
enum MinimalFilter {
    /** Four outputs of three taps. */
    FOUR_OF_THREE(Map.TAPS, Map.OUTPUT, Map.OUTPUT_GRADIENT, Map.TAPS_GRADIENT),
    /** Two outputs of five taps. */
    TWO_OF_FIVE(Map.FIVE_TAPS, Map.TWO_OUTPUTS, Map.TWO_OUTPUTS_GRADIENT, Map.FIVE_TAPS_GRADIENT);

    private final Map ofTaps;
    private final Map toOutputs;
    private final Map ofOutputGradients;
    private final Map toTapGradients;

    MinimalFilter(Map ofTaps, Map toOutputs, Map ofOutputGradients, Map toTapGradients) {
        this.ofTaps = ofTaps;
        this.toOutputs = toOutputs;
        this.ofOutputGradients = ofOutputGradients;
        this.toTapGradients = toTapGradients;
    }

    /** That of kernels of a height and a width, or null. */
    static MinimalFilter of(long height, long width) {
        return height == 3 && width == 3 ? FOUR_OF_THREE : height == 5 && width == 5 ? TWO_OF_FIVE : null;
    }

    /** Outputs of a tile, each way. */
    int side() {
        return toOutputs.outputs();
    }

    /** Taps, each way. */
    int taps() {
        return ofTaps.inputs();
    }

    /** The map of taps to values. */
    Map ofTaps() {
        return ofTaps;
    }

    /** The map of products to outputs. */
    Map toOutputs() {
        return toOutputs;
    }

    /** The map of the outputs' gradients to values. */
    Map ofOutputGradients() {
        return ofOutputGradients;
    }

    /** The map of sums of products to the gradients of taps. */
    Map toTapGradients() {
        return toTapGradients;
    }
}
