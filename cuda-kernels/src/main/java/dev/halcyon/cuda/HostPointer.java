package dev.halcyon.cuda;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;

/** A pointer of JCuda's to host memory outside the heap. */
final class HostPointer extends Pointer {
    /** A pointer for the driver to fill in. */
    HostPointer() {
    }

    HostPointer(MemorySegment memory) {
        super(memory.address());
    }

    /** The memory that the driver made it point to. */
    @SuppressWarnings("restricted")
    MemorySegment segment(long bytes) {
        return MemorySegment.ofAddress(getNativePointer()).reinterpret(bytes);
    }
}
