package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halcyon.emulator.driver.Alive;
import dev.halcyon.emulator.driver.EmulatedGpu;
import dev.halcyon.emulator.driver.Settings;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets the tests of a class find an emulated GPU beside the devices of this machine, as kind {@code cuda}. After the last
 * of them no kernel may have done what it must not do, and everything must have been given back.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WithEmulatedGpu.Life.class)
@interface WithEmulatedGpu {
    /** Whether the class is skipped where there can be no emulated GPU; otherwise it does with the other devices. */
    boolean required() default false;

    /** Compute capability of the GPU, times ten. */
    int capability() default 80;

    /** Starts the GPU and takes it away. */
    final class Life implements BeforeAllCallback, AfterAllCallback {
        private EmulatedGpu gpu;

        /** Called by JUnit. */
        Life() {
        }

        @Override
        public void beforeAll(ExtensionContext context) {
            WithEmulatedGpu wanted = context.getRequiredTestClass().getAnnotation(WithEmulatedGpu.class);
            assumeTrue(!wanted.required() || EmulatedGpu.problem().isEmpty(), () -> EmulatedGpu.problem().orElse(""));
            if (EmulatedGpu.problem().isEmpty()) {
                gpu = EmulatedGpu.start(Settings.standard().withCapability(wanted.capability()).withoutRecording());
            }
        }

        @Override
        public void afterAll(ExtensionContext context) {
            if (gpu != null) {
                try (EmulatedGpu closing = gpu) {
                    assertEquals(List.of(), closing.findings());
                    assertEquals(List.of(), closing.faults());
                    assertEquals(Alive.nothing(), closing.alive());
                }
            }
        }
    }
}
