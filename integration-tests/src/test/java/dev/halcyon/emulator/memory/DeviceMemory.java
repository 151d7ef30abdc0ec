package dev.halcyon.emulator.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The memory of one emulated device. Every allocation has bytes of its own that nothing else adjoins, and its addresses
 * are never given out again, so that an access out of bounds or after the allocation was freed is always noticed.
 */
public final class DeviceMemory implements AutoCloseable {
    private static final long FIRST_ADDRESS = 0x4000_0000_0000L;
    private static final long ADDRESSES_PER_DEVICE = 1L << 42;
    private static final int ALIGNMENT = 256;
    private static final int LARGEST = Integer.MAX_VALUE - 8;
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle LONG = view(long[].class);

    private final long capacity;
    private final long lastAddress;
    private final ConcurrentSkipListMap<Long, Allocation> live = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Long, Allocation> freed = new ConcurrentSkipListMap<>();
    private long next;
    private long inUse;
    private volatile Allocation recent;

    /**
     * @param device number of the device, from 0
     * @param capacityBytes how much can be allocated at a time
     */
    public DeviceMemory(int device, long capacityBytes) {
        capacity = capacityBytes;
        next = FIRST_ADDRESS + device * ADDRESSES_PER_DEVICE;
        lastAddress = next + ADDRESSES_PER_DEVICE;
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Allocates memory whose bytes count as never written.
     *
     * @return its address, a multiple of 256
     * @throws OutOfDeviceMemory if the capacity is spent, or it is more than 2 GiB, which the emulator cannot hold in
     * one piece
     */
    public synchronized long allocate(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("expected a positive number of bytes, found " + bytes);
        }
        long free = capacity - inUse;
        if (bytes > LARGEST) {
            throw new OutOfDeviceMemory(bytes, free, "the emulator's allocations are limited to 2 GiB");
        }
        if (rounded(bytes) > free) {
            throw new OutOfDeviceMemory(bytes, free, "the emulated device has " + capacity + " bytes");
        }
        long address = next;
        if (address + rounded(bytes) + ALIGNMENT > lastAddress) {
            throw new OutOfDeviceMemory(bytes, free, "the emulated device has given out all of its addresses");
        }
        try {
            live.put(address, new Allocation(address, (int) bytes));
        } catch (OutOfMemoryError e) {
            throw new OutOfDeviceMemory(bytes, free, "the heap of the JVM that emulates the device is full");
        }
        next += rounded(bytes) + ALIGNMENT;
        inUse += rounded(bytes);
        return address;
    }

    private static long rounded(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /**
     * Gives an allocation back.
     *
     * @throws AccessFault if none starts at the address, or it was freed before
     */
    public synchronized void free(long address) {
        Allocation allocation = live.remove(address);
        if (allocation == null) {
            throw new AccessFault(hex(address) + (freed.containsKey(address)
                    ? " is freed a second time"
                    : " is freed but is no start of an allocation"));
        }
        allocation.release();
        freed.put(address, allocation);
        inUse -= rounded(allocation.bytes());
    }

    /** The allocation that an address lies in; null if it lies in none. */
    public Allocation find(long address) {
        Map.Entry<Long, Allocation> entry = live.floorEntry(address);
        return entry != null && entry.getValue().holds(address, 1) ? entry.getValue() : null;
    }

    /** What is wrong with an access to some bytes, in words that follow the address. */
    public String describe(long address, long bytes) {
        Map.Entry<Long, Allocation> entry = live.floorEntry(address);
        if (entry != null && address - entry.getValue().start() - entry.getValue().bytes() < ALIGNMENT) {
            Allocation allocation = entry.getValue();
            long past = address + bytes - allocation.start() - allocation.bytes();
            return "%d bytes beyond the %d bytes allocated at %s".formatted(past, allocation.bytes(),
                    hex(allocation.start()));
        }
        Map.Entry<Long, Allocation> old = freed.floorEntry(address);
        if (old != null && address < old.getKey() + old.getValue().bytes()) {
            return "inside the %d bytes allocated at %s, which were freed".formatted(old.getValue().bytes(),
                    hex(old.getKey()));
        }
        return "where nothing is allocated";
    }

    /** An address as messages show it. */
    public static String hex(long address) {
        return "0x" + Long.toHexString(address);
    }

    /** Whether the address lies in memory that was allocated once and is freed now. */
    public boolean wasFreed(long address) {
        Map.Entry<Long, Allocation> old = freed.floorEntry(address);
        return old != null && address < old.getKey() + old.getValue().bytes();
    }

    private Allocation at(long address, long bytes) {
        Allocation allocation = recent;
        if (allocation != null && allocation.holds(address, bytes)) {
            return allocation;
        }
        allocation = find(address);
        if (allocation == null || !allocation.holds(address, bytes) || bytes < 0) {
            throw new AccessFault("an access to " + bytes + " bytes at " + hex(address) + ", "
                    + describe(address, bytes));
        }
        recent = allocation;
        return allocation;
    }

    /**
     * Copies from the host.
     *
     * @throws AccessFault if the bytes are not inside one allocation; so do all other accesses
     */
    public void write(long address, MemorySegment source) {
        int count = Math.toIntExact(source.byteSize());
        Allocation allocation = at(address, count);
        int offset = (int) (address - allocation.start());
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, 0, allocation.data(), offset, count);
        allocation.markFromHost(offset, count);
    }

