package dev.halcyon.it.peer;

import dev.halcyon.device.Device;
import dev.halcyon.it.timing.HalcyonOperation;
import dev.halcyon.it.timing.OperationCase;
import dev.halcyon.it.timing.OperationCases;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/** A process that times operations in Halcyon. */
final class HalcyonOperations {
    private static final double WARMUP = 2;

    private HalcyonOperations() {
    }

    /** Arguments: the number of samples, a text that the cases contain, and of those the first and the one to stop at. */
    public static void main(String[] arguments) {
        int samples = Integer.parseInt(arguments[0]);
        List<OperationCase> cases = OperationCases.containing(arguments[1]);
        try (Device device = Device.open("cpu")) {
            int end = Integer.parseInt(arguments[3]);
            for (int number = Integer.parseInt(arguments[2]); number < end; number++) {
                System.out.println(time(number, cases.get(number), device, samples).line());
            }
        }
    }

    private static OperationTime time(int number, OperationCase operation, Device device, int samples) {
        try (Scope _ = Scope.open()) {
            Supplier<Tensor> work = HalcyonOperation.of(operation, device);
            double sum = 0;
            for (float value : work.get().toFloats()) {
                sum += (double) value * value;
            }
            double microseconds = Stopwatch.median(WARMUP, samples, () -> {
                try (Scope _ = Scope.open()) {
                    work.get();
                }
            });
            return new OperationTime(number, microseconds, Math.sqrt(sum));
        }
    }
}
