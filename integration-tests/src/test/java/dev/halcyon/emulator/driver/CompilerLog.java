package dev.halcyon.emulator.driver;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static jcuda.driver.CUjit_option.CU_JIT_ERROR_LOG_BUFFER;
import static jcuda.driver.CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES;
import static jcuda.driver.CUjit_option.CU_JIT_INFO_LOG_BUFFER;
import static jcuda.driver.CUjit_option.CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Where a program wants what the compiler of PTX says.
 *
 * @param values of the options, by their numbers
 * @param slots where the values lie: the sizes are overwritten by how much was said
 */
record CompilerLog(Map<Integer, Long> values, Map<Integer, Long> slots) {
    /** Nowhere. */
    static CompilerLog none() {
        return new CompilerLog(Map.of(), Map.of());
    }

    /** Reads {@code cuModuleLoadDataEx}'s options: their number, an array of {@code int} and one of pointers. */
    static CompilerLog of(int count, long options, long optionValues) {
        Map<Integer, Long> values = new HashMap<>();
        Map<Integer, Long> slots = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int option = HostMemory.ALL.get(JAVA_INT, options + (long) i * Integer.BYTES);
            long slot = optionValues + (long) i * Long.BYTES;
            values.put(option, HostMemory.ALL.get(JAVA_LONG, slot));
            slots.put(option, slot);
        }
        return new CompilerLog(values, slots);
    }

    void info(String text) {
        write(text, CU_JIT_INFO_LOG_BUFFER, CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES);
    }

    void error(String text) {
        write(text, CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES);
    }

    private void write(String text, int bufferOption, int sizeOption) {
        long size = values.getOrDefault(sizeOption, 0L);
        if (values.containsKey(bufferOption) && size > 0) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            byte[] ended = Arrays.copyOf(bytes, (int) Math.min(bytes.length + 1L, size));
            ended[ended.length - 1] = 0;
            MemorySegment buffer = HostMemory.at(values.get(bufferOption), ended.length);
            MemorySegment.copy(ended, 0, buffer, JAVA_BYTE, 0, ended.length);
            HostMemory.ALL.set(JAVA_LONG, slots.get(sizeOption), ended.length);
        }
    }
}
