package dev.halcyon.cli;

import dev.halcyon.device.Device;
import dev.halcyon.models.Architecture;
import dev.halcyon.nn.Convolution;
import dev.halcyon.nn.Linear;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Module;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;

/**
 * How large a network is.
 *
 * @param parameters learned values
 * @param multiplyAdds of its convolutions and linear layers, for one image forward
 */
record ModelSize(long parameters, long multiplyAdds) {
    /** Counted by the shapes of one image on its way through the network. */
    static ModelSize of(Architecture architecture, Model.Input input, int classes) {
        try (Device device = Device.shapes(); Module network = architecture.factory().describe(input, classes)) {
            network.allocate(device);
            return of(network, device, input);
        }
    }

    /** The size of a network whose parameters are on that device. */
    static ModelSize of(Module network, Device device, Model.Input input) {
        long[] multiplyAdds = new long[1];
        boolean training = network.isTraining();
        network.training(false).listen((module, x, y) -> multiplyAdds[0] += cost(module, x, y));
        try (Scope _ = Scope.open()) {
            network.forward(Tensor.zeros(device, DataType.FLOAT32,
                    Shape.of(1, input.height(), input.width(), input.channels())));
        } finally {
            network.training(training).listen(null);
        }
        return new ModelSize(network.parameterCount(), multiplyAdds[0]);
    }

    private static long cost(Module module, Tensor x, Tensor y) {
        return switch (module) {
            case Linear _ -> x.shape().extent(-1) * y.shape().elements();
            case Convolution convolution -> convolution.geometry().multiplyAdds(x.shape(),
                    convolution.parameters().getFirst().shape());
            default -> 0;
        };
    }
}
