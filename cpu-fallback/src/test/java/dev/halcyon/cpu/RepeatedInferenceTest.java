package dev.halcyon.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Inference keeps what it made of the weights: that must not show. */
class RepeatedInferenceTest {
    /** Linear maps of pixels, tiles that blocks map for themselves and tiles that they share, groups, tiny images. */
    @ParameterizedTest(name = "{0} images of {1}x{1}, {2} channels, kernel {3}, {4} outputs, {5} groups")
    @CsvSource({"4, 12, 40, 1, 70, 1", "1, 3, 40, 1, 70, 1", "6, 24, 32, 3, 48, 1", "2, 9, 80, 3, 100, 1",
        "3, 9, 64, 3, 96, 2", "3, 2, 20, 3, 24, 1", "2, 8, 33, 3, 33, 33", "5, 8, 3, 3, 8, 1"})
    void everyUseOfTheSameWeightsGivesTheSameBits(int images, int size, int inputs, int kernel, int outputs,
            int groups) {
        try (Fixture f = new Fixture(2)) {
            Conv2d d = Conv2d.of(1, kernel / 2).grouped(groups);
            View x = f.random(images, size, size, inputs);
            View w = f.random(kernel, kernel, inputs / groups, outputs);
            View[] norm = {f.random(outputs), f.random(outputs), f.random(outputs), f.uniform(0.5, 2, outputs)};
            View residual = f.random(images, size, size, outputs);
            View y = f.empty(images, size, size, outputs);
            float[] before = inference(f, d, x, w, norm, residual, y);
            for (int use = 0; use < 4; use++) {
                assertArrayEquals(before, inference(f, d, x, w, norm, residual, y));
            }
            for (View changed : new View[] {w, norm[0], norm[3]}) {
                f.backend().scaleAdd(0, changed, 1.25, changed);
                float[] first = inference(f, d, x, copy(f, w), norm, residual, y);
                assertArrayEquals(first, inference(f, d, x, w, norm, residual, y));
                assertArrayEquals(first, inference(f, d, x, w, norm, residual, y));
                assertArrayEquals(first, inference(f, d, x, w, norm, residual, y));
            }
        }
    }

    private static View copy(Fixture f, View w) {
        View copy = f.empty(w.shape().extents());
        f.backend().copy(w, copy);
        return copy;
    }

    private static float[] inference(Fixture f, Conv2d d, View x, View w, View[] norm, View residual, View y) {
        f.backend().conv2dBatchNormInference(d, BatchNorm.DEFAULT, Unary.RELU, x, w, residual, norm[0], norm[1],
                norm[2], norm[3], y);
        return f.floats(y);
    }
}
