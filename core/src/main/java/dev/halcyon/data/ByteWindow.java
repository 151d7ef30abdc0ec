package dev.halcyon.data;

import java.io.EOFException;
import java.io.IOException;

/** Numbers anywhere in a file, of which one block at a time is held. All are unsigned. */
final class ByteWindow {
    private static final int BLOCK = 1 << 14;

    private final ImageFile file;
    private byte[] block = {};
    private long start;

    ByteWindow(ImageFile file) {
        this.file = file;
    }

    /** The byte at an offset. */
    int u8(long offset) throws IOException {
        if (offset < start || offset >= start + block.length) {
            block = file.read(offset, BLOCK);
            start = offset;
            if (block.length == 0) {
                throw new EOFException("it ends at byte " + file.size());
            }
        }
        return Byte.toUnsignedInt(block[(int) (offset - start)]);
    }

    /** Two bytes, high one first. */
    int big16(long offset) throws IOException {
        return u8(offset) << 8 | u8(offset + 1);
    }

    /** Four bytes, high ones first. */
    long big32(long offset) throws IOException {
        return (long) big16(offset) << 16 | big16(offset + 2);
    }

    /** Two bytes, low one first. */
    int little16(long offset) throws IOException {
        return u8(offset) | u8(offset + 1) << 8;
    }

    /** Three bytes, low ones first. */
    int little24(long offset) throws IOException {
        return little16(offset) | u8(offset + 2) << 16;
    }

    /** Four bytes, low ones first. */
    long little32(long offset) throws IOException {
        return little16(offset) | (long) little16(offset + 2) << 16;
    }

    /** Whether these characters stand at an offset. */
    boolean has(String ascii, long offset) throws IOException {
        for (int i = 0; i < ascii.length(); i++) {
            if (u8(offset + i) != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
