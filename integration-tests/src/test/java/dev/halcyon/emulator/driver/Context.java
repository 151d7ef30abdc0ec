package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_ILLEGAL_ADDRESS;
import static jcuda.driver.CUresult.CUDA_SUCCESS;

import dev.halcyon.emulator.memory.AccessFault;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a program has on a device; it all goes with the context. */
final class Context {
    private final Driver driver;
    private final Device device;
    private final long handle;
    private final int flags;
    private final Stream defaultStream;
    private final Set<Stream> streams = new LinkedHashSet<>();
    private final Set<Event> events = new LinkedHashSet<>();
    private final Set<KernelModule> modules = new LinkedHashSet<>();
    private final Set<Context> peers = new LinkedHashSet<>();
    private int error = CUDA_SUCCESS;
    private boolean destroyed;

    Context(Driver driver, Device device, long handle, int flags) {
        this.driver = driver;
        this.device = device;
        this.handle = handle;
        this.flags = flags;
        defaultStream = new Stream(this, 0, 0, 0);
    }

    Device device() {
        return device;
    }

    long handle() {
        return handle;
    }

    int flags() {
        return flags;
    }

    /** The stream of handle 0, which waits for all blocking streams and they for it. */
    Stream defaultStream() {
        return defaultStream;
    }

    /** The streams that were created. */
    Set<Stream> streams() {
        return streams;
    }

    List<Stream> blockingStreams() {
        return streams.stream().filter(Stream::isBlocking).toList();
    }

    Set<Event> events() {
        return events;
    }

    Set<KernelModule> modules() {
        return modules;
    }

    /** The contexts whose memory may be used from this one. */
    Set<Context> peers() {
        return peers;
    }

    /** Ends the use of the context: every later call in it answers the status. */
    void fail(int status) {
        if (error == CUDA_SUCCESS) {
            error = status;
            defaultStream.abandon();
            streams.forEach(Stream::abandon);
        }
    }

    /** Ends the use of the context after an access to memory that there is not. */
    void fault(AccessFault fault) {
        driver.faults().add(fault.getMessage());
        fail(CUDA_ERROR_ILLEGAL_ADDRESS);
    }

    /** Refuses a call after the context has failed or the device is lost. */
    void requireUsable() {
        device.requirePresent();
        DriverError.unless(error == CUDA_SUCCESS, error);
    }

    boolean isDestroyed() {
        return destroyed;
    }

    void markDestroyed() {
        destroyed = true;
    }

    /** Does all work that is queued in it. */
    void finish() {
        defaultStream.finish();
        List.copyOf(streams).forEach(Stream::finish);
    }
}
