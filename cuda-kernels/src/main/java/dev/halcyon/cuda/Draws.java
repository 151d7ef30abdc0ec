package dev.halcyon.cuda;

import dev.halcyon.device.Random;
import dev.halcyon.device.View;
import dev.halcyon.random.Philox;
import java.util.Locale;

/** Random numbers: one launch, a thread for every block of four draws. */
final class Draws {
    private static final String FAMILY = "draws";
    private static final int BLOCK = 4;

    private final Launcher launcher;

    Draws(Launcher launcher) {
        this.launcher = launcher;
    }

    void random(Random d, View y) {
        Arguments arguments = sequence(new Arguments().view(y), d, y);
        if (d.distribution() == Random.Distribution.BERNOULLI) {
            arguments.int32(Philox.threshold(d.probability()));
        }
        launch(d.distribution().name().toLowerCase(Locale.ROOT) + Views.suffix(y), y, arguments);
    }

    void dropout(Random keep, View x, View y) {
        launch("dropout" + Views.suffix(x, y), y, sequence(new Arguments().view(x).view(y), keep, y)
                .int32(Philox.threshold(keep.probability())).float32(1 / keep.probability()));
    }

    private static Arguments sequence(Arguments arguments, Random d, View y) {
        return arguments.int64(y.elements()).int64(d.seed()).int64(d.stream()).int64(d.offset() / BLOCK);
    }

    private void launch(String name, View y, Arguments arguments) {
        launcher.launch(launcher.kernel(FAMILY, name),
                Grid.of(Math.ceilDiv(y.elements(), BLOCK), Views.THREADS), arguments);
    }
}
