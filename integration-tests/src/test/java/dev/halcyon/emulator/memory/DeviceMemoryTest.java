package dev.halcyon.emulator.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

final class DeviceMemoryTest {
    private final DeviceMemory memory = new DeviceMemory(0, 4096);

    private static MemorySegment bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return MemorySegment.ofArray(bytes);
    }

    private byte[] read(long address, int count) {
        byte[] target = new byte[count];
        memory.read(address, MemorySegment.ofArray(target));
        return target;
    }

    @Test
    void capacityIsSpentAndGivenBack() {
        long first = memory.allocate(1);
        long second = memory.allocate(3000);
        assertEquals(0, first % 256);
        assertEquals(0, second % 256);
        assertEquals(256 + 3072, memory.bytesInUse());
        OutOfDeviceMemory e = assertThrows(OutOfDeviceMemory.class, () -> memory.allocate(769));
        assertEquals(769, e.requested());
        assertEquals(768, e.free());
        memory.free(second);
        assertEquals(256, memory.bytesInUse());
        assertNotEquals(second, memory.allocate(3000));
        memory.close();
        assertEquals(0, memory.bytesInUse());
        assertThrows(OutOfDeviceMemory.class, () -> new DeviceMemory(0, 1L << 40).allocate(1L << 33));
    }

    @Test
    void devicesHaveDifferentAddresses() {
        DeviceMemory other = new DeviceMemory(1, 4096);
        long here = memory.allocate(4);
        long there = other.allocate(4);
        assertFalse(memory.contains(there, 1));
        assertFalse(other.contains(here, 1));
        memory.write(here, bytes(1, 2, 3, 4));
        memory.copy(here, other, there, 4);
        assertEquals(0x04030201, other.getInt(there));
        assertEquals(-1, other.firstUnwritten(there, 4));
    }

    @Test
    void faultsAreNoticedAndExplained() {
        long address = memory.allocate(100);
        long freed = memory.allocate(100);
        memory.free(freed);
        assertTrue(assertThrows(AccessFault.class, () -> memory.write(address + 98, bytes(1, 2, 3))).getMessage()
                .contains("1 bytes beyond the 100 bytes allocated"));
        assertTrue(assertThrows(AccessFault.class, () -> read(freed + 8, 4)).getMessage().contains("were freed"));
        assertTrue(assertThrows(AccessFault.class, () -> memory.fill(8, 4, 0, 1)).getMessage()
                .contains("where nothing is allocated"));
        assertTrue(assertThrows(AccessFault.class, () -> memory.free(freed)).getMessage().contains("second time"));
        assertTrue(assertThrows(AccessFault.class, () -> memory.free(address + 4)).getMessage().contains("no start"));
        assertThrows(AccessFault.class, () -> memory.copy(address, address + 1, 100));
        assertThrows(AccessFault.class, () -> memory.getFloat(address + 97));
        assertTrue(memory.contains(address, 100));
        assertFalse(memory.contains(address, 101));
        assertTrue(memory.wasFreed(freed + 99));
        assertFalse(memory.wasFreed(address));
    }

    @Test
    void whatWasNeverWrittenIsKnownToTheByte() {
        long address = memory.allocate(64);
        assertEquals(address, memory.firstUnwritten(address, 64));
        memory.write(address, bytes(1, 2, 3, 4, 5));
        assertEquals(address + 5, memory.firstUnwritten(address, 64));
        assertEquals(-1, memory.firstUnwritten(address + 1, 4));
        memory.fill(address + 8, 56, 0x0201, 2);
        assertEquals(address + 5, memory.firstUnwritten(address, 64));
        memory.copy(address + 1, address + 5, 3);
        assertEquals(-1, memory.firstUnwritten(address, 64));
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 2, 3, 4, 1, 2}, read(address, 10));
        long unwritten = memory.allocate(64);
        memory.copy(unwritten + 3, address + 2, 3);
        assertEquals(address + 2, memory.firstUnwritten(address, 64));
        assertEquals(-1, memory.firstUnwritten(address + 5, 59));
    }

    @Test
    void copiesOfUnwrittenWordsStayUnwritten() {
        long full = memory.allocate(64);
        long half = memory.allocate(64);
        memory.fill(full, 64, 7, 4);
        memory.fill(half, 32, 9, 4);
        memory.copy(half + 16, full, 32);
        assertEquals(full + 16, memory.firstUnwritten(full, 64));
        memory.fill(full, 64, 7, 1);
        assertEquals(-1, memory.firstUnwritten(full, 64));
        assertEquals(0x07070707, memory.getInt(full + 60));
    }

    @Test
    void numbersAreReadAndWritten() {
        long address = memory.allocate(32);
        memory.setFloat(address, 1.5f);
        memory.setShort(address + 4, (short) -2);
        memory.setLong(address + 8, 1L << 40);
        memory.setInt(address + 16, 7);
        assertEquals(1.5f, memory.getFloat(address));
        assertEquals(-2, memory.getShort(address + 4));
        assertEquals(1L << 40, memory.getLong(address + 8));
        assertEquals(7, memory.getInt(address + 16));
        assertEquals(address + 6, memory.firstUnwritten(address, 32));
    }
}
