package dev.halcyon.it;

import dev.halcyon.data.Dataset;
import dev.halcyon.data.HorizontalFlip;
import dev.halcyon.data.Image;
import dev.halcyon.data.RandomCrop;
import dev.halcyon.data.Splits;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Device;
import dev.halcyon.device.DeviceOptions;
import dev.halcyon.device.Unary;
import dev.halcyon.models.Models;
import dev.halcyon.nn.Activation;
import dev.halcyon.nn.BatchNorm2d;
import dev.halcyon.nn.Convolution;
import dev.halcyon.nn.Dropout;
import dev.halcyon.nn.Flatten;
import dev.halcyon.nn.Linear;
import dev.halcyon.nn.MaxPool;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Module;
import dev.halcyon.nn.Sequential;
import dev.halcyon.optim.Schedule;
import dev.halcyon.random.RandomStream;
import dev.halcyon.train.Trainer;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;

/** A short training run with everything in it that draws numbers, and a checksum of what came out. */
final class TrainingRuns {
    static final int BATCH = 20;
    private static final int EXTENT = 12;
    private static final List<String> CLASSES = List.of("red", "green", "blue");

    private TrainingRuns() {
    }

    /** Trains from scratch on the CPU and returns the checksum of the final weights. */
    static String train(int threads, Path folder, UnaryOperator<Trainer> settings) {
        return train("cpu", threads, folder, settings);
    }

    /** Trains from scratch and returns the checksum of the final weights. */
    static String train(String kind, int threads, Path folder, UnaryOperator<Trainer> settings) {
        try (Device device = Device.open(kind, DeviceOptions.DEFAULT.withThreads(threads));
                Model model = model(device)) {
            Trainer trainer = Trainer.of(model).epochs(3).batchSize(BATCH).seed(7).schedule(Schedule.oneCycle(0.05))
                    .augment(RandomCrop.padding(2), HorizontalFlip.random()).folder(folder);
            settings.apply(trainer).fit(Splits.of(new Noise(260)));
            return checksum(model);
        }
    }

    static Model model(Device device) {
        Module network = new Sequential(new Convolution(3, 20, 3, Conv2d.of(1, 1)), new BatchNorm2d(20, Unary.RELU),
                new MaxPool(2), Convolution.withBias(20, 24, 3, Conv2d.of(2, 1)), new Activation(Unary.GELU),
                new Flatten(), new Dropout(0.3), new Linear(24 * 3 * 3, 3));
        network.initialize(device, 3);
        Model.Input input = new Model.Input(EXTENT, EXTENT, Models.usualNormalization(3));
        return new Model("test", network, input, CLASSES, device);
    }

    private static String checksum(Model model) {
        TreeMap<String, String> sums = new TreeMap<>();
        model.network().parameters().forEach(parameter -> {
            CRC32C crc = new CRC32C();
            for (float value : parameter.tensor().toFloats()) {
                crc.update(Float.floatToRawIntBits(value) & 0xff);
                crc.update(Float.floatToRawIntBits(value) >>> 8 & 0xff);
                crc.update(Float.floatToRawIntBits(value) >>> 16 & 0xff);
                crc.update(Float.floatToRawIntBits(value) >>> 24);
            }
            sums.put(parameter.name(), Long.toHexString(crc.getValue()));
        });
        return sums.toString();
    }

    /** Noise with a tint by class. */
    record Noise(int size) implements Dataset {
        @Override
        public List<String> classes() {
            return CLASSES;
        }

        @Override
        public int label(int index) {
            return index % CLASSES.size();
        }

        @Override
        public Image image(int index) {
            RandomStream random = RandomStream.of(5, index);
            byte[] pixels = new byte[EXTENT * EXTENT * 3];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (byte) (random.nextInt(150) + (i % 3 == label(index) ? 60 : 0));
            }
            return new Image(EXTENT, EXTENT, 3, pixels);
        }

        @Override
        public String name(int index) {
            return "noise[" + index + "]";
        }
    }
}
