package dev.halcyon.emulator.driver;

import static dev.halcyon.emulator.driver.TestDevice.check;
import static dev.halcyon.emulator.driver.TestDevice.expect;
import static jcuda.driver.CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
import static jcuda.driver.CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK;
import static jcuda.driver.CUjit_option.CU_JIT_ERROR_LOG_BUFFER;
import static jcuda.driver.CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_HANDLE;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_IMAGE;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_PTX;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;
import static jcuda.driver.CUresult.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES;
import static jcuda.driver.CUresult.CUDA_ERROR_NOT_FOUND;
import static jcuda.driver.CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU;
import static jcuda.driver.CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION;
import static jcuda.driver.JCudaDriver.cuCtxSynchronize;
import static jcuda.driver.JCudaDriver.cuFuncGetAttribute;
import static jcuda.driver.JCudaDriver.cuFuncSetAttribute;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleGetGlobal;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuModuleLoadDataJIT;
import static jcuda.driver.JCudaDriver.cuModuleUnload;
import static jcuda.driver.JCudaDriver.cuOccupancyMaxActiveBlocksPerMultiprocessor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JITOptions;
import org.junit.jupiter.api.Test;

/** Modules, their kernels and variables, and launches. */
final class ModuleTest {
    private static TestDevice start() {
        return TestDevice.start(Settings.standard());
    }

    @Test
    void anOlderDriverRefusesTheVersion() {
        try (TestDevice device = TestDevice.start(Settings.standard().withDriverVersion(11070))) {
            expect(CUDA_ERROR_UNSUPPORTED_PTX_VERSION, cuModuleLoadData(new CUmodule(), TestDevice.ptx()));
            JITOptions options = new JITOptions();
            options.putBytes(CU_JIT_ERROR_LOG_BUFFER, new byte[200]);
            options.putInt(CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, 200);
            Pointer ptx = Pointer.to(TestDevice.ptx().getBytes(StandardCharsets.UTF_8));
            expect(CUDA_ERROR_UNSUPPORTED_PTX_VERSION, cuModuleLoadDataJIT(new CUmodule(), ptx, options));
            assertEquals("ptxas application ptx input, fatal: Unsupported .version 7.8; current version is '7.7'",
                    options.getString(CU_JIT_ERROR_LOG_BUFFER).replace("\0", ""));
            assertEquals(0, device.gpu().alive().modules());
        }
    }

    @Test
    void anOlderDeviceRefusesTheTarget() {
        try (TestDevice _ = TestDevice.start(Settings.standard().withCapability(75))) {
            check(cuModuleLoadData(new CUmodule(), TestDevice.ptx()));
            expect(CUDA_ERROR_NO_BINARY_FOR_GPU,
                    cuModuleLoadData(new CUmodule(), TestDevice.ptx().replace("sm_75", "sm_80")));
        }
    }

    @Test
    void whatIsNoPtxIsRefused() {
        try (TestDevice _ = start()) {
            expect(CUDA_ERROR_INVALID_PTX, cuModuleLoadData(new CUmodule(), "nothing at all\0"));
            expect(CUDA_ERROR_INVALID_PTX,
                    cuModuleLoadData(new CUmodule(), TestDevice.ptx().replace("mad.lo", "mod.lo")));
            expect(CUDA_ERROR_INVALID_IMAGE, cuModuleLoadData(new CUmodule(), "\u007fELF\0"));
        }
    }

    @Test
    void kernelsAndVariablesAreFoundByName() {
        try (TestDevice device = start()) {
            CUmodule module = device.module();
            expect(CUDA_ERROR_NOT_FOUND, cuModuleGetFunction(new CUfunction(), module, "nothing"));
            CUdeviceptr counter = new CUdeviceptr();
            long[] bytes = new long[1];
            expect(CUDA_ERROR_NOT_FOUND, cuModuleGetGlobal(counter, bytes, module, "nothing"));
            check(cuModuleGetGlobal(counter, bytes, module, "counter"));
            assertEquals(4, bytes[0]);
            check(cuMemcpyHtoD(counter, Pointer.to(new int[] {100}), 4));
            CUdeviceptr memory = device.numbers(0, 0, 0, 0);
            check(cuLaunchKernel(device.function(module, "look"), 1, 1, 1, 4, 1, 1, 0, null,
                    Pointer.to(Pointer.to(memory)), null));
            assertArrayEquals(new float[] {101, 102, 103, 104}, device.read(memory, 4));
        }
    }

    @Test
    void anUnloadedModuleIsGone() {
        try (TestDevice device = start()) {
            CUmodule module = device.module();
            CUfunction add = device.function(module, "add");
            CUdeviceptr memory = device.numbers(1);
            assertEquals(1, device.gpu().alive().modules());
            check(cuModuleUnload(module));
            assertEquals(0, device.gpu().alive().modules());
            expect(CUDA_ERROR_INVALID_HANDLE, TestDevice.add(add, memory, 1, 1, null));
        }
    }

