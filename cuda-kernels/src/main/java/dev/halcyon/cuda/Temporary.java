package dev.halcyon.cuda;

/**
 * Device memory for the kernels of one operation. Closing it lets kernels that are launched later have it; those that
 * were launched before may still be running.
 */
final class Temporary implements AutoCloseable {
    private final Scratch owner;
    private final CudaBuffer buffer;

    Temporary(Scratch owner, CudaBuffer buffer) {
        this.owner = owner;
        this.buffer = buffer;
    }

    /** Where it starts, aligned to 256 bytes; contents undefined. */
    long address() {
        return buffer.address();
    }

    @Override
    public void close() {
        owner.giveBack(buffer);
    }
}
