package dev.halcyon.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.autograd.ops.Elementwise;
import dev.halcyon.autograd.ops.Reductions;
import dev.halcyon.device.Device;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TapeTest {
    private Device device;
    private Tensor w;

    @BeforeEach
    void open() {
        device = Device.open("reference");
        w = Tensor.of(device, Shape.of(3), 1.0, 2.0, 3.0).trackGradient();
    }

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void gradientsAddUpOverTapes() {
        for (int pass = 1; pass <= 3; pass++) {
            try (Tape tape = device.record()) {
                tape.backward(Reductions.sum(Elementwise.multiply(w, w)));
            }
            assertArrayEquals(new double[] {2.0 * pass, 4.0 * pass, 6.0 * pass}, w.gradient().toDoubles());
        }
    }

    @Test
    void everythingGoesBackAtTheBrace() {
        long before = device.memory().inUse();
        for (int step = 0; step < 5; step++) {
            try (Tape tape = device.record()) {
                Tensor y = Elementwise.relu(Elementwise.multiply(w, w));
                tape.backward(Reductions.mean(Elementwise.add(y, w)));
            }
            assertEquals(before, device.memory().inUse());
        }
    }

    @Test
    void activationsGoBackDuringBackwardUnlessKept() {
        try (Tape tape = device.record()) {
            Tensor squares = tape.keep(Elementwise.multiply(w, w));
            Tensor doubled = Elementwise.scale(2, squares);
            Tensor loss = Reductions.sum(doubled);
            tape.backward(loss);
            assertEquals(28, loss.item());
            assertArrayEquals(new double[] {1, 4, 9}, squares.toDoubles());
            assertArrayEquals(new double[] {2, 2, 2}, tape.gradient(squares).toDoubles());
            IllegalStateException refusal = assertThrows(IllegalStateException.class, doubled::toDoubles);
            assertTrue(refusal.getMessage().contains("was released by backward() at " + TapeTest.class.getName()),
                    refusal.getMessage());
            assertThrows(IllegalStateException.class, () -> tape.gradient(loss));
        }
    }

    /** Of 3 Σ relu(w - 2): relu writes its gradient over that of its output, but not where that is kept. */
    @Test
    void keptGradientsAreNotWrittenOver() {
        Tensor two = Tensor.of(device, Shape.of(3), 2.0, 2.0, 2.0);
        try (Tape tape = device.record()) {
            Tensor output = tape.keep(Elementwise.relu(Elementwise.subtract(w, two)));
            tape.backward(Reductions.sum(Elementwise.scale(3, output)));
            assertArrayEquals(new double[] {3, 3, 3}, tape.gradient(output).toDoubles());
            assertArrayEquals(new double[] {0, 0, 3}, w.gradient().toDoubles());
        }
    }

    /** loss = Σ (w + v)² v, with targets v, then w + v: nothing else gets a gradient. */
    @Test
    void gradientsOfTargetsAlone() {
        Tensor v = Tensor.of(device, Shape.of(3), 1.0, 1.0, 2.0).trackGradient();
        try (Tape tape = device.record()) {
            Tensor sum = Elementwise.add(w, v);
            tape.backward(Reductions.sum(Elementwise.multiply(Elementwise.multiply(sum, sum), v)), Set.of(v));
            assertArrayEquals(new double[] {8, 15, 45}, v.gradient().toDoubles());
            assertArrayEquals(new double[3], w.gradient().toDoubles());
        }
        try (Tape tape = device.record()) {
            Tensor sum = tape.keep(Elementwise.add(w, v));
            tape.backward(Reductions.sum(Elementwise.multiply(Elementwise.multiply(sum, sum), v)), Set.of(sum));
            assertArrayEquals(new double[] {4, 6, 20}, tape.gradient(sum).toDoubles());
            assertArrayEquals(new double[] {8, 15, 45}, v.gradient().toDoubles(), "as it was");
            assertArrayEquals(new double[3], w.gradient().toDoubles());
        }
        try (Tape tape = device.record()) {
            Tensor loss = Reductions.sum(Elementwise.multiply(w, w));
            assertThrows(IllegalStateException.class, () -> tape.backward(loss, Set.of(v)));
        }
    }

    @Test
    void whatDependsOnNothingTrackedIsNotRecorded() {
        try (Tape tape = device.record()) {
            Tensor constant = Tensor.of(device, Shape.of(3), 1.0, 1.0, 1.0);
            Elementwise.multiply(constant, constant);
            assertEquals(0, tape.operations().size());
            Elementwise.multiply(constant, w);
            assertEquals("multiply", tape.operations().getFirst().getKey());
        }
        Elementwise.multiply(w, w).close();
        assertTrue(Tape.current().isEmpty());
    }

    @Test
    void aTapeIsWalkedOnce() {
        try (Tape tape = device.record()) {
            Tensor loss = Reductions.sum(Elementwise.multiply(w, w));
            tape.backward(loss);
            assertThrows(IllegalStateException.class, () -> tape.backward(loss));
        }
    }

    @Test
    void usingAReleasedTensorTellsWhereItWasReleased() {
        String here = TapeTest.class.getName() + ".usingAReleasedTensorTellsWhereItWasReleased(TapeTest.java:";
        Tensor closed = Tensor.of(device, Shape.of(2), 1f, 2f);
        closed.close();
        IllegalStateException refusal = assertThrows(IllegalStateException.class, closed::toFloats);
        assertTrue(refusal.getMessage().startsWith("tensor FLOAT32 [2] was released by close() at " + here),
                refusal.getMessage());
        Tensor scoped;
        try (Tape tape = device.record()) {
            scoped = Elementwise.add(w, w);
            assertEquals(1, tape.operations().size());
        }
        refusal = assertThrows(IllegalStateException.class, scoped::view);
        assertTrue(refusal.getMessage().contains("was released by the end of its scope at " + here),
                refusal.getMessage());
    }

    @Test
    void tapesNest() {
        try (Tape outer = device.record()) {
            Tensor squares = Elementwise.multiply(w, w);
            try (Tape inner = device.record()) {
                inner.backward(Reductions.sum(Elementwise.scale(10, w)));
            }
            outer.backward(Reductions.sum(squares));
        }
        assertArrayEquals(new double[] {12, 14, 16}, w.gradient().toDoubles());
    }
}
