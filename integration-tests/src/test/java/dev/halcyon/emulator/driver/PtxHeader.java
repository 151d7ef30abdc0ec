package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_PTX;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What PTX says of itself before its code.
 *
 * @param version of the language times ten: 78 for 7.8
 * @param target compute capability times ten that it needs at least
 */
record PtxHeader(int version, int target) {
    private static final Pattern VERSION = Pattern.compile("(?m)^\\s*\\.version\\s+(\\d+)\\.(\\d+)");
    private static final Pattern TARGET = Pattern.compile("(?m)^\\s*\\.target\\s+sm_(\\d+)");
    private static final int CUDA_12 = 12000;
    private static final int CUDA_11 = 11000;
    private static final int CUDA_13 = 13000;

    /** Reads it; refuses text that does not say it. */
    static PtxHeader of(String ptx) {
        Matcher version = VERSION.matcher(ptx);
        Matcher target = TARGET.matcher(ptx);
        DriverError.unless(version.find() && target.find(), CUDA_ERROR_INVALID_PTX);
        return new PtxHeader(10 * Integer.parseInt(version.group(1)) + Integer.parseInt(version.group(2)),
                Integer.parseInt(target.group(1)));
    }

    /**
     * The newest version of the language that a driver reads, times ten (PTX ISA, table "PTX Release History"): CUDA 11.7
     * came with 7.7, 12.0 with 8.0, 13.0 with 9.0.
     */
    static int newestFor(int driverVersion) {
        int minor = driverVersion % 1000 / 10;
        if (driverVersion >= CUDA_13) {
            return 90 + minor;
        }
        if (driverVersion >= CUDA_12) {
            return minor <= 5 ? 80 + minor : 79 + minor; // 12.6 came with the same as 12.5
        }
        return driverVersion >= CUDA_11 ? 70 + minor : 60;
    }
}
