package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_CONTEXT;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_DEVICE;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;
import static jcuda.driver.CUresult.CUDA_ERROR_LAUNCH_FAILED;
import static jcuda.driver.CUresult.CUDA_ERROR_NOT_SUPPORTED;
import static jcuda.driver.CUresult.CUDA_ERROR_OUT_OF_MEMORY;
import static jcuda.driver.CUresult.CUDA_ERROR_UNKNOWN;

import dev.halcyon.emulator.execution.Findings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/** The state of the emulated driver, which the groups of its functions share. */
final class Driver {
    private static final long PER_THREAD_STREAM = 2;

    private final Settings settings;
    private final Handles handles = new Handles();
    private final List<Device> devices;
    private final ThreadLocal<Deque<Context>> current = ThreadLocal.withInitial(ArrayDeque::new);
    private final Captures captures = new Captures(handles);
    private final PinnedMemory pinned = new PinnedMemory();
    private final Findings findings = new Findings();
    private final List<Launch> launches = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private long allocations;
    private long kernels;

    Driver(Settings settings) {
        this.settings = settings;
        devices = IntStream.range(0, settings.devices()).mapToObj(i -> new Device(i, settings, handles)).toList();
    }

    Settings settings() {
        return settings;
    }

    Handles handles() {
        return handles;
    }

    List<Device> devices() {
        return devices;
    }

    Device device(int ordinal) {
        DriverError.unless(ordinal >= 0 && ordinal < devices.size(), CUDA_ERROR_INVALID_DEVICE);
        return devices.get(ordinal);
    }

    Captures captures() {
        return captures;
    }

    PinnedMemory pinned() {
        return pinned;
    }

    Findings findings() {
        return findings;
    }

    /** What was wrong with accesses to memory outside kernels, or in kernels that could not go on. */
    List<String> faults() {
        return faults;
    }

    /** The contexts that were made current in this thread, the current one first. */
    Deque<Context> contextsOfThread() {
        return current.get();
    }

    /** The context that calls of this thread are meant for, whether it can be used or not. */
    Context currentContext() {
        Context context = current.get().peek();
        DriverError.unless(context != null, CUDA_ERROR_INVALID_CONTEXT);
        DriverError.unless(!context.isDestroyed(), CUDA_ERROR_CONTEXT_IS_DESTROYED);
        return context;
    }

    /** The context that calls of this thread are meant for; refuses one that has failed. */
    Context context() {
        Context context = currentContext();
        context.requireUsable();
        return context;
    }

    /** The stream of a handle, in a usable context. */
    Stream stream(long handle) {
        DriverError.unless(handle != PER_THREAD_STREAM, CUDA_ERROR_NOT_SUPPORTED);
        Stream stream = handle < PER_THREAD_STREAM
                ? context().defaultStream()
                : handles.get(handle, Stream.class);
        stream.context().requireUsable();
        return stream;
    }

    /** The device whose memory an address lies in; null if it is none's. */
    Device deviceOf(long address) {
        return devices.stream().filter(device -> device.storage().contains(address, 1)).findFirst().orElse(null);
    }

    /** The device whose memory some bytes are; refuses them unless all lie in one allocation. */
    Device deviceWith(long address, long bytes) {
        Device device = deviceOf(address);
        DriverError.unless(device != null && device.storage().contains(address, bytes), CUDA_ERROR_INVALID_VALUE);
        return device;
    }

    /** Counts an allocation of device memory, which may be one that is meant to fail. */
    void countAllocation() {
        allocations++;
        Failures failures = settings.failures();
        long failing = failures.allocation();
        DriverError.unless(failing == 0 || allocations < failing || allocations - failing >= failures.allocations(),
                CUDA_ERROR_OUT_OF_MEMORY);
    }

    /** Counts a kernel that runs, which may be one that is meant to fail. */
    void countKernel(Device device) {
        kernels++;
        if (kernels == settings.failures().loss()) {
            device.lose();
            throw new DriverError(CUDA_ERROR_UNKNOWN);
        }
        DriverError.unless(kernels != settings.failures().launch(), CUDA_ERROR_LAUNCH_FAILED);
    }

    /** Keeps a record of something done. */
    void record(Launch launch) {
        if (settings.recording()) {
            launches.add(launch);
        }
    }

    /** What was done so far. */
    List<Launch> launches() {
        return launches;
    }
}
