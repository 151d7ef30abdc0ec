package dev.halcyon.it;

import dev.halcyon.tensor.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers as the bytes that a tensor of some element type has, and back. */
final class HostNumbers {
    private HostNumbers() {
    }

    static byte[] encode(double[] numbers, DataType type) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (double number : numbers) {
            switch (type) {
                case FLOAT32 -> bytes.putFloat((float) number);
                case FLOAT64 -> bytes.putDouble(number);
                case BFLOAT16 -> bytes.putShort((short) (Float.floatToIntBits((float) number) >>> 16));
                case FLOAT16 -> bytes.putShort(Float.floatToFloat16((float) number));
                case INT32 -> bytes.putInt((int) number);
                case INT64 -> bytes.putLong((long) number);
                case UINT8 -> bytes.put((byte) (int) number);
            }
        }
        return bytes.array();
    }

    static double[] decode(byte[] encoded, DataType type) {
        ByteBuffer bytes = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        double[] numbers = new double[encoded.length / type.bytes()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (type) {
                case FLOAT32 -> bytes.getFloat();
                case FLOAT64 -> bytes.getDouble();
                case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort() << 16);
                case FLOAT16 -> Float.float16ToFloat(bytes.getShort());
                case INT32 -> bytes.getInt();
                case INT64 -> bytes.getLong();
                case UINT8 -> Byte.toUnsignedInt(bytes.get());
            };
        }
        return numbers;
    }
}
