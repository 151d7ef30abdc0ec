package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.memory.DeviceMemory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A device on which tests try kernels. */
final class Bench implements AutoCloseable {
    final DeviceMemory memory = new DeviceMemory(0, 1L << 28);
    final Findings findings = new Findings();

    /** PTX of a kernel {@code k} with pointers as parameters {@code p0} and so on, and with registers of every type. */
    static String kernel(int pointers, String body) {
        StringBuilder parameters = new StringBuilder();
        for (int i = 0; i < pointers; i++) {
            parameters.append(i == 0 ? "" : ", ").append(".param .u64 p").append(i);
        }
        return """
                .version 7.8
                .target sm_80
                .address_size 64
                .visible .entry k(%s)
                {
                    .reg .pred %%p<16>;
                    .reg .b16 %%h<16>;
                    .reg .b32 %%r<32>;
                    .reg .f32 %%f<16>;
                    .reg .b64 %%l<32>;
                    .reg .f64 %%d<16>;
                %s
                    ret;
                }
                """.formatted(parameters, body);
    }

    /** The text of a resource in the emulator's folder. */
    static String resource(String name) {
        try (InputStream stream = Bench.class.getResourceAsStream("/dev/halcyon/emulator/" + name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long upload(MemorySegment source) {
        long address = memory.allocate(source.byteSize());
        memory.write(address, source);
        return address;
    }

    long upload(int... values) {
        return upload(MemorySegment.ofArray(values));
    }

    long upload(float... values) {
        return upload(MemorySegment.ofArray(values));
    }

    long upload(long... values) {
        return upload(MemorySegment.ofArray(values));
    }

    int[] ints(long address, int count) {
        int[] values = new int[count];
        memory.read(address, MemorySegment.ofArray(values));
        return values;
    }

    long[] longs(long address, int count) {
        long[] values = new long[count];
        memory.read(address, MemorySegment.ofArray(values));
        return values;
    }

    float[] floats(long address, int count) {
        float[] values = new float[count];
        memory.read(address, MemorySegment.ofArray(values));
        return values;
    }

    /** Launches a kernel with parameters that are Integer, Long or Float. */
    LaunchReport launch(String ptx, String kernel, LaunchShape shape, Object... parameters) {
        LoadedModule module = LoadedModule.load(ptx, memory);
        LoadedKernel loaded = module.kernel(kernel);
        ByteBuffer bytes = ByteBuffer.allocate(loaded.parameterBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < parameters.length; i++) {
            bytes.position(loaded.parameterOffsets()[i]);
            switch (parameters[i]) {
                case Integer value -> bytes.putInt(value);
                case Long value -> bytes.putLong(value);
                case Float value -> bytes.putFloat(value);
                default -> throw new IllegalArgumentException("a parameter " + parameters[i]);
            }
        }
        try {
            return loaded.launch(shape, bytes.array(), findings);
        } finally {
            module.unload();
        }
    }

    /**
     * Carries out instructions on words: of lane l, operands i are in %r1, %r2 and so on, and the result in %r0.
     *
     * @param operands arrays of one length, at most 1024
     */
    static int[] words(String instructions, int[]... operands) {
        int count = operands[0].length;
        StringBuilder body = new StringBuilder(addresses(operands.length + 1, 4));
        for (int i = 0; i < operands.length; i++) {
            body.append("ld.global.u32 %r").append(i + 1).append(", [%l").append(i + 11).append("];\n");
        }
        body.append(instructions).append("\nst.global.u32 [%l10], %r0;\n");
        try (Bench bench = new Bench()) {
            List<Object> parameters = new ArrayList<>(List.of(bench.memory.allocate(4L * count)));
            Arrays.stream(operands).forEach(each -> parameters.add(bench.upload(each)));
            bench.launch(kernel(operands.length + 1, body.toString()), "k", LaunchShape.of(1, count),
                    parameters.toArray());
            bench.requireNoFindings();
            return bench.ints((long) parameters.getFirst(), count);
        }
    }

    /** Carries out instructions on numbers of 64 bits: operands in %l1 and so on, the result in %l0. */
    static long[] wides(String instructions, long[]... operands) {
        int count = operands[0].length;
        StringBuilder body = new StringBuilder(addresses(operands.length + 1, 8));
        for (int i = 0; i < operands.length; i++) {
            body.append("ld.global.u64 %l").append(i + 1).append(", [%l").append(i + 11).append("];\n");
        }
        body.append(instructions).append("\nst.global.u64 [%l10], %l0;\n");
        try (Bench bench = new Bench()) {
            List<Object> parameters = new ArrayList<>(List.of(bench.memory.allocate(8L * count)));
            Arrays.stream(operands).forEach(each -> parameters.add(bench.upload(each)));
            bench.launch(kernel(operands.length + 1, body.toString()), "k", LaunchShape.of(1, count),
                    parameters.toArray());
            bench.requireNoFindings();
            return bench.longs((long) parameters.getFirst(), count);
        }
    }

    /** Carries out instructions on float32 numbers, as {@link #words} does: %r registers hold their bits. */
    static float[] floats(String instructions, float[]... operands) {
        int[][] bits = Arrays.stream(operands).map(Bench::bits).toArray(int[][]::new);
        int[] results = words(instructions, bits);
        float[] numbers = new float[results.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Float.intBitsToFloat(results[i]);
        }
        return numbers;
    }

    static int[] bits(float... numbers) {
        int[] bits = new int[numbers.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(numbers[i]);
        }
        return bits;
    }

    static long[] bits(double... numbers) {
        long[] bits = new long[numbers.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Double.doubleToRawLongBits(numbers[i]);
        }
        return bits;
    }

    /** The numbers of the lanes 0 to count - 1. */
    static int[] lanes(int count) {
        int[] lanes = new int[count];
        Arrays.setAll(lanes, i -> i);
        return lanes;
    }

    private static String addresses(int pointers, int bytes) {
        StringBuilder text = new StringBuilder("mov.u32 %r31, %tid.x;\nmul.wide.u32 %l31, %r31, " + bytes + ";\n");
        for (int i = 0; i < pointers; i++) {
            text.append("ld.param.u64 %l").append(10 + i).append(", [p").append(i).append("];\n").append("add.s64 %l")
                    .append(10 + i).append(", %l").append(10 + i).append(", %l31;\n");
        }
        return text.toString();
    }

    void requireNoFindings() {
        if (!findings.all().isEmpty()) {
            throw new AssertionError("no findings were expected: " + findings.all());
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
