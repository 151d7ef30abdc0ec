package dev.halcyon.cuda;

import dev.halcyon.device.Backend;
import dev.halcyon.device.BackendProvider;
import dev.halcyon.device.DeviceOptions;
import dev.halcyon.device.Probe;
import java.util.List;

/** The place of the CUDA backend, which is not built yet: it reports that there is no CUDA device. */
public final class CudaProvider implements BackendProvider {
    private static final String PROBLEM = "no CUDA device: this build has no CUDA backend; use --device cpu";

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
        return new Probe(kind(), List.of(), PROBLEM);
    }

    @Override
    public Backend open(int index, DeviceOptions options) {
        throw new IllegalArgumentException(PROBLEM);
    }

    @Override
    public long defaultMemoryLimit(int index) {
        throw new IllegalArgumentException(PROBLEM);
    }
}
