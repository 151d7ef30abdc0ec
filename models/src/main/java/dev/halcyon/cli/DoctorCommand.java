package dev.halcyon.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.halcyon.device.Device;
import dev.halcyon.device.DeviceException;
import dev.halcyon.device.DeviceOptions;
import dev.halcyon.device.Gemm;
import dev.halcyon.device.Probe;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What this machine has, what Halcyon will use of it, and why. */
@Command(name = "doctor",
        description = "Shows what is on this machine, what will be used, and measures its speed.")
final class DoctorCommand implements Callable<Integer> {
    private static final int EXTENT = 1024;
    private static final double SECONDS = 1.5;
    /** Below this on one thread, vectors are not in use or their code was not compiled. */
    private static final double SUSPICIOUS_GFLOPS = 10;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        JsonObject document = new JsonObject();
        document.addProperty("jdk", Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
        document.addProperty("cores", Runtime.getRuntime().availableProcessors());
        document.addProperty("heap_mib", Runtime.getRuntime().maxMemory() >> 20);
        JsonArray devices = new JsonArray();
        for (Probe probe : Device.probe()) {
            JsonObject entry = new JsonObject();
            entry.addProperty("kind", probe.kind());
            entry.add("found", Json.strings(probe.devices()));
            entry.addProperty("problem", probe.problem().isEmpty() ? null : probe.problem());
            entry.add("facts", Json.strings(probe.facts()));
            devices.add(entry);
        }
        document.add("devices", devices);
        String problem = tryBestDevice(document);
        JsonObject gemm = new JsonObject();
        double single = gemm(1);
        gemm.addProperty("one_thread", Json.rounded(single));
        gemm.addProperty("all_threads", Json.rounded(gemm(0)));
        document.add("gemm_gflops_per_s", gemm);
        if (single < SUSPICIOUS_GFLOPS) {
            problem = "matrix products are far slower than this machine can do: see the devices' problems";
        }
        document.addProperty("verdict", problem.isEmpty() ? "all is well" : problem);
        PrintWriter out = spec.commandLine().getOut();
        if (output.json()) {
            out.println(Json.text(document));
        } else {
            print(document, out);
        }
        return 0;
    }

    /** Has the device that is used by default compute something; returns why it cannot, or nothing. */
    private static String tryBestDevice(JsonObject document) {
        try (Device auto = Device.best();
                Tensor one = Tensor.full(auto, DataType.FLOAT32, Shape.of(1), 1)) {
            document.addProperty("auto", auto.name());
            one.item();
            return "";
        } catch (DeviceException e) {
            return "the best device does not work: " + e.getMessage() + "; until then use --device cpu";
        }
    }

    /** Rate of a square matrix product, in GFLOP/s: the best of what fits into a moment, after it was compiled. */
    private static double gemm(int threads) {
        Shape shape = Shape.of(EXTENT, EXTENT);
        try (Device device = Device.open("cpu", DeviceOptions.DEFAULT.withThreads(threads));
                Tensor a = Tensor.full(device, DataType.FLOAT32, shape, 0.5);
                Tensor b = Tensor.full(device, DataType.FLOAT32, shape, 0.25);
                Tensor c = Tensor.empty(device, DataType.FLOAT32, shape)) {
            double best = 0;
            long end = System.nanoTime() + (long) (SECONDS * 1e9);
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                device.backend().gemm(Gemm.PLAIN, a.view(), b.view(), c.view());
                best = Math.max(best, 2.0 * EXTENT * EXTENT * EXTENT / (System.nanoTime() - start));
            }
            return best;
        }
    }

    private static void print(JsonObject document, PrintWriter out) {
        out.println("JDK       " + document.get("jdk").getAsString());
        out.println("cores     " + document.get("cores"));
        out.println("heap      " + document.get("heap_mib") + " MiB");
        document.getAsJsonArray("devices").forEach(element -> {
            JsonObject device = element.getAsJsonObject();
            List<String> found =
                    device.getAsJsonArray("found").asList().stream().map(JsonElement::getAsString).toList();
            out.printf("%-9s %s%s%n", device.get("kind").getAsString(),
                    found.isEmpty() ? "none" : String.join("; ", found),
                    device.get("problem").isJsonNull() ? "" : ": " + device.get("problem").getAsString());
            device.getAsJsonArray("facts").forEach(fact -> out.println("          " + fact.getAsString()));
        });
        out.println("auto      " + (document.has("auto") ? document.get("auto").getAsString() : "none"));
        JsonObject gemm = document.getAsJsonObject("gemm_gflops_per_s");
        out.printf(Locale.ROOT, "gemm      %.0f GFLOP/s on one thread, %.0f on all%n",
                gemm.get("one_thread").getAsDouble(), gemm.get("all_threads").getAsDouble());
        out.println("          " + document.get("verdict").getAsString());
    }
}
