package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_OUT_OF_MEMORY;

import dev.halcyon.emulator.memory.DeviceMemory;
import dev.halcyon.emulator.memory.OutOfDeviceMemory;
import java.util.Map;
import java.util.TreeMap;

/** Where the bytes of a device are, if they are anywhere. */
sealed interface Storage {
    /** Memory that keeps what is written. */
    static Storage real(int device, long capacity) {
        return new Real(new DeviceMemory(device, capacity));
    }

    /** Addresses without bytes, for runs that are only recorded. */
    static Storage none(int device) {
        return new None(device);
    }

    /** A new allocation's address. */
    long allocate(long bytes);

    /** Takes an allocation back. */
    void free(long address);

    /** Whether some bytes lie inside one allocation. */
    boolean contains(long address, long bytes);

    /** Bytes allocated. */
    long bytesInUse();

    /** What keeps the bytes, at least those of variables of modules. */
    DeviceMemory memory();

    /** Real bytes. */
    record Real(DeviceMemory memory) implements Storage {
        @Override
        public long allocate(long bytes) {
            try {
                return memory.allocate(bytes);
            } catch (OutOfDeviceMemory e) {
                throw new DriverError(CUDA_ERROR_OUT_OF_MEMORY);
            }
        }

        @Override
        public void free(long address) {
            memory.free(address);
        }

        @Override
        public boolean contains(long address, long bytes) {
            return memory.contains(address, bytes);
        }

        @Override
        public long bytesInUse() {
            return memory.bytesInUse();
        }
    }

    /** No bytes but those of variables. */
    final class None implements Storage {
        private static final int ALIGNMENT = 256;
        private static final long FIRST_ADDRESS = 0x2000_0000_0000L;

        private static final long VARIABLES = 64L << 20;

        private final DeviceMemory variables;
        private final TreeMap<Long, Long> sizes = new TreeMap<>();
        private long next;
        private long inUse;

        None(int device) {
            variables = new DeviceMemory(device, VARIABLES);
            next = FIRST_ADDRESS + ((long) device << 42);
        }

        @Override
        public long allocate(long bytes) {
            long address = next;
            next += (bytes / ALIGNMENT + 1) * ALIGNMENT;
            sizes.put(address, bytes);
            inUse += bytes;
            return address;
        }

        @Override
        public void free(long address) {
            inUse -= sizes.remove(address);
        }

        @Override
        public boolean contains(long address, long bytes) {
            Map.Entry<Long, Long> entry = sizes.floorEntry(address);
            return entry != null && address + bytes <= entry.getKey() + entry.getValue()
                    || variables.contains(address, bytes);
        }

        @Override
        public long bytesInUse() {
            return inUse;
        }

        @Override
        public DeviceMemory memory() {
            return variables;
        }
    }
}
