package dev.halcyon.cli;

import com.google.gson.JsonObject;
import dev.halcyon.device.Backend;
import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Binary;
import dev.halcyon.device.Device;
import dev.halcyon.device.Gemm;
import dev.halcyon.device.OperationListener.Operation;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.random.RandomStream;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import dev.halcyon.text.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Times one operation on random numbers. */
final class OperationBench {
    private static final List<String> OPERATIONS = List.of("conv2d", "conv2dInputGradient", "conv2dWeightGradient",
            "gemm", "maxPool", "maxPoolGradient", "averagePool", "batchNorm", "batchNormGradient", "relu", "add",
            "softmax");
    private static final double WARM_SECONDS = 0.5;

    private final Device device;
    private final OperationOptions options;

    OperationBench(Device device, OperationOptions options) {
        this.device = device;
        this.options = options;
    }

    /** What was measured. */
    record Result(Operation operation, double[] sortedMilliseconds, double peakGflops) {
        double median() {
            return sortedMilliseconds[sortedMilliseconds.length / 2];
        }

        double gflops() {
            return operation.flops() / median() / 1e6;
        }

        double gbytes() {
            return operation.bytes() / median() / 1e6;
        }

        /** Share of what the arithmetic units can do; NaN if that is unknown. */
        double share() {
            return peakGflops == 0 ? Double.NaN : gflops() / peakGflops;
        }

        JsonObject json(Device device, int threads) {
            JsonObject json = new JsonObject();
            json.addProperty("op", operation.name());
            json.addProperty("shapes", shapes());
            json.addProperty("device", device.name());
            json.addProperty("threads", threads);
            json.addProperty("steps", sortedMilliseconds.length);
            json.addProperty("median_ms", Json.rounded(median()));
            json.addProperty("min_ms", Json.rounded(sortedMilliseconds[0]));
            json.addProperty("gflops_per_s", Json.rounded(gflops()));
            json.addProperty("gbytes_per_s", Json.rounded(gbytes()));
            json.addProperty("peak_gflops_per_s", Json.rounded(peakGflops));
            json.addProperty("share_of_peak", Json.rounded(share()));
            return json;
        }

        String line(Device device, int threads) {
            return String.format(Locale.ROOT, "%s %s, %d threads on %s: median %.3f ms, minimum %.3f ms, %.1f GFLOP/s"
                    + " (%.0f %% of the peak of %.0f), %.1f GB/s", operation.name(), shapes(), threads, device.name(),
                    median(), sortedMilliseconds[0], gflops(), 100 * share(), peakGflops, gbytes());
        }

        private String shapes() {
            return operation.shapes().stream().map(Shape::toString).collect(Collectors.joining(" "));
        }
    }

    Result run(int steps) {
        try (Scope _ = Scope.open()) {
            Runnable call = call();
            List<Operation> told = new ArrayList<>();
            device.observe(told::add);
            call.run();
            device.observe(null);
            long end = System.nanoTime() + (long) (WARM_SECONDS * 1e9);
            while (System.nanoTime() < end) {
                call.run();
            }
            device.backend().synchronize();
            double[] milliseconds = new double[steps];
            for (int i = 0; i < steps; i++) {
                long start = System.nanoTime();
                call.run();
                device.backend().synchronize();
                milliseconds[i] = (System.nanoTime() - start) / 1e6;
            }
            Arrays.sort(milliseconds);
            return new Result(told.getFirst(), milliseconds, device.backend().peakGflopsPerSecond());
        }
    }

    private Runnable call() {
        return switch (options.operation()) {
            case "conv2d", "conv2dInputGradient", "conv2dWeightGradient" -> convolution();
            case "gemm" -> {
                View a = random(options.input(2));
                View b = random(options.factor());
                View c = random(Gemm.PLAIN.outputShape(a.shape(), b.shape()));
                yield () -> backend().gemm(Gemm.PLAIN, a, b, c);
            }
            case "maxPool", "maxPoolGradient", "averagePool" -> pooling();
            case "batchNorm", "batchNormGradient" -> batchNorm();
            case "relu" -> {
                View x = random(options.input(4));
                View y = random(x.shape());
                yield () -> backend().unary(Unary.RELU, x, y);
            }
            case "add" -> {
                View a = random(options.input(4));
                View b = random(a.shape());
                View y = random(a.shape());
                yield () -> backend().binary(Binary.ADD, a, b, y);
            }
            case "softmax" -> {
                View x = random(options.input(2));
                View y = random(x.shape());
                yield () -> backend().softmax(x, y);
            }
            default -> throw new IllegalArgumentException("--op: unknown operation '" + options.operation() + "'"
                    + Suggestion.among(options.operation(), OPERATIONS));
        };
    }

    private Runnable convolution() {
        View x = random(options.input(4));
        View w = random(options.weights());
        View y = random(options.convolution().outputShape(x.shape(), w.shape()));
        return switch (options.operation()) {
            case "conv2d" -> () -> backend().conv2d(options.convolution(), x, w, y);
            case "conv2dInputGradient" -> () -> backend().conv2dInputGradient(options.convolution(), false, y, w, x);
            default -> () -> backend().conv2dWeightGradient(options.convolution(), x, y, w);
        };
    }

    private Runnable pooling() {
        View x = random(options.input(4));
        View y = random(options.pooling().outputShape(x.shape()));
        View argument = Tensor.empty(device, DataType.UINT8, y.shape()).view();
        backend().maxPool(options.pooling(), x, y, argument);
        return switch (options.operation()) {
            case "maxPool" -> () -> backend().maxPool(options.pooling(), x, y, argument);
            case "maxPoolGradient" -> () -> backend().maxPoolGradient(options.pooling(), argument, y, x);
            default -> () -> backend().averagePool(options.pooling(), x, y);
        };
    }

    private Runnable batchNorm() {
        View x = random(options.input(4));
        View y = random(x.shape());
        View dx = random(x.shape());
        View[] perChannel = new View[6];
        Arrays.setAll(perChannel, _ -> random(Shape.of(x.extent(3))));
        backend().batchNorm(BatchNorm.DEFAULT, x, perChannel[0], perChannel[1], perChannel[2], perChannel[3],
                perChannel[4], perChannel[5], y);
        return options.operation().equals("batchNorm")
                ? () -> backend().batchNorm(BatchNorm.DEFAULT, x, perChannel[0], perChannel[1], perChannel[2],
                        perChannel[3], perChannel[4], perChannel[5], y)
                : () -> backend().batchNormGradient(x, perChannel[0], perChannel[4], perChannel[5], y, dx,
                        perChannel[1], perChannel[2]);
    }

    private Backend backend() {
        return device.backend();
    }

    private View random(Shape shape) {
        float[] values = new float[Math.toIntExact(shape.elements())];
        RandomStream numbers = RandomStream.of(0, RandomStream.stream("bench"));
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers.nextFloat() - 0.5f;
        }
        return Tensor.of(device, shape, values).view();
    }
}
