package dev.halcyon.device;

import dev.halcyon.autograd.Tape;
import dev.halcyon.text.Suggestion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/**
 * A place where tensors live and operations run: a backend with its memory pool. Opened by name, closed when done;
 * closing frees every tensor on it. Several devices may be open at once; they share nothing.
 *
 * <p>A device and its tensors are used by one thread at a time.
 */
public final class Device implements AutoCloseable {
    /** The name that means the best device of this machine. */
    public static final String AUTO = "auto";

    private final String name;
    private final Backend backend;
    private final MemoryPool pool;
    private final Precision precision;
    private Backend seen;
    private boolean open = true;

    private Device(String name, Backend backend, long memoryLimit, Precision precision) {
        this.name = name;
        this.backend = backend;
        this.seen = backend;
        this.precision = precision;
        this.pool = new MemoryPool(backend, memoryLimit);
    }

    /** The best device of this machine: {@code cuda:0} where there is one, else the CPU. */
    public static Device best() {
        return open(AUTO, DeviceOptions.DEFAULT);
    }

    /**
     * A device on which operations check and make shapes, and compute nothing: shows in no time and no memory what a
     * network makes of the size of its input. What is put on it cannot be read.
     */
    public static Device shapes() {
        return new Device("shapes", new ShapeBackend(), Long.MAX_VALUE, Precision.FP32);
    }

    /** Opens a device with default options; see {@link #open(String, DeviceOptions)}. */
    public static Device open(String name) {
        return open(name, DeviceOptions.DEFAULT);
    }

    /**
     * Opens a device.
     *
     * @param name {@code auto}, or a kind with an optional index: {@code cpu}, {@code cuda}, {@code cuda:1}
     * @throws IllegalArgumentException if there is no such device; the message says why and what there is
     */
    public static Device open(String name, DeviceOptions options) {
        List<BackendProvider> providers = providers();
        if (name.equals(AUTO)) {
            return openBest(providers, options);
        }
        String[] parts = name.split(":", 2);
        BackendProvider provider = providers.stream().filter(p -> p.kind().equals(parts[0])).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown device '" + name + "'"
                        + Suggestion.among(parts[0], kinds(providers))));
        Probe probe = provider.probe();
        int index = parts.length == 1 ? 0 : index(name, parts[1]);
        if (probe.devices().isEmpty()) {
            throw new IllegalArgumentException("device '" + name + "' is not available: " + probe.problem());
        }
        if (index >= probe.devices().size()) {
            throw new IllegalArgumentException("device '" + name + "' is not available: this machine has "
                    + probe.devices().size() + " of that kind, numbered from 0");
        }
        return open(provider, probe, index, options);
    }

    /** What every backend on the class path found on this machine, the preferred kind first. */
    public static List<Probe> probe() {
        return providers().stream().map(BackendProvider::probe).toList();
    }

    private static Device openBest(List<BackendProvider> preferredFirst, DeviceOptions options) {
        for (BackendProvider provider : preferredFirst) {
            if (provider.priority() >= 0) {
                Probe probe = provider.probe();
                if (!probe.devices().isEmpty()) {
                    return open(provider, probe, 0, options);
                }
            }
        }
        throw new IllegalArgumentException(
                "no device: no backend is on the class path; add the artifact halcyon-cpu or halcyon-cuda");
    }

    private static Device open(BackendProvider provider, Probe probe, int index, DeviceOptions options) {
        if (!provider.precisions(index).contains(options.precision())) {
            throw new IllegalArgumentException("precision " + options.precision() + " is not available on "
                    + probe.devices().get(index) + ", which computes in " + Precision.FP32
                    + "; choose that (--precision " + Precision.FP32 + "), or another device");
        }
        String name = probe.devices().size() > 1 || !provider.kind().equals("cpu")
                ? provider.kind() + ":" + index
                : provider.kind();
        Backend backend = provider.open(index, options);
        try {
            long limit = options.memoryLimit() > 0 ? options.memoryLimit() : provider.defaultMemoryLimit(index);
            return new Device(name, backend, limit, options.precision());
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }

    private static List<BackendProvider> providers() {
        List<BackendProvider> found = new ArrayList<>();
        ServiceLoader.load(BackendProvider.class, Device.class.getClassLoader()).forEach(found::add);
        found.sort(Comparator.comparingInt(BackendProvider::priority).reversed());
        return found;
    }

    private static List<String> kinds(List<BackendProvider> providers) {
        List<String> kinds = new ArrayList<>(List.of(AUTO));
        providers.forEach(provider -> kinds.add(provider.kind()));
        return kinds;
    }

    private static int index(String name, String digits) {
        try {
            return Integer.parseUnsignedInt(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("unknown device '" + name + "': expected a number after the colon", e);
        }
    }

    /** The name by which this device is opened again: {@code cpu}, {@code cuda:0}. */
    public String name() {
        return name;
    }

    /** The operations. Most programs use {@link dev.halcyon.autograd.ops} instead. */
    public Backend backend() {
        if (!open) {
            throw new IllegalStateException("device " + name + " has been closed; open it again to go on");
        }
        return seen;
    }

    /**
     * Tells a listener of every operation from now on, or nobody if null. Each operation is then waited for, which on a
     * device with a queue of its own makes steps slower.
     */
    public void observe(OperationListener listener) {
        seen = listener == null ? backend : new ObservedBackend(backend, listener);
    }

    /**
     * Carries out work that repeats with the same shapes, such as a training step, which a device may then be given as a
     * whole; see {@link Backend#step}. Read results afterwards.
     */
    public void step(Runnable work) {
        backend().step(work);
    }

    /** How exactly networks compute on this device. */
    public Precision precision() {
        return precision;
    }

    /** The memory that tensors on this device are made of. */
    public MemoryPool pool() {
        return pool;
    }

    /** Bytes in use, their peak, and bytes pooled. */
    public MemoryStatistics memory() {
        return pool.statistics();
    }

    /** Starts to record operations on this thread, up to the tape's closing brace. */
    public Tape record() {
        return Tape.on(this);
    }

    /** Frees every tensor on this device, and the device itself. Safe to call twice. */
    @Override
    public void close() {
        if (open) {
            open = false;
            try (backend; pool) {
                backend.synchronize();
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
