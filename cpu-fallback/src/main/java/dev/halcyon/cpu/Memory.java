package dev.halcyon.cpu;

import dev.halcyon.device.View;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Raw memory by address. Kernels address one segment that spans everything: its bounds and session are constants to the
 * JIT compiler, so an access costs what it costs in C. Safety comes from {@link View}, which checks its extent against
 * its buffer when it is made; addresses are taken from views alone.
 */
public final class Memory {
    /** All memory. */
    @SuppressWarnings("restricted")
    public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /** How vectors are laid out. */
    public static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** Every address has no more bits than these. */
    private static final long ADDRESS_BITS = (1L << 56) - 1;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private Memory() {
    }

    /** Where a view's first element lies. */
    public static long address(View view) {
        return ((CpuBuffer) view.buffer()).address() + view.offset();
    }

    /**
     * The same address, so that the JIT compiler can tell that it is not negative and, with a distance that is not either,
     * stays within {@link #ALL}: accesses at such sums need no check of bounds, of which there would be one each. Where a
     * loop's index has a constant factor there is one before the loop, which a loop of few rounds does better without.
     */
    public static long at(long address) {
        return address & ADDRESS_BITS;
    }

    /** The same distance in bytes, likewise; it is not negative and below two gigabytes. */
    public static long ahead(long distance) {
        return distance & Integer.MAX_VALUE;
    }

    /** The float at an address. */
    public static float getFloat(long address) {
        return ALL.get(FLOAT, address);
    }

    /** Stores a float. */
    public static void setFloat(long address, float value) {
        ALL.set(FLOAT, address, value);
    }

    /** The double at an address. */
    public static double getDouble(long address) {
        return ALL.get(DOUBLE, address);
    }

    /** Stores a double. */
    public static void setDouble(long address, double value) {
        ALL.set(DOUBLE, address, value);
    }

    /** The int at an address. */
    public static int getInt(long address) {
        return ALL.get(INT, address);
    }

    /** Stores an int. */
    public static void setInt(long address, int value) {
        ALL.set(INT, address, value);
    }

    /** The long at an address. */
    public static long getLong(long address) {
        return ALL.get(LONG, address);
    }

    /** Stores a long. */
    public static void setLong(long address, long value) {
        ALL.set(LONG, address, value);
    }

    /** The short at an address. */
    public static short getShort(long address) {
        return ALL.get(SHORT, address);
    }

    /** Stores a short. */
    public static void setShort(long address, short value) {
        ALL.set(SHORT, address, value);
    }

    /** The byte at an address. */
    public static byte getByte(long address) {
        return ALL.get(ValueLayout.JAVA_BYTE, address);
    }

    /** Stores a byte. */
    public static void setByte(long address, byte value) {
        ALL.set(ValueLayout.JAVA_BYTE, address, value);
    }

    /** Copies bytes between blocks that do not overlap. */
    public static void copy(long from, long to, long bytes) {
        MemorySegment.copy(ALL, from, ALL, to, bytes);
    }

    /** Sets bytes to zero. */
    public static void clear(long address, long bytes) {
        ALL.asSlice(address, bytes).fill((byte) 0);
    }
}
