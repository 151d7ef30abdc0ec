package dev.halcyon.cuda;

import dev.halcyon.device.LayerNorm;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import java.util.List;

/** Layer norm: one launch forward, two for the gradient. See layernorms.cu. */
final class LayerNorms {
    private static final String FAMILY = "layernorms";
    /** Blocks per multiprocessor that go from row to row, and keep what belongs to columns meanwhile. */
    private static final int RESIDENT_BLOCKS = 4;
    /** Rows at a distance of so many begin at the same distance from a sector of memory. */
    private static final int ALIKE = Views.SECTOR_BYTES / DataType.BFLOAT16.bytes();

    private final Launcher launcher;

    LayerNorms(Launcher launcher) {
        this.launcher = launcher;
    }

    void layerNorm(LayerNorm d, View x, View gamma, View beta, View mean, View inverseDeviation, View y) {
        List.of(gamma, beta, mean, inverseDeviation).forEach(Views::float32);
        eachRow("layer_norm", x, new Arguments().view(x).view(gamma).view(beta).view(mean).view(inverseDeviation)
                .view(y).float32(d.epsilon()));
    }

    void layerNormGradient(View x, View gamma, View mean, View inverseDeviation, View dy, View dx, View dgamma,
            View dbeta) {
        List.of(gamma, mean, inverseDeviation, dgamma, dbeta).forEach(Views::float32);
        eachRow("input_gradient", x,
                new Arguments().view(x).view(gamma).view(mean).view(inverseDeviation).view(dy).view(dx));
        long width = x.extent(-1);
        Pack pack = Pack.of(width, x, dy, dgamma, dbeta);
        Division sums = Division.forSums(x.elements() / width, width, pack);
        try (Temporary partials = launcher.temporary(sums.partialBytes())) {
            launcher.launch(launcher.kernel(FAMILY, "parameter_gradients" + pack.suffix()), sums.summing(),
                    sums.appendTo(new Arguments().view(x).view(mean).view(inverseDeviation).view(dy).view(dgamma)
                            .view(dbeta).address(partials.address())));
        }
    }

    private void eachRow(String name, View x, Arguments arguments) {
        RowTeam team = RowTeam.of(x);
        int resident = Math.ceilDiv(RESIDENT_BLOCKS * launcher.multiprocessors(), ALIKE) * ALIKE;
        launcher.launch(launcher.kernel(FAMILY, name + team.suffix()), team.grid().atMost(resident),
                team.appendTo(arguments));
    }
}
