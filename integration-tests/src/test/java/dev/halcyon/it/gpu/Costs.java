package dev.halcyon.it.gpu;

import dev.halcyon.emulator.driver.Launch;

/** Costs of launches, by formulas of their arguments. */
final class Costs {
    private Costs() {
    }

    /**
     * What a launch costs.
     *
     * @param elementBytes of the tensors that convolutions multiply, which the names of their kernels do not tell
     */
    static Cost of(Launch launch, int elementBytes) {
        return switch (launch) {
            case Launch.Product product -> ProductCosts.cublas(product);
            case Launch.Copy copy -> switch (copy.direction()) {
                case TO_DEVICE -> Cost.moving(0, copy.bytes());
                case TO_HOST -> Cost.moving(copy.bytes(), 0);
                case ON_DEVICE, BETWEEN_DEVICES, BY_WAY_OF_HOST -> Cost.moving(copy.bytes(), copy.bytes());
            };
            case Launch.Graph _ -> Cost.NONE; // its nodes are launches of their own
            case Launch.Fill fill -> Cost.moving(0, fill.bytes());
            case Launch.Kernel kernel -> switch (kernel.kernel().split("_")[0]) {
                case "forward", "inputGradient", "weightGradient" -> ProductCosts.pass(kernel, elementBytes);
                case "addSlices" -> ProductCosts.addSlices(kernel);
                case "pad" -> ProductCosts.pad(kernel, elementBytes);
                default -> PassCosts.of(kernel);
            };
        };
    }
}
