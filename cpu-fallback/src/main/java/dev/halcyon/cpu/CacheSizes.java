package dev.halcyon.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How large the processor's caches are, where the system tells. */
final class CacheSizes {
    private static final Path FIRST_LEVEL = Path.of("/sys/devices/system/cpu/cpu0/cache/index0/size");
    private static final long USUAL_FIRST_LEVEL = 32 << 10;

    private CacheSizes() {
    }

    /** Bytes of a core's first-level data cache. */
    static long firstLevel() {
        try {
            String size = Files.readString(FIRST_LEVEL).strip();
            return size.endsWith("K") ? Long.parseLong(size.substring(0, size.length() - 1)) << 10 : USUAL_FIRST_LEVEL;
        } catch (IOException | NumberFormatException e) {
            return USUAL_FIRST_LEVEL;
        }
    }
}
