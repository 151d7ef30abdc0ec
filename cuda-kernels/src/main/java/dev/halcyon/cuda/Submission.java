package dev.halcyon.cuda;

import java.util.Arrays;
import java.util.Locale;

/** How kernels are given to the device: {@code -Dhalcyon.cudaSubmission=graphs}. */
enum Submission {
    /** Those of a step together, see {@link Steps}. */
    GRAPHS,
    /** One by one. */
    LAUNCHES,
    /** One by one, each waited for, so that a failure is told with the name of its kernel. */
    BLOCKING;

    private static final String PROPERTY = "halcyon.cudaSubmission";

    /** What the property says; graphs if it says nothing. */
    static Submission chosen() {
        String name = System.getProperty(PROPERTY, "graphs").toUpperCase(Locale.ROOT);
        return Arrays.stream(values()).filter(known -> known.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("-D" + PROPERTY
                        + ": expected graphs, launches or blocking, found " + System.getProperty(PROPERTY)));
    }
}
