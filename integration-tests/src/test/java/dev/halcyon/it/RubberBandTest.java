package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.autograd.Tape;
import dev.halcyon.device.Device;
import dev.halcyon.loss.Losses;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The example by which learning is explained: a network that says bird 0.1, dog 0.8, cat 0.1 of a bird is pulled by
 * rubber bands of p - y: up by 0.9 at bird, down by 0.8 at dog and by 0.1 at cat.
 */
final class RubberBandTest {
    private static final float BIRD = 0.1f;
    private static final float DOG = 0.8f;
    private static final float CAT = 0.1f;

    static Stream<String> kinds() {
        return Stream.concat(Stream.of(Parity.REFERENCE), Parity.kinds().stream());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theErrorAtEachOutputIsWhatWasSaidLessWhatIsTrue(String kind) {
        try (Device device = Device.open(kind); Tape tape = device.record()) {
            Tensor logits = Tensor.of(device, Shape.of(1, 3), (float) Math.log(BIRD), (float) Math.log(DOG),
                    (float) Math.log(CAT)).trackGradient();
            Tensor bird = Tensor.of(device, Shape.of(1), 0L);
            Tensor loss = Losses.crossEntropy(logits, bird);
            assertEquals(-Math.log(BIRD), loss.item(), 1e-6);
            tape.backward(loss);
            assertArrayEquals(new float[] {-0.9f, 0.8f, 0.1f}, logits.gradient().toFloats(), 1e-6f);
        }
    }
}
