package dev.halcyon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.device.Device;
import dev.halcyon.models.Architecture;
import dev.halcyon.models.Models;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Module;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSizeTest {
    @ParameterizedTest
    @ValueSource(strings = {"lenet", "convnet", "resnet20"})
    void shapesGiveTheCountOfAnImageThatIsComputed(String name) {
        Architecture architecture = Models.find(name);
        Model.Input input = architecture.typicalInput();
        try (Device device = Device.open("cpu"); Module network = architecture.factory().describe(input, 7)) {
            network.initialize(device, 0);
            assertEquals(ModelSize.of(network, device, input), ModelSize.of(architecture, input, 7));
        }
    }

    /** Parameters as torchvision counts them; multiply-adds as its documentation gives them, 1.81 and 3.66 G. */
    @Test
    void publishedCountsAreFound() {
        ModelSize resnet18 = ModelSize.of(Models.find("resnet18"), Models.find("resnet18").typicalInput(), 1000);
        assertEquals(11_689_512, resnet18.parameters());
        assertEquals(1.81, resnet18.multiplyAdds() / 1e9, 0.005);
        ModelSize resnet34 = ModelSize.of(Models.find("resnet34"), Models.find("resnet34").typicalInput(), 1000);
        assertEquals(21_797_672, resnet34.parameters());
        assertEquals(3.66, resnet34.multiplyAdds() / 1e9, 0.005);
    }

    @Test
    void shapesCannotBeRead() {
        try (Device device = Device.shapes(); Tensor tensor = Tensor.zeros(device, DataType.FLOAT32, Shape.of(2))) {
            assertThrows(UnsupportedOperationException.class, tensor::toFloats);
        }
    }
}
