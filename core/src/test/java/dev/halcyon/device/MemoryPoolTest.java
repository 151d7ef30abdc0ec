package dev.halcyon.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.device.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MemoryPoolTest {
    private static final long LIMIT = 1 << 16;

    private final MemoryPool pool = new MemoryPool(new ReferenceBackend(), LIMIT);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void aBufferIsUsedAgainForTheSameSize() {
        Buffer first = pool.take(1000);
        pool.give(first);
        assertSame(first, pool.take(1000));
        assertNotSame(first, pool.take(1000));
    }

    @Test
    void bytesAreCounted() {
        Buffer first = pool.take(1000);
        Buffer second = pool.take(3000);
        long both = first.bytes() + second.bytes();
        assertEquals(new MemoryStatistics(both, both, 0), pool.statistics());
        pool.give(second);
        assertEquals(new MemoryStatistics(first.bytes(), both, second.bytes()), pool.statistics());
        pool.resetPeak();
        assertEquals(first.bytes(), pool.statistics().peak());
        pool.trim();
        assertEquals(0, pool.statistics().pooled());
    }

    @Test
    void givingTwiceIsIgnored() {
        Buffer buffer = pool.take(1000);
        pool.give(buffer);
        pool.give(buffer);
        assertEquals(buffer.bytes(), pool.statistics().pooled());
        assertSame(buffer, pool.take(1000));
        assertNotSame(buffer, pool.take(1000));
    }

    @Test
    void pooledMemoryOfOtherSizesMakesRoom() {
        pool.give(pool.take(40_000));
        Buffer large = pool.take(60_000);
        assertEquals(new MemoryStatistics(large.bytes(), large.bytes(), 0), pool.statistics());
    }

    @Test
    void whatDoesNotFitIsRefusedInOneSentence() {
        Buffer buffer = pool.take(32_768);
        DeviceMemoryException refusal = assertThrows(DeviceMemoryException.class, () -> pool.take(40_000));
        assertEquals("not enough device memory for 40960 bytes: 32768 bytes in use, 0 bytes pooled,"
                + " 65536 bytes allowed", refusal.getMessage());
        pool.give(buffer);
        assertTrue(pool.take(40_000).bytes() >= 40_000);
    }

    @Test
    void whatNobodyOwnsComesBack() {
        for (int i = 0; i < 100; i++) {
            Buffer buffer = pool.take(20_000);
            pool.watch(new Object(), () -> pool.give(buffer));
        }
        assertTrue(pool.statistics().inUse() <= LIMIT);
    }

    @Test
    void anEndedWatchDoesNothing() {
        List<String> released = new ArrayList<>();
        MemoryPool.Watch watch = pool.watch(new Object(), () -> released.add("released"));
        watch.end();
        System.gc();
        pool.give(pool.take(10));
        assertEquals(List.of(), released);
    }

    @Property(tries = 500)
    void sizeClassesWasteAtMostAnEighth(@ForAll @LongRange(max = 1L << 50) long bytes) {
        long size = MemoryPool.sizeClass(bytes);
        assertTrue(size >= bytes);
        assertTrue(size <= Math.max(256, bytes + Math.max(63, bytes / 8)), bytes + " became " + size);
        assertEquals(size, MemoryPool.sizeClass(size));
        assertEquals(0, size % 64);
    }

    @Test
    void negativeSizesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> MemoryPool.sizeClass(-1));
    }
}
