package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.ptx.Space;

/** The parts of the generic address space: shared and local memory have windows in it, global addresses stay as they are. */
enum Window {
    GLOBAL(0), SHARED(0x1000_0000_0000L), LOCAL(0x2000_0000_0000L);

    private static final int BITS = 32;

    private final long start;

    Window(long start) {
        this.start = start;
    }

    /** The generic address of the space's address 0. */
    long start() {
        return start;
    }

    static Window of(Space space) {
        return switch (space) {
            case SHARED -> SHARED;
            case LOCAL -> LOCAL;
            default -> GLOBAL;
        };
    }

    /** The part that a generic address lies in. */
    static Window at(long address) {
        long upper = address >>> BITS << BITS;
        return upper == SHARED.start ? SHARED : upper == LOCAL.start ? LOCAL : GLOBAL;
    }
}
