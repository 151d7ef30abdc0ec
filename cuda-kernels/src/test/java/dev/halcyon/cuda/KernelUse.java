package dev.halcyon.cuda;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a kernel takes on an architecture, as the compiler tells with {@code --verbose}.
 *
 * @param registers of a thread
 * @param sharedBytes static shared memory of a block
 * @param stackBytes local memory of a thread
 * @param spilledBytes written to local memory for lack of registers, and read back
 */
record KernelUse(int registers, int sharedBytes, int stackBytes, int spilledBytes) {
    private static final Pattern ENTRY = Pattern.compile("Compiling entry function '(\\w+)'");
    private static final Pattern STACK =
            Pattern.compile("(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");
    private static final Pattern USED = Pattern.compile("Used (\\d+) registers(?:.*?(\\d+) bytes smem)?");

    /** Every kernel that a log tells of, by name. */
    static Map<String, KernelUse> parse(String log) {
        Map<String, KernelUse> kernels = new LinkedHashMap<>();
        String name = null;
        int stack = 0;
        int spilled = 0;
        for (String line : log.lines().toList()) {
            Matcher entry = ENTRY.matcher(line);
            Matcher frame = STACK.matcher(line);
            Matcher used = USED.matcher(line);
            if (entry.find()) {
                name = entry.group(1);
            } else if (frame.find()) {
                stack = Integer.parseInt(frame.group(1));
                spilled = Integer.parseInt(frame.group(2)) + Integer.parseInt(frame.group(3));
            } else if (used.find()) {
                int shared = used.group(2) == null ? 0 : Integer.parseInt(used.group(2));
                kernels.put(name, new KernelUse(Integer.parseInt(used.group(1)), shared, stack, spilled));
            }
        }
        return kernels;
    }
}
