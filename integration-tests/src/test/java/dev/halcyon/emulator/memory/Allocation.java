package dev.halcyon.emulator.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A piece of device memory. Beside its bytes it keeps which of them were ever written: four bits, one per byte, for each
 * word of four bytes. Offsets are from its start; bounds are the caller's duty ({@link #holds}).
 *
 * <p>Blocks of a kernel may use it from two threads as long as they write different bytes.
 */
public final class Allocation {
    private static final VarHandle SHADOW = MethodHandles.arrayElementVarHandle(byte[].class);
    private static final VarHandle EIGHT_WORDS = MethodHandles.byteArrayViewVarHandle(long[].class,
            ByteOrder.LITTLE_ENDIAN);
    private static final byte WHOLE_WORD = 0xF;
    private static final long EIGHT_WHOLE_WORDS = 0x0F0F0F0F0F0F0F0FL;

    private final long start;
    private final long bytes;
    private long end;
    private byte[] data;
    private byte[] written;
    private boolean allWritten;

    Allocation(long start, int bytes) {
        this.start = start;
        this.bytes = bytes;
        end = start + bytes;
        data = new byte[bytes];
        written = new byte[(bytes + 3) / 4];
    }

    /** Address of the first byte. */
    public long start() {
        return start;
    }

    /** Size in bytes. */
    public long bytes() {
        return bytes;
    }

    /** Whether the bytes from an address belong to it; never true once it is freed. */
    public boolean holds(long address, long count) {
        return address >= start && address + count <= end;
    }

    /** The bytes themselves; null once it is freed. */
    public byte[] data() {
        return data;
    }

    void release() {
        end = start;
        data = null;
        written = null;
        allWritten = false;
    }

    /** Whether all of some bytes were written since they were allocated. */
    public boolean written(int offset, int count) {
        if (allWritten) {
            return true;
        }
        if ((offset & 3) == 0 && (count & 3) == 0) {
            return wordsWritten(offset >> 2, count >> 2);
        }
        for (int i = offset; i < offset + count; i++) {
            if ((written[i >> 2] >> (i & 3) & 1) == 0) {
                return false;
            }
        }
        return true;
    }

    private boolean wordsWritten(int first, int count) {
        int i = first;
        int last = first + count;
        for (; i + 8 <= last; i += 8) {
            if ((long) EIGHT_WORDS.get(written, i) != EIGHT_WHOLE_WORDS) {
                return false;
            }
        }
        for (; i < last; i++) {
            if (written[i] != WHOLE_WORD) {
                return false;
            }
        }
        return true;
    }

    /** Offset of the first of some bytes that was never written, or -1. */
    int firstUnwritten(int offset, int count) {
        if (!allWritten) {
            for (int i = offset; i < offset + count; i++) {
                if ((written[i >> 2] >> (i & 3) & 1) == 0) {
                    return i;
                }
            }
        }
        return -1;
    }

    /** Notes that some bytes are written. */
    public void markWritten(int offset, int count) {
        if (allWritten) {
            return;
        }
        int from = offset;
        int to = offset + count;
        while (from < to && (from & 3) != 0) {
            markByte(from++);
        }
        int words = (to - from) >> 2;
        if (words == 1) {
            written[from >> 2] = WHOLE_WORD;
        } else if (words > 0) {
            Arrays.fill(written, from >> 2, (from >> 2) + words, WHOLE_WORD);
        }
        for (from += 4 * words; from < to; from++) {
            markByte(from);
        }
    }

    private void markByte(int offset) {
        byte bit = (byte) (1 << (offset & 3));
        if ((written[offset >> 2] & bit) == 0) {
            byte before = (byte) SHADOW.getAndBitwiseOr(written, offset >> 2, bit);
            assert (before & ~WHOLE_WORD) == 0;
        }
    }

    /** Notes what a copy from the host or a fill has written, which may be everything. */
    void markFromHost(int offset, int count) {
        markWritten(offset, count);
        if (count == bytes) {
            allWritten = true;
        }
    }

    /** Takes over bytes of another allocation, and which of them were written; the two may be the same and overlap. */
    void copyFrom(Allocation source, int from, int to, int count) {
        allWritten &= source.written(from, count);
        if ((from & 3) == 0 && (to & 3) == 0 && (count & 3) == 0) {
            System.arraycopy(source.written, from >> 2, written, to >> 2, count >> 2);
        } else {
            copyShadow(source, from, to, count);
        }
        System.arraycopy(source.data, from, data, to, count);
    }

    private void copyShadow(Allocation source, int from, int to, int count) {
        boolean[] known = new boolean[count];
        for (int i = 0; i < count; i++) {
            known[i] = (source.written[(from + i) >> 2] >> ((from + i) & 3) & 1) != 0;
        }
        for (int i = 0; i < count; i++) {
            int bit = 1 << ((to + i) & 3);
            int before = written[(to + i) >> 2];
            written[(to + i) >> 2] = (byte) (known[i] ? before | bit : before & ~bit);
        }
    }
}
