package dev.halcyon.emulator.driver;

/** What a call of the driver or of cuBLAS answers instead of success. */
final class DriverError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    DriverError(int status) {
        super("status " + status);
        this.status = status;
    }

    /** A {@link jcuda.driver.CUresult}, or a status of cuBLAS. */
    int status() {
        return status;
    }

    /** Refuses a call unless a condition holds. */
    static void unless(boolean condition, int status) {
        if (!condition) {
            throw new DriverError(status);
        }
    }
}
