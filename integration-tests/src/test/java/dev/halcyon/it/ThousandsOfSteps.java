package dev.halcyon.it;

import dev.halcyon.autograd.Tape;
import dev.halcyon.device.Device;
import dev.halcyon.device.MemoryStatistics;
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

/** A process of its own that takes thousands of steps and prints by how many MiB it grew once it was warm. */
final class ThousandsOfSteps {
    /** Until the last method is compiled: the compilers' own memory comes and goes before. */
    private static final int WARM = 4000;

    private static final int STEPS = 2 * WARM;

    private ThousandsOfSteps() {
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        try (Device device = Device.open("cpu");
                Model model = TrainingRuns.model(device);
                Optimizer optimizer = Sgd.momentum(0.9).on(model.network().parameters());
                Tensor images = Tensor.full(device, DataType.FLOAT32, Shape.of(8, 12, 12, 3), 0.5);
                Tensor labels = Tensor.of(device, Shape.of(8), 0, 1, 2, 0, 1, 2, 0, 1L)) {
            long before = device.memory().inUse();
            long pooled = -1;
            long resident = 0;
            for (int i = 0; i < STEPS; i++) {
                try (Tape tape = device.record()) {
                    tape.backward(Losses.crossEntropy(model.forward(images), labels));
                    optimizer.step(0.001);
                }
                MemoryStatistics memory = device.memory();
                pooled = i == 0 ? memory.pooled() : pooled;
                if (memory.inUse() != before || memory.pooled() != pooled) {
                    throw new IllegalStateException("after step " + i + ": expected " + before + " bytes in use and "
                            + pooled + " pooled, found " + memory);
                }
                resident = i == WARM ? residentMebibytes() : resident;
            }
            System.out.println(residentMebibytes() - resident);
        }
    }

    private static long residentMebibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS:"))
                .findFirst().map(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10).orElseThrow();
    }
}
