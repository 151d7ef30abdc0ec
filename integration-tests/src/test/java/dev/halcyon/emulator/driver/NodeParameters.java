package dev.halcyon.emulator.driver;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static jcuda.driver.CUmemorytype.CU_MEMORYTYPE_DEVICE;
import static jcuda.driver.CUmemorytype.CU_MEMORYTYPE_HOST;
import static jcuda.driver.CUresult.CUDA_ERROR_NOT_SUPPORTED;

import dev.halcyon.emulator.execution.LaunchShape;

/** The structures that describe nodes of graphs, as {@code cuda.h} lays them out. */
record NodeParameters(Driver driver) {
    /** A {@code CUDA_KERNEL_NODE_PARAMS_v2}. */
    KernelLaunch kernel(long at) {
        LaunchShape shape = new LaunchShape(int32(at, 8), int32(at, 12), int32(at, 16), int32(at, 20), int32(at, 24),
                int32(at, 28), int32(at, 32));
        return LaunchCalls.kernel(driver, int64(at, 0), shape, int64(at, 40), int64(at, 48));
    }

    /** A {@code CUDA_MEMSET_NODE_PARAMS} of one row. */
    Fill fill(long at) {
        int valueBytes = int32(at, 20);
        long bytes = int64(at, 24) * valueBytes;
        DriverError.unless(int64(at, 32) == 1, CUDA_ERROR_NOT_SUPPORTED);
        return new Fill(driver, driver.deviceWith(int64(at, 0), bytes), int64(at, 0), bytes, int32(at, 16), valueBytes);
    }

    /** A {@code CUDA_MEMCPY3D} of one row. */
    NodeWork copy(long at) {
        long bytes = int64(at, 176);
        DriverError.unless(int64(at, 184) == 1 && int64(at, 192) == 1, CUDA_ERROR_NOT_SUPPORTED);
        int sourceType = int32(at, 32);
        int targetType = int32(at, 120);
        if (sourceType == CU_MEMORYTYPE_HOST && targetType == CU_MEMORYTYPE_DEVICE) {
            long target = int64(at, 136) + int64(at, 88);
            return new Transfer(driver, driver.deviceWith(target, bytes), target,
                    HostMemory.at(int64(at, 40) + int64(at, 0), bytes), Launch.Direction.TO_DEVICE);
        }
        long source = int64(at, 48) + int64(at, 0);
        if (sourceType == CU_MEMORYTYPE_DEVICE && targetType == CU_MEMORYTYPE_HOST) {
            return new Transfer(driver, driver.deviceWith(source, bytes), source,
                    HostMemory.at(int64(at, 128) + int64(at, 88), bytes), Launch.Direction.TO_HOST);
        }
        DriverError.unless(sourceType == CU_MEMORYTYPE_DEVICE && targetType == CU_MEMORYTYPE_DEVICE,
                CUDA_ERROR_NOT_SUPPORTED);
        long target = int64(at, 136) + int64(at, 88);
        return new DeviceCopy(driver, driver.deviceWith(source, bytes), source, driver.deviceWith(target, bytes),
                target, bytes);
    }

    private static int int32(long at, int offset) {
        return HostMemory.ALL.get(JAVA_INT, at + offset);
    }

    private static long int64(long at, int offset) {
        return HostMemory.ALL.get(JAVA_LONG, at + offset);
    }
}
