package dev.halcyon.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Occupancies that NVIDIA's calculator gives. */
final class ArchitectureTest {
    @Test
    void smallKernelsFillAMultiprocessor() {
        assertEquals(1, Architecture.SM_80.occupancy(256, 32, 0));
        assertEquals(1, Architecture.SM_75.occupancy(256, 64, 0));
        assertEquals(1, Architecture.SM_86.occupancy(256, 40, 0));
    }

    @Test
    void registersAreALimit() {
        assertEquals(0.25, Architecture.SM_80.occupancy(256, 128, 0));
        assertEquals(0.125, Architecture.SM_90.occupancy(256, 255, 0));
    }

    @Test
    void sharedMemoryIsALimitWithTheSystemsPart() {
        assertEquals(0.375, Architecture.SM_80.occupancy(256, 32, 48 << 10));
        assertEquals(0.5, Architecture.SM_75.occupancy(256, 32, 32 << 10));
    }

    @Test
    void blocksAreALimit() {
        assertEquals(0.5, Architecture.SM_80.occupancy(32, 16, 0));
    }
}
