package dev.halcyon.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.device.Device;
import dev.halcyon.device.DeviceOptions;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tensors and the scopes that own them, on the reference device. */
final class TensorTest {
    private Device device;

    @BeforeEach
    void open() {
        device = Device.open("reference");
    }

    @AfterEach
    void close() {
        device.close();
    }

    private Tensor ones(long... extents) {
        return Tensor.full(device, DataType.FLOAT32, Shape.of(extents), 1);
    }

    @Test
    void valuesComeBackInEveryWay() {
        try (Tensor floats = Tensor.of(device, Shape.of(2, 2), 1f, 2f, 3f, 4f);
                Tensor longs = Tensor.of(device, Shape.of(2), 7L, -1L);
                Tensor ints = Tensor.of(device, Shape.of(2), 7, -1);
                Tensor doubles = Tensor.of(device, Shape.of(1), 0.1)) {
            assertArrayEquals(new float[] {1, 2, 3, 4}, floats.toFloats());
            assertArrayEquals(new double[] {1, 2, 3, 4}, floats.toDoubles());
            assertArrayEquals(new long[] {7, -1}, longs.toLongs());
            assertArrayEquals(new long[] {7, -1}, ints.toLongs());
            assertEquals(0.1, doubles.item());
            floats.upload(MemorySegment.ofArray(new float[] {9, 8, 7, 6}));
            assertArrayEquals(new float[] {9, 8, 7, 6}, floats.toFloats());
        }
    }

    @Test
    void aScopeGivesBackWhatItOwnsButWhatWasKept() {
        Tensor kept;
        try (Scope scope = Scope.open()) {
            Tensor other = ones(100);
            kept = scope.keep(ones(100));
            assertTrue(device.memory().inUse() >= 800);
            assertEquals(1, other.toFloats()[99]);
        }
        assertEquals(1, kept.toFloats()[99]);
        kept.close();
        assertEquals(0, device.memory().inUse());
    }

    @Test
    void keepingHandsOverToTheEnclosingScope() {
        try (Scope outer = Scope.open()) {
            Tensor handed;
            try (Scope inner = Scope.open()) {
                handed = inner.keep(ones(3));
            }
            assertSame(handed, outer.keep(handed));
            handed.close();
            assertThrows(IllegalArgumentException.class, () -> outer.keep(handed));
        }
        assertEquals(0, device.memory().inUse());
    }

    @Test
    void nothingIsFreedTwice() {
        Tensor tensor = ones(4);
        Tensor alias = tensor.alias(Shape.of(2, 2));
        tensor.close();
        tensor.close();
        assertArrayEquals(new float[] {1, 1, 1, 1}, alias.toFloats());
        try (Tensor other = ones(4)) {
            alias.close();
            alias.close();
            assertEquals(256, device.memory().inUse());
            assertEquals(1, other.toFloats()[0]);
        }
        assertEquals(0, device.memory().inUse());
    }

    @Test
    void scopesAreClosedFromTheInside() {
        Scope outer = Scope.open();
        Scope inner = Scope.open();
        IllegalStateException refusal = assertThrows(IllegalStateException.class, outer::close);
        assertTrue(refusal.getMessage().startsWith("scope closed out of order"), refusal.getMessage());
        inner.close();
        outer.close();
        outer.close();
    }

    @Test
    void whatNobodyCanReachComesBackWhenMemoryRunsShort() {
        try (Device small = Device.open("reference", DeviceOptions.DEFAULT.withMemoryLimit(1 << 20))) {
            for (int i = 0; i < 40; i++) {
                Tensor.zeros(small, DataType.UINT8, Shape.of(100_000));
            }
            assertTrue(small.memory().inUse() <= 1 << 20);
        }
    }

    @Test
    void bytesInUseStayTheSameOverAThousandSteps() {
        List<Long> inUse = new ArrayList<>();
        for (int step = 0; step < 1000; step++) {
            Scope scope = Scope.open();
            try (scope) {
                ones(10, 1 + step % 3).alias(Shape.of(10 * (1 + step % 3)));
            }
            inUse.add(device.memory().inUse());
        }
        assertEquals(List.of(0L), inUse.stream().distinct().toList());
    }
}
