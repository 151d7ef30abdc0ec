package dev.halcyon.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Device;
import dev.halcyon.nn.BatchNorm2d;
import dev.halcyon.nn.Convolution;
import dev.halcyon.nn.Linear;
import dev.halcyon.nn.Module;
import dev.halcyon.nn.Sequential;
import dev.halcyon.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
    @TempDir
    private Path folder;

    private static Module network(Device device, int channels, long seed) {
        Module network = new Sequential(new Convolution(2, channels, 3, Conv2d.of(1, 1)), new BatchNorm2d(channels),
                new Linear(5, 4));
        network.initialize(device, seed);
        return network;
    }

    @Test
    void filesHavePytorchsNamesAndLayouts() throws IOException {
        try (Device device = Device.open("reference")) {
            Module network = network(device, 3, 1);
            Path file = folder.resolve("w.safetensors");
            Weights.save(file, network, Map.of());
            try (SafeTensors read = SafeTensors.open(file)) {
                assertEquals(Shape.of(3, 2, 3, 3), read.entries().get("0.weight").shape());
                assertEquals(Shape.of(4, 5), read.entries().get("2.weight").shape());
                float[] memory = network.parameters().getFirst().tensor().toFloats();
                float[] disk = read.entries().get("0.weight").data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
                int out = 2;
                int in = 1;
                int row = 2;
                int column = 0;
                assertEquals(memory[((row * 3 + column) * 2 + in) * 3 + out],
                        disk[((out * 2 + in) * 3 + row) * 3 + column]);
                Module other = network(device, 3, 2);
                Weights.load(read, other);
                for (int i = 0; i < network.parameters().size(); i++) {
                    assertArrayEquals(network.parameters().get(i).tensor().toFloats(),
                            other.parameters().get(i).tensor().toFloats());
                }
            }
        }
    }

    @Test
    void whatDoesNotFitIsNamedAndNothingIsLoaded() throws IOException {
        try (Device device = Device.open("reference")) {
            Path file = folder.resolve("w.safetensors");
            Weights.save(file, network(device, 3, 1), Map.of());
            Module wider = network(device, 4, 2);
            float[] before = wider.parameters().getLast().tensor().toFloats();
            try (SafeTensors read = SafeTensors.open(file)) {
                FormatException refusal = assertThrows(FormatException.class, () -> Weights.load(read, wider));
                assertTrue(
                        refusal.getMessage().contains("0.weight (expected [4, 2, 3, 3], found FLOAT32 [3, 2, 3, 3])"),
                        refusal.getMessage());
                Module longer = new Sequential(new Linear(5, 4));
                longer.initialize(device, 0);
                FormatException missing = assertThrows(FormatException.class, () -> Weights.load(read, longer));
                assertTrue(missing.getMessage().contains("0.bias"), missing.getMessage());
            }
            assertArrayEquals(before, wider.parameters().getLast().tensor().toFloats());
        }
    }
}
