package dev.halcyon.io;

import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file of named tensors: eight bytes with the header's length, the header in JSON, then the data, little-endian and
 * row-major (Hugging Face's safetensors format). Read by mapping it into memory; everything the header says is checked
 * against the file before any of it is used.
 */
public final class SafeTensors implements AutoCloseable {
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long LONGEST_HEADER = 100_000_000;
    private static final long PIECE = 1 << 20;

    private final Path file;
    private final Arena arena;
    private final Map<String, String> metadata;
    private final Map<String, Entry> entries;

    /**
     * One tensor of a file.
     *
     * @param type of its elements
     * @param shape its extents
     * @param data its elements
     */
    public record Entry(DataType type, Shape shape, MemorySegment data) {
        /** Checks that there is as much data as type and shape say. */
        public Entry {
            long expected = shape.elements() * type.bytes();
            if (data.byteSize() != expected) {
                throw new IllegalArgumentException("expected " + expected + " bytes for " + type + " " + shape
                        + ", found " + data.byteSize());
            }
        }
    }

    private SafeTensors(Path file, Arena arena, Map<String, String> metadata, Map<String, Entry> entries) {
        this.file = file;
        this.arena = arena;
        this.metadata = metadata;
        this.entries = entries;
    }

    /**
     * Opens a file.
     *
     * @throws FormatException if it cannot be read or is not a well-formed safetensors file; nothing of it is used then
     */
    public static SafeTensors open(Path file) {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < Long.BYTES) {
                throw new FormatException(file + ": expected a safetensors file, found only " + channel.size()
                        + " bytes");
            }
            MemorySegment content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            long length = content.get(LENGTH, 0);
            if (length < 2 || length > LONGEST_HEADER || length > content.byteSize() - Long.BYTES) {
                throw new FormatException(file + ": expected a safetensors file, found a header of " + length
                        + " bytes in a file of " + content.byteSize());
            }
            byte[] json = content.asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
            SafeTensorsHeader header = SafeTensorsHeader.parse(file, new String(json, StandardCharsets.UTF_8));
            MemorySegment data = content.asSlice(Long.BYTES + length);
            header.check(file, data.byteSize());
            Map<String, Entry> entries = new LinkedHashMap<>();
            header.places().forEach((name, place) -> entries.put(name,
                    new Entry(place.type(), place.shape(), data.asSlice(place.begin(), place.end() - place.begin()))));
            return new SafeTensors(file, arena, header.metadata(), entries);
        } catch (IOException e) {
            arena.close();
            throw new FormatException(file + ": cannot be read (" + reason(e) + ")", e);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException ? "there is no such file" : e.getMessage();
    }

    /** The file this came from. */
    public Path file() {
        return file;
    }

    /** Free text by key. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** All tensors by name, in the header's order; valid until {@link #close}. */
    public Map<String, Entry> entries() {
        return entries;
    }

    /** Unmaps the file. */
    @Override
    public void close() {
        arena.close();
    }

    /**
     * Writes a file, or replaces one, whole or not at all.
     *
     * @throws IOException if that fails; an old file is as it was
     */
    public static void write(Path file, Map<String, Entry> entries, Map<String, String> metadata) throws IOException {
        byte[] header = SafeTensorsHeader.of(entries, metadata).toJson();
        AtomicFile.write(file, channel -> {
            MemorySegment length = MemorySegment.ofArray(new byte[Long.BYTES]);
            length.set(LENGTH, 0, header.length);
            writeFully(channel, length);
            writeFully(channel, MemorySegment.ofArray(header));
            for (Entry entry : entries.values()) {
                writeFully(channel, entry.data);
            }
        });
    }

    /** In pieces through native memory, which a channel wants; segments may lie on the heap. */
    private static void writeFully(FileChannel channel, MemorySegment memory) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment piece = arena.allocate(Math.min(PIECE, Math.max(1, memory.byteSize())));
            for (long start = 0; start < memory.byteSize(); start += PIECE) {
                long bytes = Math.min(PIECE, memory.byteSize() - start);
                MemorySegment.copy(memory, start, piece, 0, bytes);
                ByteBuffer buffer = piece.asSlice(0, bytes).asByteBuffer();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        }
    }
}
