package dev.halcyon.it.gpu;

import dev.halcyon.autograd.Tape;
import dev.halcyon.data.HostBatch;
import dev.halcyon.device.Device;
import dev.halcyon.device.DeviceOptions;
import dev.halcyon.device.OperationListener.Operation;
import dev.halcyon.device.Precision;
import dev.halcyon.emulator.driver.EmulatedGpu;
import dev.halcyon.emulator.driver.Launch;
import dev.halcyon.loss.Losses;
import dev.halcyon.models.Models;
import dev.halcyon.nn.Model;
import dev.halcyon.optim.Optimizer;
import dev.halcyon.optim.Sgd;
import dev.halcyon.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A network that is trained on an emulated GPU, as a trainer does it, step by step. */
final class Training implements AutoCloseable {
    private static final double RATE = 0.1;

    private final EmulatedGpu gpu;
    private final Device device;
    private final Model model;
    private final Optimizer optimizer;
    private final HostBatch batch;

    /**
     * An operation and what it made the device do.
     *
     * @param operation as the device told it
     * @param launches in their order
     */
    record Step(Operation operation, List<Launch> launches) {
    }

    /** @param images of a batch */
    Training(EmulatedGpu gpu, String network, int extent, int classes, int images, Precision precision) {
        this.gpu = gpu;
        device = Device.open("cuda", DeviceOptions.DEFAULT.withPrecision(precision));
        model = Models.create(network, new Model.Input(extent, extent, Models.usualNormalization(3)),
                IntStream.range(0, classes).mapToObj(Integer::toString).toList(), device, 0);
        optimizer = Sgd.momentum(0.9).nesterov().weightDecay(5e-4).decayWeightsOnly().on(model.network().parameters());
        batch = new HostBatch(images, extent, extent, 3, MemorySegment.ofArray(new byte[images * extent * extent * 3]),
                new int[3 * images], new long[images]);
    }

    /** What the device does in a step that is submitted as a whole: the third, since the first ones load kernels. */
    List<Launch> submitted() {
        for (int i = 0; i < 3; i++) {
            device.backend().synchronize();
            gpu.forgetLaunches();
            device.step(this::learn);
        }
        device.backend().synchronize();
        return gpu.launches();
    }

    /** The operations of a step, each carried out by itself. */
    List<Step> operations() {
        List<Step> steps = new ArrayList<>();
        gpu.forgetLaunches();
        device.observe(operation -> {
            steps.add(new Step(operation, gpu.launches()));
            gpu.forgetLaunches();
        });
        learn();
        device.observe(null);
        return steps;
    }

    private void learn() {
        try (Tape tape = device.record()) {
            Tensor loss = Losses.crossEntropy(0).of(model.forward(model.prepare(batch)), model.labels(batch));
            tape.backward(loss);
            optimizer.step(RATE);
        }
    }

    @Override
    public void close() {
        optimizer.close();
        model.close();
        device.close();
    }
}
