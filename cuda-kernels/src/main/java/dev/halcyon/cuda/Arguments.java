package dev.halcyon.cuda;

import dev.halcyon.device.View;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The arguments of a launch, in the order of the kernel's parameters. */
final class Arguments {
    private static final int EXPECTED = 16;

    private long[] words = new long[EXPECTED];
    private int[] starts = new int[EXPECTED];
    private int used;
    private int count;

    /** The address of a view's first element; null gives a null pointer. */
    Arguments view(View view) {
        return address(view == null ? 0 : Views.address(view));
    }

    /** A pointer. */
    Arguments address(long address) {
        return struct(address);
    }

    /** An {@code int}, {@code unsigned} or {@code bool}. */
    Arguments int32(int value) {
        return struct(Integer.toUnsignedLong(value));
    }

    /** A {@code long long}. */
    Arguments int64(long value) {
        return struct(value);
    }

    /** A {@code float}. */
    Arguments float32(double value) {
        return struct(Integer.toUnsignedLong(Float.floatToRawIntBits((float) value)));
    }

    /** A struct by value, aligned to 8 bytes and given as words of 8 bytes, little-endian. */
    Arguments struct(long... value) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
        }
        if (used + value.length > words.length) {
            words = Arrays.copyOf(words, 2 * (used + value.length));
        }
        starts[count++] = used;
        System.arraycopy(value, 0, words, used, value.length);
        used += value.length;
        return this;
    }

    /** Bytes that {@link #writeTo} needs. */
    long bytes() {
        return (long) (count + used) * Long.BYTES;
    }

    /** Writes what the driver wants: a pointer to each argument, and behind the pointers the arguments. */
    void writeTo(MemorySegment block) {
        long values = block.address() + (long) count * Long.BYTES;
        for (int i = 0; i < count; i++) {
            block.setAtIndex(ValueLayout.JAVA_LONG, i, values + (long) starts[i] * Long.BYTES);
        }
        MemorySegment.copy(words, 0, block, ValueLayout.JAVA_LONG, (long) count * Long.BYTES, used);
    }
}
