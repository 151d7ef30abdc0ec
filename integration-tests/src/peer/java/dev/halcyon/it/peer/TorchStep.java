package dev.halcyon.it.peer;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.randint;
import static org.bytedeco.pytorch.global.torch.randn;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** A process that times a network's steps in libtorch, as {@code halcyon bench} does with Halcyon's. */
final class TorchStep {
    private static final double RATE = 0.01;

    private TorchStep() {
    }

    /** Arguments: train or infer, network, extent, channels, classes, batch, warm-up, steps, threads, channels last. */
    public static void main(String[] arguments) throws IOException {
        boolean training = arguments[0].equals("train");
        int extent = Integer.parseInt(arguments[2]);
        int channels = Integer.parseInt(arguments[3]);
        int classes = Integer.parseInt(arguments[4]);
        int batch = Integer.parseInt(arguments[5]);
        set_num_threads(Integer.parseInt(arguments[8]));
        manual_seed(1);
        TorchLayers layers = TorchLayers.random(Boolean.parseBoolean(arguments[9]), training);
        TorchLayers.Layer network = TorchNetworks.of(arguments[1], layers, extent, classes);
        Tensor images = layers.ordered(randn(batch, channels, extent, extent));
        Runnable step = training
                ? training(layers, network, images, randint(classes, new long[] {batch}).to(torch.ScalarType.Long))
                : () -> infer(network, images);
        double median = median(step, Integer.parseInt(arguments[6]), Integer.parseInt(arguments[7]));
        JsonObject json = new JsonObject();
        json.addProperty("median_ms", median);
        json.addProperty("parameters", layers.parameters());
        json.addProperty("peak_rss_mib", peakMebibytes());
        System.out.println(json);
    }

    private static Runnable training(TorchLayers layers, TorchLayers.Layer network, Tensor images, Tensor labels) {
        SGDOptions options = new SGDOptions(RATE);
        options.momentum().put(0.9);
        options.weight_decay().put(5e-4);
        SGD optimizer = new SGD(new TensorVector(layers.learned().toArray(Tensor[]::new)), options);
        return () -> {
            try (PointerScope _ = new PointerScope()) {
                optimizer.zero_grad();
                Tensor loss = cross_entropy_loss(network.apply(images), labels);
                loss.backward();
                optimizer.step();
                loss.item_double();
            }
        };
    }

    private static void infer(TorchLayers.Layer network, Tensor images) {
        try (PointerScope _ = new PointerScope(); NoGradGuard _ = new NoGradGuard()) {
            Tensor logits = network.apply(images).contiguous();
            new FloatPointer(logits.data_ptr_float()).get(new float[Math.toIntExact(logits.numel())]);
        }
    }

    private static double median(Runnable step, int warmup, int steps) {
        double[] milliseconds = new double[steps];
        for (int i = -warmup; i < steps; i++) {
            long start = System.nanoTime();
            step.run();
            if (i >= 0) {
                milliseconds[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(milliseconds);
        return milliseconds[steps / 2];
    }

    private static long peakMebibytes() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10).findFirst().orElseThrow();
        }
    }
}