    /** Copies to the host; bytes that were never written come as they are (see {@link #firstUnwritten}). */
    public void read(long address, MemorySegment target) {
        int count = Math.toIntExact(target.byteSize());
        Allocation allocation = at(address, count);
        MemorySegment.copy(allocation.data(), (int) (address - allocation.start()), target, ValueLayout.JAVA_BYTE, 0,
                count);
    }

    /** Copies inside the device; bytes that were never written stay so at their new place. */
    public void copy(long from, long to, long bytes) {
        copy(from, this, to, bytes);
    }

    /** Copies to another device. */
    public void copy(long from, DeviceMemory target, long to, long bytes) {
        Allocation source = at(from, bytes);
        Allocation destination = target.at(to, bytes);
        destination.copyFrom(source, (int) (from - source.start()), (int) (to - destination.start()), (int) bytes);
    }

    /**
     * Fills with a pattern, again and again.
     *
     * @param bytes a multiple of the pattern's size
     * @param patternBytes 1, 2 or 4: how much of the pattern is used
     */
    public void fill(long address, long bytes, int pattern, int patternBytes) {
        Allocation allocation = at(address, bytes);
        int offset = (int) (address - allocation.start());
        byte[] data = allocation.data();
        for (int i = 0; i < bytes; i++) {
            data[offset + i] = (byte) (pattern >>> 8 * (i % patternBytes));
        }
        allocation.markFromHost(offset, (int) bytes);
    }

    /** Whether some bytes lie inside one allocation. */
    public boolean contains(long address, long bytes) {
        Allocation allocation = find(address);
        return allocation != null && allocation.holds(address, bytes);
    }

    /** The first of some bytes that was never written since it was allocated: its address, or -1 if all were. */
    public long firstUnwritten(long address, long bytes) {
        Allocation allocation = at(address, bytes);
        int offset = allocation.firstUnwritten((int) (address - allocation.start()), (int) bytes);
        return offset < 0 ? -1 : allocation.start() + offset;
    }

    /** Bytes allocated and not freed, each allocation rounded up to 256. */
    public synchronized long bytesInUse() {
        return inUse;
    }

    public float getFloat(long address) {
        return Float.intBitsToFloat(getInt(address));
    }

    public void setFloat(long address, float value) {
        setInt(address, Float.floatToRawIntBits(value));
    }

    public int getInt(long address) {
        Allocation allocation = at(address, Integer.BYTES);
        return (int) INT.get(allocation.data(), (int) (address - allocation.start()));
    }

    public void setInt(long address, int value) {
        Allocation allocation = at(address, Integer.BYTES);
        INT.set(allocation.data(), (int) (address - allocation.start()), value);
        allocation.markWritten((int) (address - allocation.start()), Integer.BYTES);
    }

    public short getShort(long address) {
        Allocation allocation = at(address, Short.BYTES);
        return (short) SHORT.get(allocation.data(), (int) (address - allocation.start()));
    }

    public void setShort(long address, short value) {
        Allocation allocation = at(address, Short.BYTES);
        SHORT.set(allocation.data(), (int) (address - allocation.start()), value);
        allocation.markWritten((int) (address - allocation.start()), Short.BYTES);
    }

    public long getLong(long address) {
        Allocation allocation = at(address, Long.BYTES);
        return (long) LONG.get(allocation.data(), (int) (address - allocation.start()));
    }

    public void setLong(long address, long value) {
        Allocation allocation = at(address, Long.BYTES);
        LONG.set(allocation.data(), (int) (address - allocation.start()), value);
        allocation.markWritten((int) (address - allocation.start()), Long.BYTES);
    }

    /** Frees everything. */
    @Override
    public synchronized void close() {
        for (long address : live.keySet().toArray(Long[]::new)) {
            free(address);
        }
        recent = null;
    }
}
