package dev.halcyon.emulator.driver;

/**
 * What goes wrong, counted from the start of the emulated GPU.
 *
 * @param allocation the first allocation of device memory that fails for want of memory, from 1; 0 for none. Modules,
 *        graphs made ready and pools need memory as well, and count
 * @param allocations how many fail from there on
 * @param launch the launch of a kernel that fails, from 1, after which its context is of no more use; 0 for none
 * @param loss the launch at which the device is lost for this process; 0 for none
 * @param cublas whether cuBLAS cannot be initialised
 * @param compiler whether the driver's compiler is that of CUDA 11.7, which reads PTX up to 7.7, whatever the driver says
 * @param updates whether graphs made ready take no other parameters
 */
public record Failures(long allocation, long allocations, long launch, long loss, boolean cublas, boolean compiler,
        boolean updates) {
    /** Nothing goes wrong. */
    public static Failures none() {
        return new Failures(0, 0, 0, 0, false, false, false);
    }

    /** One allocation fails, as it may when other programs use the device too. */
    public static Failures outOfMemoryAt(long allocation) {
        return new Failures(allocation, 1, 0, 0, false, false, false);
    }

    /** An allocation and all later ones fail. */
    public static Failures outOfMemoryFrom(long allocation) {
        return new Failures(allocation, Long.MAX_VALUE, 0, 0, false, false, false);
    }

    /** A launch ends with CUDA_ERROR_LAUNCH_FAILED. */
    public static Failures launchFailureAt(long launch) {
        return new Failures(0, 0, launch, 0, false, false, false);
    }

    /** The device falls off the bus while a launch runs. */
    public static Failures deviceLostAt(long launch) {
        return new Failures(0, 0, 0, launch, false, false, false);
    }

    /** cuBLAS answers CUBLAS_STATUS_NOT_INITIALIZED. */
    public static Failures cublasNotInitialised() {
        return new Failures(0, 0, 0, 0, true, false, false);
    }

    /** The driver refuses PTX 7.8 although it should not. */
    public static Failures ptxRefused() {
        return new Failures(0, 0, 0, 0, false, true, false);
    }

    /** A graph made ready cannot be brought up to date, as with work of cuBLAS that differs from one time to the next. */
    public static Failures updatesRefused() {
        return new Failures(0, 0, 0, 0, false, false, true);
    }
}
