package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;
import static jcuda.driver.CUresult.CUDA_ERROR_OUT_OF_MEMORY;
import static jcuda.driver.CUresult.CUDA_ERROR_UNKNOWN;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** One GPU: its properties, its memory and who holds which part of it. */
final class Device {
    /**
     * A piece of memory.
     *
     * @param owner the context it goes with
     * @param pool that it is of; null if it was allocated without one
     */
    record Holding(Context owner, MemoryPool pool, long bytes) {
    }

    private final int ordinal;
    private final DeviceModel model;
    private final Storage storage;
    private final long capacity;
    private final TreeMap<Long, Holding> holdings = new TreeMap<>();
    private final List<MemoryPool> pools = new ArrayList<>();
    private final MemoryPool defaultPool;
    private Context primary;
    private int primaryUsers;
    private int primaryFlags;
    private boolean lost;

    Device(int ordinal, Settings settings, Handles handles) {
        this.ordinal = ordinal;
        model = DeviceModel.of(settings.capability());
        capacity = settings.memoryBytes();
        storage = settings.executing() ? Storage.real(ordinal, capacity) : Storage.none(ordinal);
        defaultPool = new MemoryPool(this, handles.reserve());
        pools.add(defaultPool);
    }

    int ordinal() {
        return ordinal;
    }

    DeviceModel model() {
        return model;
    }

    Storage storage() {
        return storage;
    }

    long capacity() {
        return capacity;
    }

    String name() {
        return "Emulated GPU (compute capability %d.%d)".formatted(model.capability() / 10, model.capability() % 10);
    }

    UUID uuid() {
        return UUID.nameUUIDFromBytes((name() + ordinal).getBytes(StandardCharsets.UTF_8));
    }

    String busId() {
        return "0000:%02x:00.0".formatted(ordinal + 1);
    }

    MemoryPool defaultPool() {
        return defaultPool;
    }

    /** All pools, the default one first. */
    List<MemoryPool> pools() {
        return pools;
    }

    /** The context that all parts of a program share; null unless somebody holds it. */
    Context primary() {
        return primary;
    }

    void setPrimary(Context context) {
        primary = context;
    }

    int primaryUsers() {
        return primaryUsers;
    }

    void setPrimaryUsers(int number) {
        primaryUsers = number;
    }

    int primaryFlags() {
        return primaryFlags;
    }

    void setPrimaryFlags(int flags) {
        primaryFlags = flags;
    }

    /** Lets every later call that needs the device fail. */
    void lose() {
        lost = true;
    }

    void requirePresent() {
        DriverError.unless(!lost, CUDA_ERROR_UNKNOWN);
    }

    /** Bytes that can still be allocated, if what pools keep is not counted as free. */
    long free() {
        return capacity - storage.bytesInUse() - pools.stream().mapToLong(MemoryPool::kept).sum();
    }

    /** Allocates memory for a context, from a pool unless that is null. */
    long allocate(Context owner, MemoryPool pool, long bytes) {
        DriverError.unless(bytes > 0, CUDA_ERROR_INVALID_VALUE);
        if (bytes > available(pool)) {
            owner.finish(); // frees that are queued
            pools.forEach(each -> each.trimTo(0));
        }
        DriverError.unless(bytes <= available(pool), CUDA_ERROR_OUT_OF_MEMORY);
        long address = storage.allocate(bytes);
        holdings.put(address, new Holding(owner, pool, bytes));
        if (pool != null) {
            pool.take(bytes);
        }
        return address;
    }

    /** Bytes that a pool could give, or that could be allocated without one. */
    private long available(MemoryPool pool) {
        return free() + (pool == null ? 0 : pool.kept());
    }

    /** Frees what starts at an address. */
    void free(long address) {
        Holding holding = holdings.remove(address);
        DriverError.unless(holding != null, CUDA_ERROR_INVALID_VALUE);
        storage.free(address);
        if (holding.pool() != null) {
            holding.pool().giveBack(holding.bytes());
        }
    }

    /** Where the piece begins that an address lies in. */
    long startOf(long address) {
        return holdings.floorKey(address);
    }

    /** The context of the piece that an address lies in. */
    Context owner(long address) {
        return holdings.floorEntry(address).getValue().owner();
    }

    /** Whether another device was let in where an address lies: to the pool, or without one to the context. */
    boolean isReachableFrom(Device other, long address) {
        Holding holding = holdings.floorEntry(address).getValue();
        return holding.pool() == null
                ? other.primary != null && other.primary.peers().contains(holding.owner())
                : holding.pool().letIn().contains(other);
    }

    /** What starts at an address; null if nothing does. */
    Holding holding(long address) {
        return holdings.get(address);
    }

    /** Frees all of a context. */
    void freeAllOf(Context owner) {
        List<Long> theirs = holdings.entrySet().stream()
                .filter(entry -> entry.getValue().owner() == owner)
                .map(Map.Entry::getKey)
                .toList();
        theirs.forEach(this::free);
        pools.forEach(each -> each.trimTo(0));
    }

    /** Bytes that contexts hold. */
    long heldBytes() {
        return holdings.values().stream().mapToLong(Holding::bytes).sum();
    }
}
