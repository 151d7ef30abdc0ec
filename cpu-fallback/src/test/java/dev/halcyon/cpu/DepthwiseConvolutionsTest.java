package dev.halcyon.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.View;
import dev.halcyon.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DepthwiseConvolutionsTest {
    private static final int IMAGES = 3;
    private static final int HEIGHT = 301;
    private static final int WIDTH = 299;
    private static final int CHANNELS = 16;

    static Stream<Conv2d> convolutions() {
        return List.of(new Conv2d(1, 1, 1, 1, 1, 1, CHANNELS), new Conv2d(2, 2, 1, 1, 1, 1, CHANNELS),
                new Conv2d(3, 1, 0, 2, 2, 1, CHANNELS), new Conv2d(1, 2, 5, 0, 1, 3, CHANNELS)).stream();
    }

    /** Images so large that they are fetched before they are read, and each alone, which is not. */
    @ParameterizedTest
    @MethodSource("convolutions")
    void manyImagesGiveWhatEachGivesAlone(Conv2d d) {
        try (Fixture fixture = new Fixture(2)) {
            View x = fixture.random(IMAGES, HEIGHT, WIDTH, CHANNELS);
            View w = fixture.random(3, 3, 1, CHANNELS);
            View y = fixture.empty(d.outputShape(x.shape(), w.shape()).extents());
            View dx = fixture.empty(x.shape().extents());
            View dw = fixture.full(0, w.shape().extents());
            assertTrue(FarMemory.holds(x));
            compute(fixture, d, x, w, y, dx, dw);
            double[] sums = new double[Math.toIntExact(w.elements())];
            for (int i = 0; i < IMAGES; i++) {
                View image = image(x, i);
                View ownY = fixture.empty(image(y, i).shape().extents());
                View ownDx = fixture.empty(image.shape().extents());
                View ownDw = fixture.full(0, w.shape().extents());
                assertFalse(FarMemory.holds(image));
                compute(fixture, d, image, w, ownY, ownDx, ownDw);
                assertArrayEquals(fixture.floats(ownY), fixture.floats(image(y, i)));
                assertArrayEquals(fixture.floats(ownDx), fixture.floats(image(dx, i)));
                float[] part = fixture.floats(ownDw);
                for (int k = 0; k < sums.length; k++) {
                    sums[k] += part[k];
                }
            }
            Fixture.assertClose(sums, fixture.floats(dw), 1e-5, largest(sums));
        }
    }

    /** The outputs serve as their own gradient. */
    private static void compute(Fixture fixture, Conv2d d, View x, View w, View y, View dx, View dw) {
        fixture.backend().conv2d(d, x, w, y);
        fixture.backend().conv2dInputGradient(d, false, y, w, dx);
        fixture.backend().conv2dWeightGradient(d, x, y, dw);
    }

    private static View image(View images, int number) {
        Shape shape = images.shape().with(0, 1);
        return new View(images.buffer(), number * shape.elements() * Float.BYTES, shape, images.type());
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
