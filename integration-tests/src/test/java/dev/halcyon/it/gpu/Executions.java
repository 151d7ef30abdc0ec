package dev.halcyon.it.gpu;

import dev.halcyon.device.Device;
import dev.halcyon.device.DeviceOptions;
import dev.halcyon.device.OperationListener.Operation;
import dev.halcyon.device.Precision;
import dev.halcyon.emulator.driver.EmulatedGpu;
import dev.halcyon.emulator.driver.Launch;
import dev.halcyon.emulator.driver.Settings;
import dev.halcyon.tensor.DataType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every kernel that ships, executed on shapes of networks by emulated GPUs, one for each target. */
final class Executions {
    private final ShippedKernels shipped = ShippedKernels.read();
    /** Of operations of training steps, by the kernels for compute_80. */
    private final List<ExecutedLaunch> steps = new ArrayList<>();
    private final List<ExecutedLaunch> others = new ArrayList<>();

    /** Skips the test where there is no emulated GPU. */
    static Executions run() throws IOException {
        Executions executions = new Executions();
        try (EmulatedGpu gpu = EmulatedGpu.startOrSkip(Settings.standard())) {
            executions.newer(gpu);
        }
        try (EmulatedGpu gpu = EmulatedGpu.start(Settings.standard().withCapability(75))) {
            executions.older(gpu);
        }
        return executions;
    }

    private Executions() throws IOException {
    }

    private void newer(EmulatedGpu gpu) {
        for (Precision precision : Precision.values()) {
            try (Device device = Device.open("cuda", DeviceOptions.DEFAULT.withPrecision(precision))) {
                Tensors tensors = new Tensors(device, precision.activations());
                observe(gpu, tensors, launch -> Costs.of(launch, tensors.type().bytes()), precision, steps);
                new MainShapes(tensors).convolutions();
                if (precision != Precision.TF32) { // that has no tensors of its own
                    new MainShapes(tensors).passes();
                    observe(gpu, tensors, _ -> Cost.NONE, precision, others);
                    executeOthers(tensors);
                }
                if (precision == Precision.BF16) {
                    new MainShapes(new Tensors(device, DataType.FLOAT32)).convolutions();
                }
            }
        }
    }

    /** Where float32 is the only precision, but there may be bfloat16 tensors. */
    private void older(EmulatedGpu gpu) {
        try (Device device = Device.open("cuda")) {
            for (DataType type : List.of(DataType.FLOAT32, DataType.BFLOAT16)) {
                Tensors tensors = new Tensors(device, type);
                observe(gpu, tensors, _ -> Cost.NONE, Precision.FP32, others);
                new MainShapes(tensors).convolutions();
                new MainShapes(tensors).passes();
                executeOthers(tensors);
            }
        }
    }

    private static void executeOthers(Tensors tensors) {
        new ElementShapes(tensors).run();
        new ImageShapes(tensors).run();
        new RowShapes(tensors).run();
        if (tensors.type() == DataType.FLOAT32) {
            new MoveShapes(tensors).run();
            new OptimizerShapes(tensors).run();
        }
    }

    private void observe(EmulatedGpu gpu, Tensors tensors, Function<Launch.Kernel, Cost> cost, Precision precision,
            List<ExecutedLaunch> launches) {
        gpu.forgetLaunches();
        tensors.device().observe(operation -> {
            for (Launch launch : gpu.launches()) {
                if (launch instanceof Launch.Kernel kernel && !preparesShapes(operation)) {
                    launches.add(new ExecutedLaunch(operation, precision, shipped.of(kernel), kernel,
                            cost.apply(kernel)));
                }
            }
            gpu.forgetLaunches();
        });
    }

    /** Tensors are set to zero before they are used. */
    private static boolean preparesShapes(Operation operation) {
        return operation.name().equals("fill") && operation.shapes().getFirst().elements() > 1;
    }

    /** What the steps of training are made of, with the cost of each by formula. */
    List<ExecutedLaunch> ofSteps() {
        return steps;
    }

    List<ExecutedLaunch> all() {
        return Stream.concat(steps.stream(), others.stream()).toList();
    }

    /** Kernels that ship and were not executed. */
    Set<ShippedKernel> missing() {
        Set<ShippedKernel> missing = new TreeSet<>(shipped.all());
        missing.removeAll(all().stream().map(ExecutedLaunch::kernel).collect(Collectors.toSet()));
        return missing;
    }
}
