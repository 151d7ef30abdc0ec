package dev.halcyon.emulator.driver;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;

import java.lang.foreign.MemorySegment;

/** Copies and fills. */
final class CopyCalls {
    private static final int LEGACY_STREAM = 0;

    private final Driver driver;

    CopyCalls(Driver driver) {
        this.driver = driver;
    }

    void addTo(Functions functions) {
        functions.add("cuMemcpyHtoD_v2", a -> {
            upload(a, waitingStream());
            finish();
        });
        functions.add("cuMemcpyHtoDAsync_v2", a -> upload(a, driver.stream(a.int64(3))));
        functions.add("cuMemcpyDtoH_v2", a -> {
            download(a, waitingStream());
            finish();
        });
        functions.add("cuMemcpyDtoHAsync_v2", a -> download(a, driver.stream(a.int64(3))));
        functions.add("cuMemcpyDtoD_v2", a -> copy(a.int64(1), a.int64(0), a.int64(2), waitingStream()));
        functions.add("cuMemcpyDtoDAsync_v2",
                a -> copy(a.int64(1), a.int64(0), a.int64(2), driver.stream(a.int64(3))));
        functions.add("cuMemcpyPeer", a -> copyToPeer(a, waitingStream()));
        functions.add("cuMemcpyPeerAsync", a -> copyToPeer(a, driver.stream(a.int64(5))));
        addFills(functions, "D8", Byte.BYTES);
        addFills(functions, "D16", Short.BYTES);
        addFills(functions, "D32", Integer.BYTES);
    }

    private void addFills(Functions functions, String kind, int valueBytes) {
        functions.add("cuMemset" + kind + "_v2", a -> fill(a, valueBytes, waitingStream()));
        functions.add("cuMemset" + kind + "Async", a -> fill(a, valueBytes, driver.stream(a.int64(3))));
    }

    /** The stream of calls that name none; they may not be made while something is captured. */
    private Stream waitingStream() {
        driver.context();
        driver.captures().requireNone();
        return driver.stream(LEGACY_STREAM);
    }

    private void finish() {
        driver.context().defaultStream().finish();
    }

    private void upload(Arguments a, Stream stream) {
        long bytes = a.int64(2);
        if (bytes > 0) {
            Device device = driver.deviceWith(a.int64(0), bytes);
            MemorySegment host = HostMemory.at(a.pointer(1), bytes);
            if (!driver.pinned().contains(host.address(), bytes)) {
                refuseCapture(stream);
                host = MemorySegment.ofArray(host.toArray(JAVA_BYTE)); // a driver copies it before the call returns
            }
            stream.submit(new Transfer(driver, device, a.int64(0), host, Launch.Direction.TO_DEVICE));
        }
    }

    private void download(Arguments a, Stream stream) {
        long bytes = a.int64(2);
        if (bytes > 0) {
            Device device = driver.deviceWith(a.int64(1), bytes);
            MemorySegment host = HostMemory.at(a.pointer(0), bytes);
            boolean pinned = driver.pinned().contains(host.address(), bytes);
            if (!pinned) {
                refuseCapture(stream);
            }
            stream.submit(new Transfer(driver, device, a.int64(1), host, Launch.Direction.TO_HOST));
            if (!pinned) {
                stream.finish(); // such a call returns when the copy is done
            }
        }
    }

    private static void refuseCapture(Stream stream) {
        if (stream.capture() != null) {
            stream.capture().invalidate();
            throw new DriverError(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
        }
    }

    private void copy(long from, long to, long bytes, Stream stream) {
        if (bytes > 0) {
            stream.submit(new DeviceCopy(driver, driver.deviceWith(from, bytes), from, driver.deviceWith(to, bytes), to,
                    bytes));
        }
    }

    private void copyToPeer(Arguments a, Stream stream) {
        Device target = driver.handles().get(a.int64(1), Context.class).device();
        Device source = driver.handles().get(a.int64(3), Context.class).device();
        long bytes = a.int64(4);
        DriverError.unless(target.storage().contains(a.int64(0), bytes)
                && source.storage().contains(a.int64(2), bytes), CUDA_ERROR_INVALID_VALUE);
        copy(a.int64(2), a.int64(0), bytes, stream);
    }

    private void fill(Arguments a, int valueBytes, Stream stream) {
        long bytes = a.int64(2) * valueBytes;
        DriverError.unless(a.int64(0) % valueBytes == 0, CUDA_ERROR_INVALID_VALUE);
        if (bytes > 0) {
            stream.submit(
                    new Fill(driver, driver.deviceWith(a.int64(0), bytes), a.int64(0), bytes, a.int32(1), valueBytes));
        }
    }
}
