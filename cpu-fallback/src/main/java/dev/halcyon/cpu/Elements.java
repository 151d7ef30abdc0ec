package dev.halcyon.cpu;

import dev.halcyon.tensor.DataType;

/** Single elements of any type: what casts and copies between types are made of. */
final class Elements {
    private Elements() {
    }

    /** Element {@code i} of a block. */
    static double get(DataType type, long block, long i) {
        return switch (type) {
            case FLOAT32 -> Memory.getFloat(block + 4 * i);
            case FLOAT64 -> Memory.getDouble(block + 8 * i);
            case BFLOAT16 -> Float.intBitsToFloat(Memory.getShort(block + 2 * i) << 16);
            case FLOAT16 -> Float.float16ToFloat(Memory.getShort(block + 2 * i));
            case INT32 -> Memory.getInt(block + 4 * i);
            case INT64 -> Memory.getLong(block + 8 * i);
            case UINT8 -> Byte.toUnsignedInt(Memory.getByte(block + i));
        };
    }

    /** Stores a number: rounded to nearest even in narrower floats, truncated in integers. */
    static void set(DataType type, long block, long i, double value) {
        switch (type) {
            case FLOAT32 -> Memory.setFloat(block + 4 * i, (float) value);
            case FLOAT64 -> Memory.setDouble(block + 8 * i, value);
            case BFLOAT16 -> Memory.setShort(block + 2 * i, bfloat16(oddly(value)));
            case FLOAT16 -> Memory.setShort(block + 2 * i, Float.floatToFloat16(oddly(value)));
            case INT32, INT64, UINT8 -> setWhole(type, block, i, (long) value);
        }
    }

    /** Stores a whole number in an integer type. */
    static void setWhole(DataType type, long block, long i, long value) {
        switch (type) {
            case INT32 -> Memory.setInt(block + 4 * i, (int) value);
            case INT64 -> Memory.setLong(block + 8 * i, value);
            case UINT8 -> Memory.setByte(block + i, (byte) value);
            case FLOAT32, FLOAT64, BFLOAT16, FLOAT16 -> set(type, block, i, value);
        }
    }

    /** A float from which rounding once more gives what rounding the double would: inexact ones end in a 1. */
    private static float oddly(double value) {
        float nearest = (float) value;
        if (nearest == value || Float.isNaN(nearest) || Float.isInfinite(nearest)) {
            return nearest;
        }
        int bits = Float.floatToRawIntBits(nearest);
        int towardsZero = Math.abs((double) nearest) > Math.abs(value) ? bits - 1 : bits;
        return Float.intBitsToFloat(towardsZero | 1);
    }

    /** The nearest bfloat16, to even where two are as near. */
    static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
