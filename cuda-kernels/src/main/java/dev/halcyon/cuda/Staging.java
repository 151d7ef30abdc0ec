package dev.halcyon.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import jcuda.driver.JCudaDriver;

/**
 * Moves data between host and device through pieces of pinned host memory, each with as much device memory. An upload
 * is copied into a piece by the caller, to the piece's device memory by the device's copy engine while kernels run, and
 * from there to its destination in the order of the kernels. A piece is used again when that last copy has been made.
 */
final class Staging implements AutoCloseable {
    /** The most bytes that go at once. */
    private static final long LARGEST = 16 << 20;
    private static final long SMALLEST = 1 << 12;
    /** Pieces of a size beyond this many bytes are not made, unless two uploads need more. */
    private static final long MOST = 32 << 20;

    private final class Piece {
        private final HostPointer host = new HostPointer();
        private final CudaBuffer device;
        private final Event consumed = new Event(context);

        Piece(long size) {
            device = memory.allocate(size, context.uploads());
            context.check(JCudaDriver.cuMemHostAlloc(host, size, 0), "cuMemHostAlloc");
        }

        MemorySegment segment() {
            return host.segment(device.bytes());
        }

        void destroy() {
            JCudaDriver.cuMemFreeHost(host);
            memory.free(device);
            consumed.destroy();
        }
    }

    /** Pieces of one size, the one used longest ago first. */
    private static final class Pieces {
        private final Deque<Piece> ready = new ArrayDeque<>();
        private int made;
    }

    private final Context context;
    private final DeviceMemory memory;
    private final Steps steps;
    private final Event arrived;
    private final TreeMap<Long, Pieces> sizes = new TreeMap<>();
    /** Those whose last copy is being captured: they are used again after the graph has run. */
    private final List<Piece> captured = new ArrayList<>();
    private long most = MOST;

    Staging(Context context, DeviceMemory memory, Steps steps) {
        this.context = context;
        this.memory = memory;
        this.steps = steps;
        this.arrived = new Event(context);
    }

    /** Copies host memory to a device address; the source may be used again on return. */
    void upload(MemorySegment source, long address) {
        context.makeCurrent();
        most = Math.max(most, 2 * Math.ceilDiv(source.byteSize(), LARGEST) * LARGEST);
        for (long start = 0; start < source.byteSize(); start += LARGEST) {
            long bytes = Math.min(LARGEST, source.byteSize() - start);
            Piece piece = take(bytes);
            MemorySegment.copy(source, start, piece.segment(), 0, bytes);
            DevicePointer middle = new DevicePointer(piece.device.address());
            context.check(JCudaDriver.cuMemcpyHtoDAsync(middle, piece.host, bytes, context.uploads()),
                    "cuMemcpyHtoDAsync");
            if (!steps.isCapturing()) {
                awaitUploads();
            }
            context.check(JCudaDriver.cuMemcpyDtoDAsync(new DevicePointer(address + start), middle, bytes,
                    context.stream()), "cuMemcpyDtoDAsync");
            steps.note(DevicePointer.class);
            if (steps.isCapturing()) {
                captured.add(piece);
            } else {
                use(piece);
            }
        }
    }

    /** Copies device memory to the host, after all work before it. */
    void download(long address, MemorySegment target) {
        context.makeCurrent();
        for (long start = 0; start < target.byteSize(); start += LARGEST) {
            long bytes = Math.min(LARGEST, target.byteSize() - start);
            Piece piece = take(bytes);
            context.check(JCudaDriver.cuMemcpyDtoHAsync(piece.host, new DevicePointer(address + start), bytes,
                    context.stream()), "cuMemcpyDtoHAsync");
            use(piece);
            context.synchronize();
            MemorySegment.copy(piece.segment(), 0, target, start, bytes);
        }
    }

    /** Lets kernels that are queued, or a graph that is launched, from now on wait for what was uploaded before. */
    void awaitUploads() {
        arrived.record(context.uploads());
        arrived.holdUp(context.stream());
    }

    /** Notes that the graph has been launched which copies from the pieces used during its capture. */
    void afterLaunch() {
        captured.forEach(this::use);
        captured.clear();
    }

    private void use(Piece piece) {
        piece.consumed.record(context.stream());
        sizes.get(piece.device.bytes()).ready.addLast(piece);
    }

    private Piece take(long bytes) {
        long size = Long.highestOneBit(Math.max(SMALLEST, bytes) - 1) << 1;
        Pieces pieces = sizes.computeIfAbsent(size, key -> new Pieces());
        Piece oldest = pieces.ready.peekFirst();
        if ((oldest == null || !oldest.consumed.isPast()) && (pieces.made + 1) * size <= most) {
            Piece made = new Piece(size);
            pieces.made++;
            return made;
        }
        if (oldest == null) {
            // all of them are to be copied from by a graph that has not been launched, or never could be
            steps.interrupt();
            afterLaunch();
        }
        Piece piece = pieces.ready.removeFirst();
        piece.consumed.await();
        return piece;
    }

    @Override
    public void close() {
        sizes.values().forEach(pieces -> pieces.ready.forEach(Piece::destroy));
        arrived.destroy();
        sizes.clear();
    }
}
