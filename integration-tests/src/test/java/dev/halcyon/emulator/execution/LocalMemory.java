package dev.halcyon.emulator.execution;

import java.util.BitSet;

/** The local memory of the lanes of a warp, one after the other, and which of its bytes were ever written. */
final class LocalMemory {
    final byte[] data;
    private final int bytes;
    private final BitSet written;

    /** @param bytes for each lane */
    LocalMemory(int bytes) {
        this.bytes = bytes;
        data = new byte[Warp.LANES * bytes];
        written = new BitSet(data.length);
    }

    int bytes() {
        return bytes;
    }

    /** Where an address of a lane lies in the data; the caller checks bounds. */
    int index(int lane, long address) {
        return lane * bytes + (int) address;
    }

    boolean written(int index, int count) {
        int unwritten = written.nextClearBit(index);
        return unwritten >= index + count;
    }

    void markWritten(int index, int count) {
        written.set(index, index + count);
    }

    void forget() {
        written.clear();
    }
}
