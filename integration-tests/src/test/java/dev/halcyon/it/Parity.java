package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.halcyon.device.Backend;
import dev.halcyon.device.Device;
import dev.halcyon.device.DeviceOptions;
import dev.halcyon.device.Precision;
import dev.halcyon.device.Probe;
import dev.halcyon.it.cases.KernelCase;
import dev.halcyon.it.cases.Tolerance;
import java.util.List;

/** How backends are compared. */
final class Parity {
    /** The backend that says what is right. */
    static final String REFERENCE = "reference";

    private Parity() {
    }

    /** The kinds of device of this machine that are to agree with the reference. */
    static List<String> kinds() {
        return Device.probe().stream().filter(probe -> !probe.devices().isEmpty()).map(Probe::kind)
                .filter(kind -> !kind.equals(REFERENCE)).toList();
    }

    /** Whether the first device of a kind computes in bfloat16. */
    static boolean computesInBfloat16(String kind) {
        try (Device _ = Device.open(kind, DeviceOptions.DEFAULT.withPrecision(Precision.BF16))) {
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Fails if an output of a case on a backend is too far from what it is on the reference, with views placed in one of
     * some ways after the other.
     */
    static void check(KernelCase row, Backend reference, Backend backend, KernelRun.Alignment... alignments) {
        List<KernelRun.Output> expected = KernelRun.outputs(row, reference);
        for (KernelRun.Alignment alignment : alignments) {
            List<KernelRun.Output> actual = KernelRun.outputs(row, backend, alignment);
            assertEquals(expected.size(), actual.size());
            for (int i = 0; i < expected.size(); i++) {
                check(row, expected.get(i), actual.get(i), alignment);
            }
        }
    }

    private static void check(KernelCase row, KernelRun.Output expected, KernelRun.Output actual,
            KernelRun.Alignment alignment) {
        Tolerance tolerance = row.tolerance().storedIn(expected.argument().type());
        double[] right = expected.numbers();
        double[] found = actual.numbers();
        int wrong = tolerance.firstFailure(right, found);
        if (wrong >= 0) {
            fail(row.name() + ", aligned: " + alignment + ": " + expected.place(wrong) + ": expected " + right[wrong]
                    + ", found " + found[wrong]
                    + "; largest error " + tolerance.largestError(right, found) + ", allowed " + tolerance.relative());
        }
    }
}
