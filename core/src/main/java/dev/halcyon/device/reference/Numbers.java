package dev.halcyon.device.reference;

import dev.halcyon.device.Buffer;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A view whose elements are read and written as doubles, whatever their type. */
record Numbers(MemorySegment memory, DataType type, long offset) {
    /** Memory of the reference backend. */
    record Block(Arena arena, MemorySegment memory) implements Buffer {
        @Override
        public long bytes() {
            return memory.byteSize();
        }
    }

    static Numbers of(View view) {
        return new Numbers(((Block) view.buffer()).memory, view.type(), view.offset());
    }

    double get(long i) {
        long at = offset + i * type.bytes();
        return switch (type) {
            case FLOAT32 -> memory.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
            case FLOAT64 -> memory.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at);
            case BFLOAT16 -> Float.intBitsToFloat(memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) << 16);
            case FLOAT16 -> Float.float16ToFloat(memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
            case INT32 -> memory.get(ValueLayout.JAVA_INT_UNALIGNED, at);
            case INT64 -> memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
            case UINT8 -> Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, at));
        };
    }

    long whole(long i) {
        return type == DataType.INT64
                ? memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + 8 * i)
                : (long) get(i);
    }

    /** Refuses elements that are no index below {@code count}. */
    void checkIndices(String operation, long elements, long count) {
        for (long i = 0; i < elements; i++) {
            if (whole(i) < 0 || whole(i) >= count) {
                throw new IllegalArgumentException(operation + ": expected indices in [0, " + count + "), found "
                        + whole(i) + " at position " + i);
            }
        }
    }

    void set(long i, double value) {
        long at = offset + i * type.bytes();
        switch (type) {
            case FLOAT32 -> memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) value);
            case FLOAT64 -> memory.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, at, value);
            case BFLOAT16 -> memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, bfloat16((float) value));
            case FLOAT16 -> memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16((float) value));
            case INT32, INT64, UINT8 -> setWhole(i, (long) value);
        }
    }

    void setWhole(long i, long value) {
        long at = offset + i * type.bytes();
        switch (type) {
            case INT32 -> memory.set(ValueLayout.JAVA_INT_UNALIGNED, at, (int) value);
            case INT64 -> memory.set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
            case UINT8 -> memory.set(ValueLayout.JAVA_BYTE, at, (byte) value);
            case FLOAT32, FLOAT64, BFLOAT16, FLOAT16 -> set(i, value);
        }
    }

    void add(long i, double value) {
        set(i, get(i) + value);
    }

    /** To nearest, ties to even; NaN stays NaN. */
    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
