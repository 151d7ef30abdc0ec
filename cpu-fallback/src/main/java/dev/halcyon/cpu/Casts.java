package dev.halcyon.cpu;

import dev.halcyon.tensor.DataType;

/** Runs of elements from one type to another. The pairs that training uses have loops of their own. */
final class Casts {
    private Casts() {
    }

    static void convert(DataType source, long from, DataType target, long to, long n) {
        if (source == target) {
            Memory.copy(from, to, n * source.bytes());
        } else if (source == DataType.FLOAT32 && target == DataType.BFLOAT16) {
            narrowToBfloat(from, to, n);
        } else if (source == DataType.BFLOAT16 && target == DataType.FLOAT32) {
            widenBfloat(from, to, n);
        } else if (source == DataType.FLOAT32 && target == DataType.FLOAT16) {
            narrowToHalf(from, to, n);
        } else if (source == DataType.FLOAT16 && target == DataType.FLOAT32) {
            widenHalf(from, to, n);
        } else if (source == DataType.UINT8 && target == DataType.FLOAT32) {
            widenBytes(from, to, n);
        } else if (source == DataType.INT64 && !target.isFloating()) {
            for (long i = 0; i < n; i++) {
                Elements.setWhole(target, to, i, Memory.getLong(from + 8 * i));
            }
        } else {
            for (long i = 0; i < n; i++) {
                Elements.set(target, to, i, Elements.get(source, from, i));
            }
        }
    }

    private static void narrowToBfloat(long from, long to, long n) {
        for (long i = 0; i < n; i++) {
            Memory.setShort(to + 2 * i, Elements.bfloat16(Memory.getFloat(from + 4 * i)));
        }
    }

    private static void widenBfloat(long from, long to, long n) {
        for (long i = 0; i < n; i++) {
            Memory.setInt(to + 4 * i, Memory.getShort(from + 2 * i) << 16);
        }
    }

    private static void narrowToHalf(long from, long to, long n) {
        for (long i = 0; i < n; i++) {
            Memory.setShort(to + 2 * i, Float.floatToFloat16(Memory.getFloat(from + 4 * i)));
        }
    }

    private static void widenHalf(long from, long to, long n) {
        for (long i = 0; i < n; i++) {
            Memory.setFloat(to + 4 * i, Float.float16ToFloat(Memory.getShort(from + 2 * i)));
        }
    }

    private static void widenBytes(long from, long to, long n) {
        for (long i = 0; i < n; i++) {
            Memory.setFloat(to + 4 * i, Byte.toUnsignedInt(Memory.getByte(from + i)));
        }
    }
}
