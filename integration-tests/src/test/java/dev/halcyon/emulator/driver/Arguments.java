package dev.halcyon.emulator.driver;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;

import java.lang.foreign.ValueLayout;

/**
 * The arguments of one call, by their places from 0.
 *
 * @param address of the array of 64-bit words that the stand-in library made of them
 */
record Arguments(long address) {
    private static final ValueLayout.OfInt INT = JAVA_INT.withByteAlignment(1);
    private static final ValueLayout.OfLong LONG = JAVA_LONG.withByteAlignment(1);

    /** An {@code int} or {@code unsigned}: the upper half of its word is undefined. */
    int int32(int index) {
        return (int) int64(index);
    }

    /** A pointer, handle or {@code size_t}. */
    long int64(int index) {
        return HostMemory.ALL.get(JAVA_LONG, address + (long) index * Long.BYTES);
    }

    /** A pointer that must not be null. */
    long pointer(int index) {
        long pointer = int64(index);
        DriverError.unless(pointer != 0, CUDA_ERROR_INVALID_VALUE);
        return pointer;
    }

    /** A string that ends with a zero. */
    String string(int index) {
        return HostMemory.ALL.getString(pointer(index));
    }

    /** Writes an {@code int} to where an argument points. */
    void setInt32(int index, int value) {
        HostMemory.ALL.set(INT, pointer(index), value);
    }

    /** Writes a handle or size to where an argument points. */
    void setInt64(int index, long value) {
        HostMemory.ALL.set(LONG, pointer(index), value);
    }

    /** Writes a handle or size unless the pointer is null. */
    void setInt64IfWanted(int index, long value) {
        if (int64(index) != 0) {
            setInt64(index, value);
        }
    }

    /** Reads an {@code int} from where an argument points. */
    int getInt32(int index) {
        return HostMemory.ALL.get(INT, pointer(index));
    }

    /** Reads a handle or size from where an argument points. */
    long getInt64(int index) {
        return HostMemory.ALL.get(LONG, pointer(index));
    }
}
