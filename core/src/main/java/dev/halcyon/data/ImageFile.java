package dev.halcyon.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The bytes of an encoded picture, wherever they lie: a file, an entry of an archive. Safe for use by several threads.
 */
public interface ImageFile {
    /** Where the bytes lie, for messages. */
    String name();

    /** Number of bytes. */
    long size() throws IOException;

    /** The bytes from {@code offset} on: {@code length} of them, or fewer where the file ends before. */
    byte[] read(long offset, int length) throws IOException;

    /** A file on disk. */
    static ImageFile of(Path path) {
        return new OnDisk(path);
    }

    /** Bytes in memory, not to be changed. */
    static ImageFile of(String name, byte[] content) {
        return new InMemory(name, content);
    }

    /** A file that is opened for each read, so that thousands can be at hand. */
    record OnDisk(Path path) implements ImageFile {
        @Override
        public String name() {
            return path.toString();
        }

        @Override
        public long size() throws IOException {
            return Files.size(path);
        }

        @Override
        public byte[] read(long offset, int length) throws IOException {
            try (InputStream in = Files.newInputStream(path)) {
                in.skip(offset);
                return in.readNBytes(length);
            }
        }
    }

    /** Bytes that were read before. */
    record InMemory(String name, byte[] content) implements ImageFile {
        @Override
        public long size() {
            return content.length;
        }

        @Override
        public byte[] read(long offset, int length) {
            int from = (int) Math.min(offset, content.length);
            return Arrays.copyOfRange(content, from, from + Math.min(length, content.length - from));
        }
    }
}
