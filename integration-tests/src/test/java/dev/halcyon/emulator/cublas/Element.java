package dev.halcyon.emulator.cublas;

import dev.halcyon.emulator.arithmetic.Half;
import dev.halcyon.emulator.memory.DeviceMemory;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/** The types of elements, by their {@code cudaDataType}. */
enum Element {
    R_32F(0, Float.BYTES) {
        @Override
        void read(DeviceMemory memory, long address, float[] target, int at, int count) {
            memory.read(address, MemorySegment.ofArray(target).asSlice((long) at * bytes(), (long) count * bytes()));
        }

        @Override
        void write(DeviceMemory memory, long address, float[] source, int at, int count) {
            memory.write(address, MemorySegment.ofArray(source).asSlice((long) at * bytes(), (long) count * bytes()));
        }
    },
    R_16F(2, Short.BYTES) {
        @Override
        void read(DeviceMemory memory, long address, float[] target, int at, int count) {
            readHalves(Half.F16, memory, address, target, at, count);
        }

        @Override
        void write(DeviceMemory memory, long address, float[] source, int at, int count) {
            writeHalves(Half.F16, memory, address, source, at, count);
        }
    },
    R_16BF(14, Short.BYTES) {
        @Override
        void read(DeviceMemory memory, long address, float[] target, int at, int count) {
            readHalves(Half.BF16, memory, address, target, at, count);
        }

        @Override
        void write(DeviceMemory memory, long address, float[] source, int at, int count) {
            writeHalves(Half.BF16, memory, address, source, at, count);
        }
    };

    private final int code;
    private final int bytes;

    Element(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    static Optional<Element> of(int code) {
        return Arrays.stream(values()).filter(element -> element.code == code).findAny();
    }

    /** Bytes of an element. */
    int bytes() {
        return bytes;
    }

    /** Reads elements that lie next to each other. */
    abstract void read(DeviceMemory memory, long address, float[] target, int at, int count);

    /** Writes elements that lie next to each other, rounded to the nearest. */
    abstract void write(DeviceMemory memory, long address, float[] source, int at, int count);

    private static void readHalves(Half half, DeviceMemory memory, long address, float[] target, int at, int count) {
        short[] bits = new short[count];
        memory.read(address, MemorySegment.ofArray(bits));
        for (int i = 0; i < count; i++) {
            target[at + i] = half.toFloat(bits[i]);
        }
    }

    private static void writeHalves(Half half, DeviceMemory memory, long address, float[] source, int at, int count) {
        short[] bits = new short[count];
        for (int i = 0; i < count; i++) {
            bits[i] = (short) half.of(source[at + i]);
        }
        memory.write(address, MemorySegment.ofArray(bits));
    }
}
