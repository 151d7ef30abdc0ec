package dev.halcyon.emulator.driver;

import static dev.halcyon.emulator.driver.TestDevice.add;
import static dev.halcyon.emulator.driver.TestDevice.check;
import static dev.halcyon.emulator.driver.TestDevice.expect;
import static jcuda.driver.CUresult.CUDA_ERROR_ILLEGAL_ADDRESS;
import static jcuda.driver.CUresult.CUDA_ERROR_LAUNCH_FAILED;
import static jcuda.driver.CUresult.CUDA_ERROR_OUT_OF_MEMORY;
import static jcuda.driver.CUresult.CUDA_ERROR_UNKNOWN;
import static jcuda.driver.CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION;
import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuCtxSynchronize;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.emulator.execution.Finding;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import org.junit.jupiter.api.Test;

/** What goes wrong does so where it should, stays so as long as on a device, and nothing is left. */
final class FailureTest {
    private static TestDevice start(Failures failures) {
        return TestDevice.start(Settings.standard().withFailures(failures));
    }

    @Test
    void oneAllocationFails() {
        try (TestDevice _ = start(Failures.outOfMemoryAt(2))) {
            check(cuMemAlloc(new CUdeviceptr(), 4));
            expect(CUDA_ERROR_OUT_OF_MEMORY, cuMemAlloc(new CUdeviceptr(), 4));
            check(cuMemAlloc(new CUdeviceptr(), 4));
        }
    }

    @Test
    void allAllocationsFailFromOneOn() {
        try (TestDevice _ = start(Failures.outOfMemoryFrom(2))) {
            check(cuMemAlloc(new CUdeviceptr(), 4));
            expect(CUDA_ERROR_OUT_OF_MEMORY, cuMemAlloc(new CUdeviceptr(), 4));
            expect(CUDA_ERROR_OUT_OF_MEMORY, cuMemAlloc(new CUdeviceptr(), 4));
        }
    }

    @Test
    void theCompilerMayBeOlderThanTheDriver() {
        try (TestDevice _ = start(Failures.ptxRefused())) {
            expect(CUDA_ERROR_UNSUPPORTED_PTX_VERSION, cuModuleLoadData(new CUmodule(), TestDevice.ptx()));
        }
    }

    @Test
    void aFailedLaunchEndsItsContext() {
        try (TestDevice device = start(Failures.launchFailureAt(2))) {
            CUfunction add = device.function("add");
            CUstream stream = device.stream();
            CUdeviceptr memory = device.numbers(1);
            check(add(add, memory, 1, 1, stream));
            check(add(add, memory, 1, 1, stream));
            check(add(add, memory, 1, 1, stream));
            expect(CUDA_ERROR_LAUNCH_FAILED, cuStreamSynchronize(stream));
            expect(CUDA_ERROR_LAUNCH_FAILED, cuStreamSynchronize(stream));
            expect(CUDA_ERROR_LAUNCH_FAILED, cuMemFree(memory));
            expect(CUDA_ERROR_LAUNCH_FAILED, cuMemHostAlloc(new Pointer(), 4, 0));
            expect(CUDA_ERROR_LAUNCH_FAILED, add(add, memory, 1, 1, stream));
            check(cuDevicePrimaryCtxRelease(device.device()));
            assertEquals(Alive.nothing(), device.gpu().alive());
            CUcontext another = new CUcontext();
            check(cuDevicePrimaryCtxRetain(another, device.device()));
            check(cuCtxSetCurrent(another));
            assertArrayEquals(new float[] {1}, device.read(device.numbers(1), 1));
        }
    }

    @Test
    void aLostDeviceStaysLost() {
        try (TestDevice device = start(Failures.deviceLostAt(1))) {
            CUdeviceptr memory = device.numbers(1);
            check(add(device.function("add"), memory, 1, 1, null));
            expect(CUDA_ERROR_UNKNOWN, cuCtxSynchronize());
            expect(CUDA_ERROR_UNKNOWN, cuMemFree(memory));
            expect(CUDA_ERROR_UNKNOWN, cuDevicePrimaryCtxRelease(device.device()));
            assertEquals(Alive.nothing(), device.gpu().alive());
            expect(CUDA_ERROR_UNKNOWN, cuDevicePrimaryCtxRetain(new CUcontext(), device.device()));
        }
    }

    @Test
    void aKernelThatLeavesItsMemoryEndsItsContext() {
        try (TestDevice device = start(Failures.none())) {
            CUdeviceptr memory = device.numbers(1, 2);
            check(add(device.function("add"), memory, 1, 33, null));
            expect(CUDA_ERROR_ILLEGAL_ADDRESS, cuCtxSynchronize());
            expect(CUDA_ERROR_ILLEGAL_ADDRESS, cuCtxSynchronize());
            Finding finding = device.gpu().findings().getFirst();
            assertEquals(Finding.Kind.OUT_OF_BOUNDS, finding.kind());
            assertEquals("add", finding.kernel());
        }
    }

    @Test
    void whatWasNeverWrittenIsNotReadUnnoticed() {
        try (TestDevice device = start(Failures.none())) {
            CUdeviceptr memory = new CUdeviceptr();
            check(cuMemAlloc(memory, 8));
            device.read(memory, 2);
            assertEquals(1, device.gpu().faults().size());
            assertTrue(device.gpu().faults().getFirst().contains("never written"), device.gpu().faults()::getFirst);
        }
    }

    @Test
    void whatIsLeftIsCountedUntilTheContextGoes() {
        try (TestDevice device = start(Failures.none())) {
            device.numbers(1, 2);
            device.module();
            device.stream();
            check(cuMemHostAlloc(new Pointer(), 100, 0));
            assertEquals(new Alive(8, 100, 1, 1, 1, 0, 0, 0, 0, 0), device.gpu().alive());
            check(cuDevicePrimaryCtxRelease(device.device()));
            assertEquals(Alive.nothing(), device.gpu().alive());
        }
    }
}
