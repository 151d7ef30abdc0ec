package dev.halcyon.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** A table of what kernels take on each architecture. */
final class KernelReport {
    private KernelReport() {
    }

    /**
     * Writes the table.
     *
     * @param uses of every kernel, by its name
     * @param threads of a block of every kernel
     */
    static void write(Path file, Map<String, Map<Architecture, KernelUse>> uses, Map<String, Integer> threads)
            throws IOException {
        StringBuilder text = new StringBuilder("""
                # Kernels

                For every architecture: registers of a thread, bytes of static shared memory of a block, and the warps \
                that a multiprocessor holds against the most it can (without dynamic shared memory, which is chosen at \
                launch).

                | kernel | threads |""");
        for (Architecture architecture : Architecture.values()) {
            text.append(' ').append(architecture.option()).append(" |");
        }
        text.append("\n| --- | ---: |").append(" --- |".repeat(Architecture.values().length)).append('\n');
        uses.forEach((kernel, perArchitecture) -> {
            text.append("| ").append(kernel).append(" | ").append(threads.get(kernel)).append(" |");
            for (Architecture architecture : Architecture.values()) {
                text.append(' ').append(cell(architecture, perArchitecture.get(architecture), threads.get(kernel)))
                        .append(" |");
            }
            text.append('\n');
        });
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String cell(Architecture architecture, KernelUse use, int threads) {
        if (use == null) {
            return "";
        }
        return String.format(Locale.ROOT, "%d, %d B, %.0f %%", use.registers(), use.sharedBytes(),
                100 * architecture.occupancy(threads, use.registers(), use.sharedBytes()));
    }
}
