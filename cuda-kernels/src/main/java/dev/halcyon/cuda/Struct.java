package dev.halcyon.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A struct that a kernel takes by value: its members in their order, laid out as C does it. */
final class Struct {
    /** As much as a kernel may take. */
    private static final int MOST = 4096;

    private final ByteBuffer bytes = ByteBuffer.allocate(MOST).order(ByteOrder.LITTLE_ENDIAN);

    /** Members of type {@code int} or {@code unsigned}. */
    Struct int32(int... values) {
        for (int value : values) {
            bytes.putInt(value);
        }
        return this;
    }

    /** Members of type {@code float}. */
    Struct float32(double... values) {
        for (double value : values) {
            bytes.putFloat((float) value);
        }
        return this;
    }

    /** Members of type {@code long long} or pointers. */
    Struct int64(long... values) {
        bytes.position(Math.ceilDiv(bytes.position(), Long.BYTES) * Long.BYTES);
        for (long value : values) {
            bytes.putLong(value);
        }
        return this;
    }

    /** Members of type {@code Divisor}. */
    Struct divisors(Divisor... values) {
        for (Divisor value : values) {
            for (long word : value.words()) {
                bytes.putInt((int) word).putInt((int) (word >>> Integer.SIZE));
            }
        }
        return this;
    }

    /** What {@link Arguments#struct} takes. */
    long[] words() {
        long[] words = new long[Math.ceilDiv(bytes.position(), Long.BYTES)];
        for (int i = 0; i < words.length; i++) {
            words[i] = bytes.getLong(i * Long.BYTES);
        }
        return words;
    }
}
