package dev.halcyon.emulator.execution;

import java.util.HashMap;
import java.util.Map;

/** A set of sectors of memory, kept as bits by pages of 1 MiB. */
final class Footprint {
    private static final int PAGE_BITS = 15;
    private static final int RECENT = 16;

    private final Map<Long, long[]> pages = new HashMap<>();
    /** Pages that were used last, by the end of their number. */
    private final long[] numbers = new long[RECENT];
    private final long[][] recent = new long[RECENT][];

    void add(long sector) {
        long number = sector >> PAGE_BITS;
        int place = (int) number & RECENT - 1;
        if (recent[place] == null || numbers[place] != number) {
            numbers[place] = number;
            recent[place] = pages.computeIfAbsent(number, key -> new long[1 << PAGE_BITS - 6]);
        }
        recent[place][(int) (sector >> 6) & (1 << PAGE_BITS - 6) - 1] |= 1L << sector;
    }

    void addAll(Footprint other) {
        other.pages.forEach((number, page) -> pages.merge(number, page, (own, more) -> {
            for (int i = 0; i < own.length; i++) {
                own[i] |= more[i];
            }
            return own;
        }));
    }

    /** How many there are. */
    long size() {
        long size = 0;
        for (long[] page : pages.values()) {
            for (long bits : page) {
                size += Long.bitCount(bits);
            }
        }
        return size;
    }
}
