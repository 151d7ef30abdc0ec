package dev.halcyon.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {
    @TempDir
    private Path folder;

    @Test
    void readsWhatItWrote() throws IOException {
        Map<String, SafeTensors.Entry> entries = new LinkedHashMap<>();
        entries.put("b", new SafeTensors.Entry(DataType.FLOAT32, Shape.of(2, 2),
                MemorySegment.ofArray(new float[] {1, -2, 3.5f, Float.NaN})));
        entries.put("a", new SafeTensors.Entry(DataType.INT64, Shape.SCALAR, MemorySegment.ofArray(new long[] {-7})));
        Path file = folder.resolve("x.safetensors");
        SafeTensors.write(file, entries, Map.of("key", "a \"quoted\" value"));
        try (SafeTensors read = SafeTensors.open(file)) {
            assertEquals(Map.of("key", "a \"quoted\" value"), read.metadata());
            assertEquals(List.of("b", "a"), List.copyOf(read.entries().keySet()));
            assertArrayEquals(new float[] {1, -2, 3.5f, Float.NaN},
                    read.entries().get("b").data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
            assertEquals(Shape.SCALAR, read.entries().get("a").shape());
            assertEquals(-7, read.entries().get("a").data().get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
        }
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count(), "temporary files are left");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}} | overlaps
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}                                                      | gap
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,800]}}                                                     | lies at bytes
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}                                                      | lies at bytes
            {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,16]}}                                                      | expected 12 bytes
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}                                                       | expected 8 bytes of data
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}} | twice
            {"a":{"dtype":"C64","shape":[2],"data_offsets":[0,16]}}                                                      | not supported
            {"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,16]}}                                                     | cannot be
            {"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,16]}}                                  | cannot be
            {"a":{"dtype":"F32","shape":[4]}}                                                                            | no begin
            {"a":                                                                                                        | not what
            [1, 2, 3]                                                                                                    | not what""")
    void refusesWrongHeaders(String header, String words) throws IOException {
        FormatException refusal = assertThrows(FormatException.class, () -> SafeTensors.open(file(header, 16)));
        assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("x.safetensors"), refusal.getMessage());
    }

    @Test
    void refusesAHeaderLongerThanTheFile() throws IOException {
        Path file = folder.resolve("x.safetensors");
        ByteBuffer content = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 40);
        Files.write(file, content.array());
        assertThrows(FormatException.class, () -> SafeTensors.open(file));
        Files.write(file, new byte[3]);
        assertThrows(FormatException.class, () -> SafeTensors.open(file));
        assertThrows(FormatException.class, () -> SafeTensors.open(folder.resolve("missing")));
    }

    private Path file(String header, int dataBytes) throws IOException {
        byte[] json = header.strip().getBytes(StandardCharsets.UTF_8);
        ByteBuffer content = ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length).put(json);
        return Files.write(folder.resolve("x.safetensors"), content.array());
    }
}
