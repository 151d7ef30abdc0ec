package dev.halcyon.data;

/** The outer structure of JPEG and PNG files: whether they reach their end. Decoders often accept files cut short. */
final class ImageStructure {
    private static final int MARKER = 0xff;
    private static final int START_OF_IMAGE = 0xd8;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;
    private static final int FIRST_RESTART = 0xd0;
    private static final int LAST_RESTART = 0xd7;
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte[] PNG_END = {'I', 'E', 'N', 'D'};

    private ImageStructure() {
    }

    static boolean isJpeg(byte[] bytes) {
        return bytes.length > 2 && at(bytes, 0) == MARKER && at(bytes, 1) == START_OF_IMAGE;
    }

    private static boolean isPng(byte[] bytes) {
        return startsWith(bytes, 0, PNG);
    }

    /** Whether a file with this beginning has its end among its last bytes. */
    static boolean hasEnd(byte[] start, byte[] end) {
        if (isJpeg(start)) {
            for (int i = end.length - 2; i >= 0; i--) {
                if (at(end, i) == MARKER && at(end, i + 1) == END_OF_IMAGE) {
                    return true;
                }
            }
            return false;
        }
        return !isPng(start) || contains(end, PNG_END);
    }

    /** Whether a JPEG or PNG goes on to its end; true for other kinds, whose readers notice by themselves. */
    static boolean isComplete(byte[] bytes) {
        if (isJpeg(bytes)) {
            return jpegReachesEnd(bytes);
        }
        return !isPng(bytes) || contains(bytes, PNG_END);
    }

    /** Walks from segment to segment; behind a scan's header, to the next marker that is not part of its data. */
    private static boolean jpegReachesEnd(byte[] bytes) {
        int i = 2;
        while (i + 1 < bytes.length) {
            if (at(bytes, i) != MARKER) {
                i++;
                continue;
            }
            int marker = at(bytes, i + 1);
            if (marker == END_OF_IMAGE) {
                return true;
            }
            boolean alone = marker == 0 || marker == MARKER || marker >= FIRST_RESTART && marker <= LAST_RESTART;
            if (alone) {
                i += marker == MARKER ? 1 : 2;
            } else if (i + 3 < bytes.length) {
                i += 2 + (at(bytes, i + 2) << 8 | at(bytes, i + 3));
                if (marker == START_OF_SCAN) {
                    i = scanEnd(bytes, i);
                }
            } else {
                return false;
            }
        }
        return false;
    }

    private static int scanEnd(byte[] bytes, int start) {
        int i = start;
        while (i + 1 < bytes.length) {
            int next = at(bytes, i + 1);
            boolean data = at(bytes, i) != MARKER || next == 0 || next >= FIRST_RESTART && next <= LAST_RESTART;
            if (!data) {
                return i;
            }
            i++;
        }
        return bytes.length;
    }

    private static boolean contains(byte[] bytes, byte[] wanted) {
        for (int i = bytes.length - wanted.length; i >= 0; i--) {
            if (startsWith(bytes, i, wanted)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] bytes, int offset, byte[] wanted) {
        if (bytes.length < offset + wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[offset + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private static int at(byte[] bytes, int i) {
        return Byte.toUnsignedInt(bytes[i]);
    }
}
