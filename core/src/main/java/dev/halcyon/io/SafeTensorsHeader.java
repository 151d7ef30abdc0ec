package dev.halcyon.io;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file.
 *
 * @param metadata free text by key
 * @param places what lies where, by name
 */
record SafeTensorsHeader(Map<String, String> metadata, Map<String, Place> places) {
    private static final String METADATA = "__metadata__";
    private static final int ALIGNMENT = 8;

    /**
     * Where a tensor's data lies.
     *
     * @param begin first byte, from the end of the header
     * @param end behind the last byte
     */
    record Place(DataType type, Shape shape, long begin, long end) {
    }

    static SafeTensorsHeader of(Map<String, SafeTensors.Entry> entries, Map<String, String> metadata) {
        Map<String, Place> places = new LinkedHashMap<>();
        long next = 0;
        for (Map.Entry<String, SafeTensors.Entry> entry : entries.entrySet()) {
            long end = next + entry.getValue().data().byteSize();
            places.put(entry.getKey(), new Place(entry.getValue().type(), entry.getValue().shape(), next, end));
            next = end;
        }
        return new SafeTensorsHeader(metadata, places);
    }

    static SafeTensorsHeader parse(Path file, String json) {
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, Place> places = new LinkedHashMap<>();
        try (JsonReader reader = new JsonReader(new StringReader(json.stripTrailing()))) {
            reader.setStrictness(Strictness.STRICT);
            reader.beginObject();
            while (reader.hasNext()) {
                String name = reader.nextName();
                if (name.equals(METADATA)) {
                    readMetadata(reader, metadata);
                } else if (places.put(name, readPlace(file, name, reader)) != null) {
                    throw new FormatException(file + ": the header names tensor '" + name + "' twice");
                }
            }
            reader.endObject();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new FormatException(file + ": there is text behind the header's JSON");
            }
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw new FormatException(file + ": the header is not what a safetensors file has: " + e.getMessage(), e);
        }
        return new SafeTensorsHeader(metadata, places);
    }

    private static void readMetadata(JsonReader reader, Map<String, String> metadata) throws IOException {
        reader.beginObject();
        while (reader.hasNext()) {
            metadata.put(reader.nextName(), reader.nextString());
        }
        reader.endObject();
    }

    private static Place readPlace(Path file, String name, JsonReader reader) throws IOException {
        String code = "";
        List<Long> extents = List.of();
        List<Long> offsets = List.of();
        reader.beginObject();
        while (reader.hasNext()) {
            switch (reader.nextName()) {
                case "dtype" -> code = reader.nextString();
                case "shape" -> extents = readLongs(reader);
                case "data_offsets" -> offsets = readLongs(reader);
                default -> reader.skipValue();
            }
        }
        reader.endObject();
        if (offsets.size() != 2) {
            throw new FormatException(file + ": tensor '" + name + "' has no begin and end of its data");
        }
        String given = code;
        DataType type = Arrays.stream(DataType.values()).filter(t -> t.code().equals(given)).findFirst()
                .orElseThrow(() -> new FormatException(
                        file + ": tensor '" + name + "' has type '" + given + "', which is not supported"));
        long[] shape = extents.stream().mapToLong(Long::longValue).toArray();
        try {
            return new Place(type, Shape.of(shape), offsets.get(0), offsets.get(1));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new FormatException(file + ": tensor '" + name + "' has a shape that cannot be: " + extents, e);
        }
    }

    private static List<Long> readLongs(JsonReader reader) throws IOException {
        List<Long> values = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            values.add(reader.nextLong());
        }
        reader.endArray();
        return values;
    }

    /** Checks that the tensors fill the data exactly, without gaps and overlaps. */
    void check(Path file, long dataBytes) {
        List<Map.Entry<String, Place>> byPlace = new ArrayList<>(places.entrySet());
        byPlace.sort(Comparator.comparingLong(entry -> entry.getValue().begin));
        long expected = 0;
        for (Map.Entry<String, Place> entry : byPlace) {
            Place place = entry.getValue();
            String subject = file + ": tensor '" + entry.getKey() + "'";
            if (place.begin < 0 || place.end < place.begin || place.end > dataBytes) {
                throw new FormatException(subject + " lies at bytes " + place.begin + " to " + place.end + " of "
                        + dataBytes);
            }
            if (place.begin != expected) {
                throw new FormatException(subject + (place.begin < expected ? " overlaps another" : " leaves a gap")
                        + ": expected it to begin at byte " + expected + ", found " + place.begin);
            }
            long needed = multiply(place.shape.elements(), place.type.bytes());
            if (place.end - place.begin != needed) {
                throw new FormatException(subject + ": expected " + needed + " bytes for " + place.type + " "
                        + place.shape + ", found " + (place.end - place.begin));
            }
            expected = place.end;
        }
        if (expected != dataBytes) {
            throw new FormatException(file + ": expected " + expected + " bytes of data, found " + dataBytes);
        }
    }

    private static long multiply(long elements, int bytes) {
        return elements > Long.MAX_VALUE / bytes ? Long.MAX_VALUE : elements * bytes;
    }

    byte[] toJson() throws IOException {
        StringWriter text = new StringWriter();
        JsonWriter writer = new JsonWriter(text);
        writer.beginObject();
        if (!metadata.isEmpty()) {
            writer.name(METADATA).beginObject();
            for (Map.Entry<String, String> entry : metadata.entrySet()) {
                writer.name(entry.getKey()).value(entry.getValue());
            }
            writer.endObject();
        }
        for (Map.Entry<String, Place> entry : places.entrySet()) {
            writePlace(writer.name(entry.getKey()), entry.getValue());
        }
        writer.endObject();
        byte[] json = text.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] header = Arrays.copyOf(json, padded);
        Arrays.fill(header, json.length, padded, (byte) ' ');
        return header;
    }

    private static void writePlace(JsonWriter writer, Place place) throws IOException {
        writer.beginObject().name("dtype").value(place.type.code()).name("shape").beginArray();
        for (long extent : place.shape.extents()) {
            writer.value(extent);
        }
        writer.endArray().name("data_offsets").beginArray().value(place.begin).value(place.end).endArray().endObject();
    }
}
