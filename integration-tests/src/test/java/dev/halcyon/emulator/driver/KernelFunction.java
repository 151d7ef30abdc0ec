package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;
import static jcuda.driver.CUresult.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES;

import dev.halcyon.emulator.execution.LaunchShape;
import dev.halcyon.emulator.execution.LoadedKernel;

/** A kernel of a module, with what the program set for it. */
final class KernelFunction {
    private static final int LONGEST_X = 1024;
    private static final int LONGEST_Z = 64;
    private static final int LARGEST_GRID_YZ = 65535;

    private final KernelModule module;
    private final long handle;
    private final LoadedKernel kernel;
    private int dynamicSharedLimit;

    KernelFunction(KernelModule module, long handle, LoadedKernel kernel) {
        this.module = module;
        this.handle = handle;
        this.kernel = kernel;
        dynamicSharedLimit = Math.max(0, DeviceModel.SHARED_WITHOUT_OPTING - kernel.staticSharedBytes());
    }

    KernelModule module() {
        return module;
    }

    long handle() {
        return handle;
    }

    LoadedKernel kernel() {
        return kernel;
    }

    /** Bytes of shared memory that a launch may ask for. */
    int dynamicSharedLimit() {
        return dynamicSharedLimit;
    }

    /** Opts into more shared memory than 48 KiB. */
    void setDynamicSharedLimit(int bytes) {
        int most = model().sharedBytesPerBlock() - kernel.staticSharedBytes();
        DriverError.unless(bytes >= 0 && bytes <= most, CUDA_ERROR_INVALID_VALUE);
        dynamicSharedLimit = bytes;
    }

    /** Blocks that fit on a multiprocessor at a time. */
    int residentBlocks(int blockThreads, long dynamicSharedBytes) {
        DriverError.unless(blockThreads > 0, CUDA_ERROR_INVALID_VALUE);
        if (blockThreads > threadLimit() || dynamicSharedBytes > dynamicSharedLimit) {
            return 0;
        }
        return model().residentBlocks(blockThreads, registers(),
                (int) (kernel.staticSharedBytes() + dynamicSharedBytes));
    }

    /** Threads that a block may have: the kernel's launch bounds, to which the compiler fits its registers. */
    int threadLimit() {
        return kernel.maxThreads();
    }

    /** Registers of a thread, were it compiled: no more than leave room for the largest block. */
    int registers() {
        return Math.min(kernel.registersPerThread(), DeviceModel.REGISTERS / threadLimit());
    }

    /** Refuses a launch that a device would refuse. */
    void check(LaunchShape shape) {
        DriverError.unless(shape.gridX() > 0 && shape.gridY() > 0 && shape.gridZ() > 0
                && shape.gridY() <= LARGEST_GRID_YZ && shape.gridZ() <= LARGEST_GRID_YZ
                && shape.blockX() > 0 && shape.blockY() > 0 && shape.blockZ() > 0
                && shape.blockX() <= LONGEST_X && shape.blockY() <= LONGEST_X && shape.blockZ() <= LONGEST_Z
                && shape.dynamicSharedBytes() >= 0, CUDA_ERROR_INVALID_VALUE);
        long threads = (long) shape.blockX() * shape.blockY() * shape.blockZ();
        DriverError.unless(threads <= DeviceModel.THREADS_PER_BLOCK
                && shape.dynamicSharedBytes() <= dynamicSharedLimit, CUDA_ERROR_INVALID_VALUE);
        DriverError.unless(threads <= threadLimit(), CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES);
    }

    private DeviceModel model() {
        return module.context().device().model();
    }
}
