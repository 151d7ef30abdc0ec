package dev.halcyon.emulator.execution;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in arrays of bytes, little-endian, at any offset. */
final class Bytes {
    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    private Bytes() {
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    static int getInt(byte[] data, int at) {
        return (int) INT.get(data, at);
    }

    static void setInt(byte[] data, int at, int value) {
        INT.set(data, at, value);
    }

    static long getLong(byte[] data, int at) {
        return (long) LONG.get(data, at);
    }

    static void setLong(byte[] data, int at, long value) {
        LONG.set(data, at, value);
    }

    /** An unsigned number of 1, 2 or 4 bytes, or one of 8. */
    static long get(byte[] data, int at, int bytes) {
        return switch (bytes) {
            case 1 -> data[at] & 0xffL;
            case 2 -> (short) SHORT.get(data, at) & 0xffffL;
            case 4 -> (int) INT.get(data, at) & 0xffffffffL;
            default -> (long) LONG.get(data, at);
        };
    }

    /** Stores the lower 1, 2, 4 or 8 bytes of a number. */
    static void set(byte[] data, int at, int bytes, long value) {
        switch (bytes) {
            case 1 -> data[at] = (byte) value;
            case 2 -> SHORT.set(data, at, (short) value);
            case 4 -> INT.set(data, at, (int) value);
            default -> LONG.set(data, at, value);
        }
    }
}
