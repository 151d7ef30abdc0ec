package dev.halcyon.device.reference;

import dev.halcyon.device.Backend;
import dev.halcyon.device.BackendProvider;
import dev.halcyon.device.DeviceOptions;
import dev.halcyon.device.Precision;
import dev.halcyon.device.Probe;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Offers the reference backend by name; it is never chosen by itself. */
public final class ReferenceProvider implements BackendProvider {
    private static final long LIMIT = 4L << 30;

    /** Called by {@link java.util.ServiceLoader}. */
    public ReferenceProvider() {
    }

    @Override
    public String kind() {
        return "reference";
    }

    @Override
    public int priority() {
        return -1;
    }

    @Override
    public Probe probe() {
        return new Probe(kind(), List.of("plain loops in double precision, for tests"), "");
    }

    @Override
    public Backend open(int index, DeviceOptions options) {
        return new ReferenceBackend();
    }

    @Override
    public Set<Precision> precisions(int index) {
        return EnumSet.of(Precision.FP32, Precision.BF16);
    }

    @Override
    public long defaultMemoryLimit(int index) {
        return LIMIT;
    }
}
