package dev.halcyon.emulator.driver;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The emulated functions by their C names. */
final class Functions {
    /** One function of the driver or of cuBLAS. */
    @FunctionalInterface
    interface Body {
        /**
         * Does what the function does.
         *
         * @throws DriverError with the status to answer instead of success
         */
        void call(Arguments arguments);
    }

    private final Map<String, Body> bodies = new HashMap<>();

    /** Adds a function. */
    void add(String name, Body body) {
        if (bodies.put(name, body) != null) {
            throw new IllegalArgumentException(name + " is there twice");
        }
    }

    /** The function of a name; null if there is none. */
    Body get(String name) {
        return bodies.get(name);
    }

    /** The names of all. */
    Set<String> names() {
        return bodies.keySet();
    }
}
