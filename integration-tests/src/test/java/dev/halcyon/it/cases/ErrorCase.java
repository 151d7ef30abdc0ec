package dev.halcyon.it.cases;

import dev.halcyon.device.Device;
import java.util.function.Consumer;

/**
 * A call that must be refused, in one sentence that says what was expected, what came and what to do.
 *
 * @param name what is wrong
 * @param type the exception, exactly
 * @param message its message, exactly; DEVICE stands for the device's name
 * @param call makes the call
 */
public record ErrorCase(String name, Class<? extends RuntimeException> type, String message, Consumer<Device> call)
        implements OpCase {
    @Override
    public String toString() {
        return name;
    }
}
