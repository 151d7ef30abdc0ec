package dev.halcyon.cli;

import com.google.gson.JsonObject;
import dev.halcyon.autograd.Tape;
import dev.halcyon.device.Device;
import dev.halcyon.loss.Losses;
import dev.halcyon.models.Architecture;
import dev.halcyon.models.Models;
import dev.halcyon.nn.Model;
import dev.halcyon.optim.Optimizer;
import dev.halcyon.optim.Sgd;
import dev.halcyon.random.RandomStream;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import dev.halcyon.text.Suggestion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Times whole steps on fixed synthetic images. */
@Command(name = "bench",
        description = "Times training steps (forward, loss, backward, update), inference or one operation, on synthetic"
                + " images.")
final class BenchCommand implements Callable<Integer> {
    private static final List<String> KINDS = List.of("train", "infer", "op");
    private static final double RATE = 0.01;

    @Parameters(paramLabel = "train|infer|op", description = "What to time.")
    private String kind;

    @Option(names = "--model", paramLabel = "NAME", defaultValue = "convnet",
            description = "The network (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(names = "--batch-size", paramLabel = "N", converter = AtLeastOne.class, defaultValue = "128",
            description = "Images per step (default: ${DEFAULT-VALUE}).")
    private int batchSize;

    @Option(names = "--steps", paramLabel = "N", converter = AtLeastOne.class, defaultValue = "20",
            description = "Steps to time (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--warmup", paramLabel = "N", defaultValue = "5",
            description = "Steps before that (default: ${DEFAULT-VALUE}).")
    private int warmup;

    @Option(names = "--image-size", paramLabel = "HxW", converter = ImageSize.Converter.class,
            description = "Size of the images (default: what the network is usually given).")
    private ImageSize size;

    @Option(names = "--channels", paramLabel = "N", converter = AtLeastOne.class,
            description = "Channels of the images (default: what the network is usually given).")
    private Integer channels;

    @Option(names = "--classes", paramLabel = "N", converter = AtLeastOne.class, defaultValue = "10",
            description = "Classes to tell apart (default: ${DEFAULT-VALUE}).")
    private int classes;

    @Option(names = "--breakdown", description = "Then run as many steps again and list where their time goes.")
    private boolean breakdown;

    @Mixin
    private OperationOptions operation;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    private final Breakdown operations = new Breakdown();

    @Override
    public Integer call() {
        if (!KINDS.contains(kind)) {
            throw new IllegalArgumentException("unknown benchmark '" + kind + "'" + Suggestion.among(kind, KINDS));
        }
        if (warmup < 0) {
            throw new IllegalArgumentException("--warmup: expected at least 0, found " + warmup);
        }
        if (kind.equals("op")) {
            operation();
            return 0;
        }
        Architecture architecture = Models.find(name);
        Model.Input usual = architecture.typicalInput();
        Model.Input input = new Model.Input(size == null ? usual.height() : size.height(),
                size == null ? usual.width() : size.width(),
                Models.usualNormalization(channels == null ? usual.channels() : channels));
        List<String> names = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
        try (Device device = common.open(); Model model = Models.create(name, input, names, device, 0)) {
            double[] milliseconds = kind.equals("train") ? train(model) : infer(model);
            report(model, ModelSize.of(architecture, input, classes), milliseconds);
        }
        return 0;
    }

    private void operation() {
        try (Device device = common.open()) {
            OperationBench.Result result = new OperationBench(device, operation).run(steps);
            spec.commandLine().getOut().println(common.json()
                    ? Json.text(result.json(device, common.threads()))
                    : result.line(device, common.threads()));
        }
    }

    private Tensor images(Model model) {
        Model.Input input = model.input();
        long count = (long) batchSize * input.height() * input.width() * input.channels();
        if (count > Integer.MAX_VALUE - Long.BYTES) {
            throw new IllegalArgumentException("--batch-size: expected a batch of fewer than 2^31 values, found "
                    + batchSize + " images of " + input);
        }
        float[] values = new float[(int) count];
        RandomStream random = RandomStream.of(0, RandomStream.stream("bench"));
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return Tensor.of(model.device(), Shape.of(batchSize, input.height(), input.width(), input.channels()), values);
    }

    private double[] train(Model model) {
        long[] truth = IntStream.range(0, batchSize).mapToLong(i -> i % classes).toArray();
        try (Optimizer optimizer = Sgd.momentum(0.9).weightDecay(5e-4).on(model.network().parameters());
                Tensor images = images(model); Tensor labels = Tensor.of(model.device(), Shape.of(batchSize), truth)) {
            return time(model.device(), () -> {
                try (Tape tape = model.device().record()) {
                    Tensor loss = Losses.crossEntropy(model.forward(images), labels);
                    tape.backward(loss);
                    optimizer.step(RATE);
                    loss.item();
                }
            });
        }
    }

    private double[] infer(Model model) {
        model.network().training(false);
        try (Tensor images = images(model)) {
            return time(model.device(), () -> {
                try (Scope _ = Scope.open()) {
                    model.forward(images).toFloats();
                }
            });
        }
    }

    private double[] time(Device device, Runnable step) {
        double[] milliseconds = new double[steps];
        for (int i = -warmup; i < steps; i++) {
            long start = System.nanoTime();
            step.run();
            if (i >= 0) {
                milliseconds[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        if (breakdown) {
            device.observe(operations);
            for (int i = 0; i < steps; i++) {
                step.run();
            }
            device.observe(null);
        }
        Arrays.sort(milliseconds);
        return milliseconds;
    }

    private void report(Model model, ModelSize modelSize, double[] sorted) {
        double median = sorted[sorted.length / 2];
        int passes = kind.equals("train") ? 3 : 1;
        double gflops = 2e-9 * passes * modelSize.multiplyAdds() * batchSize / (median / 1e3);
        JsonObject json = new JsonObject();
        json.addProperty("model", name);
        json.addProperty("device", model.device().name());
        json.addProperty("precision", common.precision().toString());
        json.addProperty("batch_size", batchSize);
        json.addProperty("threads", common.threads());
        json.addProperty("steps", steps);
        json.addProperty("warmup", warmup);
        json.addProperty("median_ms", Json.rounded(median));
        json.addProperty("min_ms", Json.rounded(sorted[0]));
        json.addProperty("images_per_s", Json.rounded(batchSize / median * 1e3));
        json.addProperty("gflops_per_s", Json.rounded(gflops));
        json.addProperty("parameters", modelSize.parameters());
        json.addProperty("peak_rss_mib", ProcessMemory.peakMebibytes());
        if (breakdown) {
            json.add("breakdown", operations.json(steps));
        }
        spec.commandLine().getOut().println(common.json() ? Json.text(json)
                : String.format(Locale.ROOT, "%s %s, batch %d, %d threads on %s: median %.3f ms, minimum %.3f ms, %.0f"
                        + " images/s, %.1f GFLOP/s, %d MiB resident at most", kind, name, batchSize, common.threads(),
                        model.device().name(), median, sorted[0], batchSize / median * 1e3, gflops,
                        ProcessMemory.peakMebibytes()));
        if (breakdown && !common.json()) {
            spec.commandLine().getOut().println(operations.table(steps).stripTrailing());
        }
    }
}
