package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.autograd.Tape;
import dev.halcyon.device.Device;
import dev.halcyon.loss.Losses;
import dev.halcyon.nn.Model;
import dev.halcyon.optim.Optimizer;
import dev.halcyon.optim.Sgd;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Training holds what it needs and no more, and gives everything back. */
class TrainingMemoryTest {
    private static final int STEPS = 1000;
    private static final int WARM = 200;

    @Test
    @EnabledOnOs(OS.LINUX)
    void aThousandStepsUseWhatOneUses() throws IOException {
        try (Device device = Device.open("cpu"); Model model = TrainingRuns.model(device);
                Optimizer optimizer = Sgd.momentum(0.9).on(model.network().parameters());
                Tensor images = Tensor.full(device, DataType.FLOAT32, Shape.of(8, 12, 12, 3), 0.5);
                Tensor labels = Tensor.of(device, Shape.of(8), 0, 1, 2, 0, 1, 2, 0, 1L)) {
            long before = device.memory().inUse();
            long pooled = 0;
            long resident = 0;
            for (int i = 0; i < STEPS; i++) {
                try (Tape tape = device.record()) {
                    tape.backward(Losses.crossEntropy(model.forward(images), labels));
                    optimizer.step(0.001);
                }
                assertEquals(before, device.memory().inUse(), "bytes in use after step " + i);
                if (i == 0) {
                    pooled = device.memory().pooled();
                } else {
                    assertEquals(pooled, device.memory().pooled(), "bytes pooled after step " + i);
                }
                if (i == WARM) {
                    resident = nativeMebibytes();
                }
            }
            long grown = nativeMebibytes() - resident;
            assertTrue(grown < 64, "the process grew by " + grown + " MiB");
        }
    }

    @Test
    void closingADeviceEndsItsThreads() {
        Set<String> before = halcyonThreads();
        try (Device device = Device.open("cpu")) {
            Tensor.zeros(device, DataType.FLOAT32, Shape.of(1 << 20));
        }
        assertEquals(before, halcyonThreads());
    }

    @Test
    void tensorsThatNobodyClosesComeBack() {
        try (Device device = Device.open("cpu")) {
            for (int i = 0; i < 50; i++) {
                Tensor.zeros(device, DataType.FLOAT32, Shape.of(1 << 16));
            }
            for (int tries = 0; tries < 100 && device.memory().inUse() > 0; tries++) {
                System.gc();
                Thread.onSpinWait();
            }
            assertEquals(0, device.memory().inUse());
        }
    }

    private static Set<String> halcyonThreads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.startsWith("halcyon")).collect(Collectors.toSet());
    }

    /** Resident memory less the Java heap, which the collector lets grow as it likes. */
    private static long nativeMebibytes() throws IOException {
        long resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:")).findFirst()
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10).orElseThrow();
        return resident - (Runtime.getRuntime().totalMemory() >> 20);
    }
}
