package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_HANDLE;

import java.util.HashMap;
import java.util.Map;

/** What the program under test holds of the driver, by the handles it was given: never one twice. */
final class Handles {
    /** 0 to 2 are the default streams. */
    private static final long FIRST = 0x1000;
    private static final long STEP = 0x10;

    private final Map<Long, Object> objects = new HashMap<>();
    private long next = FIRST;

    /** A handle that stands for nothing yet. */
    long reserve() {
        next += STEP;
        return next;
    }

    /** Lets a reserved handle stand for an object. */
    void put(long handle, Object object) {
        objects.put(handle, object);
    }

    /** The object of a handle; refuses a handle that was destroyed or stands for something else. */
    <T> T get(long handle, Class<T> type) {
        Object object = objects.get(handle);
        DriverError.unless(type.isInstance(object), CUDA_ERROR_INVALID_HANDLE);
        return type.cast(object);
    }

    /** Takes a handle back. */
    void remove(long handle) {
        objects.remove(handle);
    }

    /** How many objects of a type there are. */
    int count(Class<?> type) {
        return (int) objects.values().stream().filter(type::isInstance).count();
    }
}
