package dev.halcyon.emulator.driver;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_DEVICE;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;

/** Pools of device memory. */
final class PoolCalls {
    // CUmemPool_attribute
    private static final int FIRST_REUSE = 1;
    private static final int LAST_REUSE = 3;
    private static final int RELEASE_THRESHOLD = 4;
    private static final int RESERVED = 5;
    private static final int RESERVED_HIGH = 6;
    private static final int USED = 7;
    private static final int USED_HIGH = 8;
    /** Where CUmemPoolProps has location.id: behind the types of the allocation, of its handle and of the location. */
    private static final long LOCATION_ID = 12;

    /** Size of a CUmemAccessDesc. */
    private static final long ACCESS_BYTES = 12;

    private final Driver driver;

    PoolCalls(Driver driver) {
        this.driver = driver;
    }

    void addTo(Functions functions) {
        functions.add("cuMemPoolCreate", this::create);
        functions.add("cuMemPoolDestroy", this::destroy);
        functions.add("cuMemPoolTrimTo", a -> pool(a).trimTo(a.int64(1)));
        functions.add("cuMemPoolGetAttribute", this::attribute);
        functions.add("cuMemPoolSetAccess", this::setAccess);
        functions.add("cuMemPoolSetAttribute", this::setAttribute);
    }

    private MemoryPool pool(Arguments a) {
        return driver.handles().get(a.int64(0), MemoryPool.class);
    }

    private void create(Arguments a) {
        Device device = driver.device(HostMemory.ALL.get(JAVA_INT, a.pointer(1) + LOCATION_ID));
        driver.countAllocation();
        MemoryPool pool = new MemoryPool(device, driver.handles().reserve());
        driver.handles().put(pool.handle(), pool);
        device.pools().add(pool);
        a.setInt64(0, pool.handle());
    }

    private void destroy(Arguments a) {
        MemoryPool pool = pool(a);
        DriverError.unless(pool != pool.device().defaultPool(), CUDA_ERROR_INVALID_VALUE);
        pool.device().pools().remove(pool);
        driver.handles().remove(pool.handle());
    }

    /** Argument 1 has the type of a location, the number of the device and flags, 0 or 3, as often as argument 2 says. */
    private void setAccess(Arguments a) {
        MemoryPool pool = pool(a);
        for (long i = 0; i < a.int64(2); i++) {
            long access = a.pointer(1) + i * ACCESS_BYTES;
            Device other = driver.device(HostMemory.ALL.get(JAVA_INT, access + Integer.BYTES));
            DriverError.unless(other != pool.device(), CUDA_ERROR_INVALID_VALUE);
            DriverError.unless(driver.settings().peerAccess(), CUDA_ERROR_INVALID_DEVICE);
            if (HostMemory.ALL.get(JAVA_INT, access + 2 * Integer.BYTES) == 0) {
                pool.letIn().remove(other);
            } else {
                pool.letIn().add(other);
            }
        }
    }

    private void attribute(Arguments a) {
        MemoryPool pool = pool(a);
        int attribute = a.int32(1);
        if (attribute >= FIRST_REUSE && attribute <= LAST_REUSE) {
            a.setInt32(2, 1);
            return;
        }
        a.setInt64(2, switch (attribute) {
            case RELEASE_THRESHOLD -> pool.threshold();
            case RESERVED -> pool.reserved();
            case RESERVED_HIGH -> pool.reservedHigh();
            case USED -> pool.used();
            case USED_HIGH -> pool.usedHigh();
            default -> throw new DriverError(CUDA_ERROR_INVALID_VALUE);
        });
    }

    private void setAttribute(Arguments a) {
        MemoryPool pool = pool(a);
        switch (a.int32(1)) {
            case RELEASE_THRESHOLD -> pool.setThreshold(a.getInt64(2));
            case RESERVED_HIGH, USED_HIGH -> {
                DriverError.unless(a.getInt64(2) == 0, CUDA_ERROR_INVALID_VALUE);
                pool.resetHighMarks();
            }
            default -> throw new DriverError(CUDA_ERROR_INVALID_VALUE);
        }
    }
}