    @Test
    void aLaunchOverTheLimitsIsRefused() {
        try (TestDevice device = start()) {
            CUfunction add = device.function("add");
            Pointer parameters = TestDevice.addParameters(device.numbers(1), 1, 1);
            expect(CUDA_ERROR_INVALID_VALUE, cuLaunchKernel(add, 0, 1, 1, 32, 1, 1, 0, null, parameters, null));
            expect(CUDA_ERROR_INVALID_VALUE, cuLaunchKernel(add, 1, 65536, 1, 32, 1, 1, 0, null, parameters, null));
            expect(CUDA_ERROR_INVALID_VALUE, cuLaunchKernel(add, 1, 1, 1, 1025, 1, 1, 0, null, parameters, null));
            expect(CUDA_ERROR_INVALID_VALUE, cuLaunchKernel(add, 1, 1, 1, 1, 1, 65, 0, null, parameters, null));
            // its launch bounds are 256 threads
            expect(CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES,
                    cuLaunchKernel(add, 1, 1, 1, 288, 1, 1, 0, null, parameters, null));
            expect(CUDA_ERROR_INVALID_VALUE,
                    cuLaunchKernel(add, 1, 1, 1, 32, 1, 1, 49153, null, parameters, null));
            assertEquals(256, attribute(add, CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK));
        }
    }

    private static int attribute(CUfunction function, int attribute) {
        int[] value = new int[1];
        check(cuFuncGetAttribute(value, attribute, function));
        return value[0];
    }

    @Test
    void aKernelMayOptIntoMoreSharedMemory() {
        try (TestDevice device = start()) {
            CUfunction reverse = device.function("reverse");
            assertEquals(48 << 10, attribute(reverse, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES));
            expect(CUDA_ERROR_INVALID_VALUE,
                    cuFuncSetAttribute(reverse, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, 164 << 10));
            check(cuFuncSetAttribute(reverse, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, 100 << 10));
            CUdeviceptr memory = device.numbers(1, 2, 3);
            check(cuLaunchKernel(reverse, 1, 1, 1, 3, 1, 1, 100 << 10, null,
                    Pointer.to(Pointer.to(memory), Pointer.to(new int[] {3})), null));
            assertArrayEquals(new float[] {3, 2, 1}, device.read(memory, 3));
        }
    }

    @Test
    void blocksOnAMultiprocessorAreLimitedByThreadsAndSharedMemory() {
        try (TestDevice device = start()) {
            CUfunction add = device.function("add");
            int[] blocks = new int[1];
            check(cuOccupancyMaxActiveBlocksPerMultiprocessor(blocks, add, 256, 0));
            assertEquals(8, blocks[0]); // of 2048 threads
            check(cuOccupancyMaxActiveBlocksPerMultiprocessor(blocks, add, 32, 0));
            assertEquals(32, blocks[0]);
            check(cuOccupancyMaxActiveBlocksPerMultiprocessor(blocks, add, 64, 40 << 10));
            assertEquals(4, blocks[0]); // 41 KiB with the system's own, of 164
        }
    }

    @Test
    void launchesAreRecorded() {
        try (TestDevice device = start()) {
            CUdeviceptr memory = device.numbers(1, 2);
            device.gpu().forgetLaunches();
            check(TestDevice.add(device.function("add"), memory, 1, 2, null));
            device.read(memory, 2);
            assertEquals(2, device.gpu().launches().size());
            Launch.Kernel kernel = (Launch.Kernel) device.gpu().launches().getFirst();
            assertEquals("add", kernel.kernel());
            assertEquals(16, kernel.parameters().length);
            assertTrue(kernel.report().orElseThrow().counters().warpInstructions() > 0);
            assertEquals(new Launch.Copy(0, Launch.Direction.TO_HOST, 8), device.gpu().launches().getLast());
        }
    }

    @Test
    void launchesCanBeRecordedWithoutBeingExecuted() {
        Settings settings = Settings.standard().withMemory(1L << 40).withoutExecution();
        try (TestDevice device = TestDevice.start(settings)) {
            CUdeviceptr memory = new CUdeviceptr();
            check(cuMemAlloc(memory, 1L << 39));
            check(TestDevice.add(device.function("add"), memory, 1, 2, null));
            check(cuCtxSynchronize());
            Launch.Kernel kernel = (Launch.Kernel) device.gpu().launches().getFirst();
            assertEquals("add", kernel.kernel());
            assertTrue(kernel.report().isEmpty());
        }
    }
}
