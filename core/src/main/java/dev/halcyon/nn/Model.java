package dev.halcyon.nn;

import dev.halcyon.autograd.ops.Elementwise;
import dev.halcyon.autograd.ops.RoundedParameters;
import dev.halcyon.data.HostBatch;
import dev.halcyon.device.Device;
import dev.halcyon.device.NormalizeImages;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.ShapeException;
import dev.halcyon.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * An image classifier: a network on a device, with what it needs to know of the images it reads and the names of the
 * classes it tells apart. Closing it releases its parameters.
 */
public final class Model implements AutoCloseable {
    private final String architecture;
    private final Module network;
    private final Input input;
    private final List<String> classes;
    private final Device device;

    /**
     * The images that a model reads.
     *
     * @param height rows
     * @param width columns
     * @param normalization mean and deviation per channel
     */
    public record Input(int height, int width, NormalizeImages normalization) {
        /** The largest extent of what counts as a small image: larger ones are worth making smaller first. */
        public static final int LARGEST_SMALL_EXTENT = 64;

        /** Whether neither extent is above {@link #LARGEST_SMALL_EXTENT}. */
        public boolean isSmall() {
            return Math.max(height, width) <= LARGEST_SMALL_EXTENT;
        }

        /** Channels of an image. */
        public int channels() {
            return normalization.mean().length;
        }

        /** Height, width and channels: {@code 32x32x3}. */
        @Override
        public String toString() {
            return height + "x" + width + "x" + channels();
        }
    }

    /**
     * A model whose network has been initialised on the device.
     *
     * @param architecture the name by which the network is made again
     * @param classes names of the outputs, in their order
     */
    public Model(String architecture, Module network, Input input, List<String> classes, Device device) {
        this.architecture = architecture;
        this.network = network;
        this.input = input;
        this.classes = List.copyOf(classes);
        this.device = device;
    }

    /** The name by which the network is made. */
    public String architecture() {
        return architecture;
    }

    /** The network. */
    public Module network() {
        return network;
    }

    /** The images it reads. */
    public Input input() {
        return input;
    }

    /** Names of the outputs, in their order. */
    public List<String> classes() {
        return classes;
    }

    /** Where it runs. */
    public Device device() {
        return device;
    }

    /**
     * Logits of images. Between the two the network computes in the device's precision.
     *
     * @param images normalised floats [n, h, w, c], from {@link #prepare}
     * @return float32 [n, classes]
     */
    public Tensor forward(Tensor images) {
        DataType activations = device.precision().activations();
        List<Tensor> weights = network.parameters().stream()
                .filter(parameter -> parameter.role() == Parameter.Role.WEIGHT).map(Parameter::tensor).toList();
        try (RoundedParameters _ = RoundedParameters.of(weights, activations)) {
            Tensor logits = network.forward(
                    images.type() == activations ? images : Elementwise.cast(images, activations));
            return logits.type() == DataType.FLOAT32 ? logits : Elementwise.cast(logits, DataType.FLOAT32);
        }
    }

    /**
     * Brings a batch to the device and turns its pixels into what the network reads: cut, mirrored, normalised.
     *
     * @return [n, h, w, c] of the type of the device's activations
     * @throws ShapeException if the images have another size than the model's input
     */
    public Tensor prepare(HostBatch batch) {
        if (batch.height() != input.height() || batch.width() != input.width()
                || batch.channels() != input.channels()) {
            throw new ShapeException("model " + architecture, "images of " + input,
                    batch.height() + "x" + batch.width() + "x" + batch.channels());
        }
        Shape shape = Shape.of(batch.size(), input.height(), input.width(), input.channels());
        try (Tensor pixels = Tensor.of(device, DataType.UINT8, shape, batch.images());
                Tensor placements = Tensor.of(device, DataType.INT32, Shape.of(batch.size(), 3),
                        MemorySegment.ofArray(batch.placements()))) {
            Tensor images = Tensor.empty(device, device.precision().activations(), shape);
            device.backend().normalizeImages(input.normalization(), pixels.view(), placements.view(), images.view());
            return images;
        }
    }

    /** A batch's labels on the device: int64 [n]. */
    public Tensor labels(HostBatch batch) {
        return Tensor.of(device, Shape.of(batch.size()), batch.labels());
    }

    /** Releases the parameters. */
    @Override
    public void close() {
        network.close();
    }

    @Override
    public String toString() {
        return architecture + " for " + input + " and " + classes.size() + " classes on " + device;
    }
}
