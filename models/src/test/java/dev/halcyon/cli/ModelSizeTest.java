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
import org.junit.jupiter.params.provider.CsvSource;
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

    /** Parameters as torchvision counts them; multiply-adds as its documentation gives them. */
    @ParameterizedTest
    @CsvSource({"resnet18, 11_689_512, 1.81", "resnet34, 21_797_672, 3.66", "resnet50, 25_557_032, 4.09",
        "mobilenetv2, 3_504_872, 0.30"})
    void publishedCountsAreFound(String name, String parameters, double giga) {
        Architecture architecture = Models.find(name);
        ModelSize size = ModelSize.of(architecture, architecture.typicalInput(), 1000);
        assertEquals(Long.parseLong(parameters.replace("_", "")), size.parameters());
        assertEquals(giga, size.multiplyAdds() / 1e9, 0.005);
    }

    /** Summed by hand: 9,217,728 in convolutions without biases, 5,504 in norms, 5,130 in the linear layer. */
    @Test
    void vgg11OfSmallImagesHasItsCount() {
        Architecture architecture = Models.find("vgg11");
        assertEquals(9_217_728 + 5_504 + 5_130,
                ModelSize.of(architecture, architecture.typicalInput(), 10).parameters());
    }

    @Test
    void shapesCannotBeRead() {
        try (Device device = Device.shapes(); Tensor tensor = Tensor.zeros(device, DataType.FLOAT32, Shape.of(2))) {
            assertThrows(UnsupportedOperationException.class, tensor::toFloats);
        }
    }
}
