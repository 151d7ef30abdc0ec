package dev.halcyon.it;

import dev.halcyon.device.Device;
import dev.halcyon.it.cases.KernelCase;
import dev.halcyon.it.cases.OpCases;

/**
 * A process of its own, started with another vector width, that compares the CPU with the reference for every row that
 * is not large. Prints the backend, then what fails, then the number of rows.
 */
final class WidthRun {
    /** Sizes around vectors and tiles are small; what is larger repeats them. */
    private static final long MOST_ELEMENTS = 2500;

    private WidthRun() {
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) {
        int rows = 0;
        try (Device reference = Device.open(Parity.REFERENCE); Device cpu = Device.open("cpu")) {
            System.out.println(cpu.backend().description());
            for (KernelCase row : OpCases.kernels()) {
                if (row.arguments().stream().allMatch(argument -> argument.shape().elements() <= MOST_ELEMENTS)) {
                    rows++;
                    attempt(row, reference, cpu);
                }
            }
        }
        System.out.println(rows + " rows");
    }

    private static void attempt(KernelCase row, Device reference, Device cpu) {
        try {
            Parity.check(row, reference.backend(), cpu.backend(), KernelRun.Alignment.MIXED);
        } catch (AssertionError | RuntimeException failure) {
            System.out.println("failed: " + failure);
        }
    }
}
