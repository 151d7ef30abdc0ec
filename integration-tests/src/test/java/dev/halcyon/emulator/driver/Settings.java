package dev.halcyon.emulator.driver;

/**
 * What the emulated machine has.
 *
 * @param devices number of GPUs, all alike
 * @param capability compute capability times ten: 75, 80, 86, 89 or 90
 * @param multiprocessors of each device
 * @param memoryBytes of each device
 * @param driverVersion as {@code cuDriverGetVersion} gives it: 12060 for a driver that came with CUDA 12.6
 * @param cublas whether there is a cuBLAS
 * @param peerAccess whether devices can use each other's memory
 * @param executing whether kernels and products are executed; otherwise they are only recorded, and device memory keeps
 *        nothing
 * @param recording whether launches are kept for {@link EmulatedGpu#launches}
 * @param failures what goes wrong
 */
public record Settings(int devices, int capability, int multiprocessors, long memoryBytes, int driverVersion,
        boolean cublas, boolean peerAccess, boolean executing, boolean recording, Failures failures) {
    /**
     * One device of compute capability 8.0 with 16 multiprocessors and 8 GiB, a driver of CUDA 12.6, cuBLAS, and nothing that
     * goes wrong.
     */
    public static Settings standard() {
        return new Settings(1, 80, 16, 8L << 30, 12060, true, true, true, true, Failures.none());
    }

    /** Another number of GPUs; none is a driver without a device. */
    public Settings withDevices(int number) {
        return new Settings(number, capability, multiprocessors, memoryBytes, driverVersion, cublas, peerAccess,
                executing,
                recording, failures);
    }

    /** Another compute capability, such as 75 for 7.5. */
    public Settings withCapability(int tenfold) {
        return new Settings(devices, tenfold, multiprocessors, memoryBytes, driverVersion, cublas, peerAccess,
                executing, recording,
                failures);
    }

    /** Another number of multiprocessors. */
    public Settings withMultiprocessors(int number) {
        return new Settings(devices, capability, number, memoryBytes, driverVersion, cublas, peerAccess, executing,
                recording,
                failures);
    }

    /** Other memory for each device. */
    public Settings withMemory(long bytes) {
        return new Settings(devices, capability, multiprocessors, bytes, driverVersion, cublas, peerAccess, executing,
                recording,
                failures);
    }

    /** Another driver; 11070, that of CUDA 11.7, refuses PTX 7.8. */
    public Settings withDriverVersion(int version) {
        return new Settings(devices, capability, multiprocessors, memoryBytes, version, cublas, peerAccess, executing,
                recording,
                failures);
    }

    /** No cuBLAS, unless this process loaded it earlier. */
    public Settings withoutCublas() {
        return new Settings(devices, capability, multiprocessors, memoryBytes, driverVersion, false, peerAccess,
                executing,
                recording, failures);
    }

    /** Devices that cannot use each other's memory, as on boards of different buses. */
    public Settings withoutPeerAccess() {
        return new Settings(devices, capability, multiprocessors, memoryBytes, driverVersion, cublas, false, executing,
                recording, failures);
    }

    /** Records what is launched and executes nothing: for networks too large to execute. */
    public Settings withoutExecution() {
        return new Settings(devices, capability, multiprocessors, memoryBytes, driverVersion, cublas, peerAccess, false,
                recording,
                failures);
    }

    /** Keeps no record of launches: for long runs. */
    public Settings withoutRecording() {
        return new Settings(devices, capability, multiprocessors, memoryBytes, driverVersion, cublas, peerAccess,
                executing, false,
                failures);
    }

    /** Other failures. */
    public Settings withFailures(Failures what) {
        return new Settings(devices, capability, multiprocessors, memoryBytes, driverVersion, cublas, peerAccess,
                executing,
                recording, what);
    }
}
