package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.device.Device;
import dev.halcyon.emulator.driver.Alive;
import dev.halcyon.emulator.driver.EmulatedGpu;
import dev.halcyon.emulator.driver.Failures;
import dev.halcyon.emulator.driver.Launch;
import dev.halcyon.emulator.driver.Settings;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import jcuda.driver.CUcontext;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.Test;

/** How the CUDA backend shares the driver and the device's memory with others, and with itself. */
final class GpuMemoryTest {
    private static final Shape SHAPE = Shape.of(1000);
    private static final int STEPS = 4;
    private static final long MIB = 1 << 20;

    /** Adds 1 in each of some steps, all but the first of which are graphs. */
    private static float[] count(Device device) {
        try (Tensor sum = Tensor.zeros(device, DataType.FLOAT32, SHAPE)) {
            for (int step = 0; step < STEPS; step++) {
                device.step(() -> {
                    try (Tensor one = Tensor.full(device, DataType.FLOAT32, SHAPE, 1)) {
                        device.backend().scaleAdd(1, one.view(), 1, sum.view());
                    }
                });
            }
            return sum.toFloats();
        }
    }

    private static void assertCounted(float[] sum) {
        float[] expected = new float[(int) SHAPE.elements()];
        Arrays.fill(expected, STEPS);
        assertArrayEquals(expected, sum);
    }

    /** The first is that of the pool, without which there is no device. */
    @Test
    void anyRequestMayFindTooLittleMemoryOnce() {
        for (int request = 2; request <= 12; request++) {
            Settings settings = Settings.standard().withFailures(Failures.outOfMemoryAt(request));
            try (EmulatedGpu gpu = EmulatedGpu.startOrSkip(settings)) {
                try (Device device = Device.open("cuda")) {
                    assertCounted(count(device));
                    assertTrue(gpu.launches().stream().anyMatch(Launch.Graph.class::isInstance));
                }
                assertEquals(Alive.nothing(), gpu.alive());
            }
        }
    }

    @Test
    void aDeviceThatCannotBeOpenedLeavesNothing() {
        try (EmulatedGpu gpu = EmulatedGpu.startOrSkip(
                Settings.standard().withFailures(Failures.outOfMemoryFrom(1)))) {
            assertThrows(RuntimeException.class, () -> Device.open("cuda"));
            assertEquals(Alive.nothing(), gpu.alive());
        }
    }

    @Test
    void whatOthersHoldIsNotCountedOn() {
        try (EmulatedGpu _ = EmulatedGpu.startOrSkip(Settings.standard().withMemory(100 * MIB));
                Device first = Device.open("cuda");
                Tensor _ = Tensor.empty(first, DataType.UINT8, Shape.of(60 * MIB));
                Device second = Device.open("cuda")) {
            assertTrue(second.pool().limit() <= 40 * MIB, () -> second.pool().limit() + " bytes");
        }
    }

    /** Another library, or a program's own use of the driver. */
    @Test
    void anotherContextMayBeMadeCurrent() {
        try (EmulatedGpu _ = EmulatedGpu.startOrSkip(Settings.standard().withDevices(2));
                Device device = Device.open("cuda:0");
                Device other = Device.open("cuda:1")) {
            assertCounted(count(device));
            JCudaDriver.cuCtxSetCurrent(new CUcontext());
            assertCounted(count(device));
            assertCounted(count(other));
            assertCounted(count(device));
        }
    }

    /** More than is staged for small batches, in steps that are graphs all the same. */
    @Test
    void stepsWithLargeBatchesAreGraphs() {
        try (EmulatedGpu gpu = EmulatedGpu.startOrSkip(Settings.standard().withoutExecution());
                Device device = Device.open("cuda")) {
            MemorySegment batch = MemorySegment.ofArray(new byte[(int) (50 * MIB)]);
            for (int step = 0; step < STEPS + 2; step++) {
                device.step(() -> Tensor.of(device, DataType.UINT8, Shape.of(batch.byteSize()), batch).close());
            }
            device.backend().synchronize();
            List<Integer> nodes = gpu.launches().stream().filter(Launch.Graph.class::isInstance)
                    .map(launch -> ((Launch.Graph) launch).nodes()).toList();
            assertEquals(List.of(4, 4, 4, 4, 4), nodes);
        }
    }
}
