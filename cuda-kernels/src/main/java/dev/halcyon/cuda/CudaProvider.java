package dev.halcyon.cuda;

import dev.halcyon.device.Backend;
import dev.halcyon.device.BackendProvider;
import dev.halcyon.device.DeviceOptions;
import dev.halcyon.device.Precision;
import dev.halcyon.device.Probe;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Offers this machine's NVIDIA GPUs as devices. */
public final class CudaProvider implements BackendProvider {
    /** The rest is for kernels, graphs and cuBLAS, whose memory the driver takes by itself. */
    private static final double SHARE_OF_FREE_MEMORY = 0.9;

    /** Called by {@link java.util.ServiceLoader}. */
    public CudaProvider() {
    }

    @Override
    public String kind() {
        return "cuda";
    }

    @Override
    public int priority() {
        return 20;
    }

    @Override
    public Probe probe() {
        Driver driver = Driver.look();
        if (driver.gpus().isEmpty()) {
            return new Probe(kind(), List.of(), driver.problem(), List.of());
        }
        List<String> facts = new ArrayList<>(List.of("driver " + driver.version()));
        driver.gpus().stream().map(gpu -> "kernels for " + gpu.name() + ": " + Modules.target(gpu)).distinct()
                .forEach(facts::add);
        String problem = driver.problem();
        if (CublasLibrary.find().isPresent()) {
            facts.add("cuBLAS " + CublasLibrary.find().get());
        } else {
            problem = problem.isEmpty() ? Installation.noCublas() : problem + "; " + Installation.noCublas();
        }
        return new Probe(kind(), driver.gpus().stream().map(Gpu::toString).toList(), problem, facts);
    }

    @Override
    public Backend open(int index, DeviceOptions options) {
        return new CudaBackend(gpu(index), options);
    }

    /** TF32 and bfloat16 where the device's tensor cores have them. */
    @Override
    public Set<Precision> precisions(int index) {
        return gpu(index).isAmpere() ? EnumSet.allOf(Precision.class) : EnumSet.of(Precision.FP32);
    }

    @Override
    public long defaultMemoryLimit(int index) {
        return (long) (SHARE_OF_FREE_MEMORY * Context.freeBytes(gpu(index)));
    }

    private static Gpu gpu(int index) {
        Driver driver = Driver.look();
        if (index >= driver.gpus().size()) {
            throw new IllegalArgumentException("device 'cuda:" + index + "' is not available: "
                    + (driver.gpus().isEmpty()
                            ? driver.problem()
                            : "this machine has " + driver.gpus().size() + " of that kind, numbered from 0"));
        }
        return driver.gpus().get(index);
    }
}
