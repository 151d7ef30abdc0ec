package dev.halcyon.report.anatomy;

import dev.halcyon.tensor.Shape;
import java.util.OptionalDouble;

/**
 * What became of the connections of one layer.
 *
 * @param name path of its weights: {@code layer1.0.conv1.weight}
 * @param shape [kh, kw, cin / groups, cout] of a convolution, [in, out] of a linear layer
 * @param faded share of the weights below {@link WeightMatrix#FADED} of the layer's largest, in [0, 1]
 * @param highways the least share of the links between an incoming and an outgoing channel that carries half of the
 *        flow, in [0, 1]; see {@link Flow}
 * @param silent incoming channels that were 0 at every place of every image
 * @param channels incoming channels
 * @param effectiveRank see {@link WeightMatrix#effectiveRank}, in [1, rank]
 * @param rank the largest that the rank can be
 * @param change ‖w − w₁‖ / ‖w₁‖ with the weights w₁ after the first epoch, where they are known
 */
public record LayerAnatomy(String name, Shape shape, double faded, double highways, long silent, long channels,
        double effectiveRank, long rank, OptionalDouble change) {
    /** How many weights the layer has. */
    public long connections() {
        return shape.elements();
    }
}
