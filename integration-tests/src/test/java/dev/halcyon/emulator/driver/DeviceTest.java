package dev.halcyon.emulator.driver;

import static dev.halcyon.emulator.driver.TestDevice.check;
import static dev.halcyon.emulator.driver.TestDevice.expect;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE1D_WIDTH;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;
import static jcuda.driver.CUlimit.CU_LIMIT_STACK_SIZE;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_CONTEXT;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_DEVICE;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;
import static jcuda.driver.CUresult.CUDA_ERROR_NOT_SUPPORTED;
import static jcuda.driver.CUresult.CUDA_ERROR_NO_DEVICE;
import static jcuda.driver.CUresult.CUDA_ERROR_OUT_OF_MEMORY;
import static jcuda.driver.JCudaDriver.cuCtxCreate;
import static jcuda.driver.JCudaDriver.cuCtxDestroy;
import static jcuda.driver.JCudaDriver.cuCtxGetCurrent;
import static jcuda.driver.JCudaDriver.cuCtxGetDevice;
import static jcuda.driver.JCudaDriver.cuCtxGetLimit;
import static jcuda.driver.JCudaDriver.cuCtxPopCurrent;
import static jcuda.driver.JCudaDriver.cuCtxPushCurrent;
import static jcuda.driver.JCudaDriver.cuCtxSynchronize;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDeviceGetAttribute;
import static jcuda.driver.JCudaDriver.cuDeviceGetByPCIBusId;
import static jcuda.driver.JCudaDriver.cuDeviceGetCount;
import static jcuda.driver.JCudaDriver.cuDeviceGetName;
import static jcuda.driver.JCudaDriver.cuDeviceGetPCIBusId;
import static jcuda.driver.JCudaDriver.cuDeviceTotalMem;
import static jcuda.driver.JCudaDriver.cuDriverGetVersion;
import static jcuda.driver.JCudaDriver.cuGetErrorName;
import static jcuda.driver.JCudaDriver.cuGetErrorString;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuMemAllocManaged;
import static jcuda.driver.JCudaDriver.cuStreamWaitValue32;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import org.junit.jupiter.api.Test;

/** What a program finds out about devices, and contexts. */
final class DeviceTest {
    @Test
    void devicesHaveTheirSettings() {
        Settings settings = Settings.standard().withDevices(3).withCapability(86).withMultiprocessors(20)
                .withMemory(1 << 30).withDriverVersion(12020);
        try (TestDevice device = TestDevice.start(settings)) {
            int[] number = new int[1];
            check(cuDriverGetVersion(number));
            assertEquals(12020, number[0]);
            check(cuDeviceGetCount(number));
            assertEquals(3, number[0]);
            assertEquals("Emulated GPU (compute capability 8.6)", name(device.device()));
            assertEquals(8, attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR));
            assertEquals(6, attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR));
            assertEquals(20, attribute(device, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT));
            assertEquals(99 << 10, attribute(device, CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN));
            long[] bytes = new long[1];
            check(cuDeviceTotalMem(bytes, device.device()));
            assertEquals(1 << 30, bytes[0]);
            expect(CUDA_ERROR_INVALID_DEVICE, cuDeviceGet(new CUdevice(), 3));
            expect(CUDA_ERROR_INVALID_VALUE,
                    cuDeviceGetAttribute(number, CU_DEVICE_ATTRIBUTE_MAXIMUM_TEXTURE1D_WIDTH, device.device()));
        }
    }

    private static int attribute(TestDevice device, int attribute) {
        int[] value = new int[1];
        check(cuDeviceGetAttribute(value, attribute, device.device()));
        return value[0];
    }

    private static String name(CUdevice device) {
        byte[] name = new byte[64];
        check(cuDeviceGetName(name, name.length, device));
        return text(name);
    }

    private static String text(byte[] characters) {
        return new String(characters, StandardCharsets.UTF_8).replace("\0", "");
    }

    @Test
    void devicesAreFoundByTheirPlaceOnTheBus() {
        try (TestDevice _ = TestDevice.start(Settings.standard().withDevices(2))) {
            CUdevice second = new CUdevice();
            check(cuDeviceGet(second, 1));
            String[] id = new String[1];
            check(cuDeviceGetPCIBusId(id, 16, second));
            CUdevice found = new CUdevice();
            check(cuDeviceGetByPCIBusId(found, id[0]));
            assertEquals(second, found);
        }
    }

    @Test
    void withoutADeviceTheDriverSaysSo() {
        try (EmulatedGpu _ = EmulatedGpu.startOrSkip(Settings.standard().withDevices(0))) {
            TestDevice.loadJCuda();
            expect(CUDA_ERROR_NO_DEVICE, cuInit(0));
        }
        expect(CUDA_ERROR_NO_DEVICE, cuInit(0)); // nor is there one when nothing is attached
    }

    @Test
    void errorsHaveNames() {
        EmulatedGpu.startOrSkip(Settings.standard()).close();
        TestDevice.loadJCuda();
        String[] text = new String[1];
        check(cuGetErrorName(CUDA_ERROR_OUT_OF_MEMORY, text));
        assertEquals("CUDA_ERROR_OUT_OF_MEMORY", text[0]);
        check(cuGetErrorString(CUDA_ERROR_OUT_OF_MEMORY, text));
        assertEquals("out of memory", text[0]);
    }

    @Test
    void whatIsNotEmulatedSaysSo() {
        try (TestDevice device = TestDevice.start(Settings.standard())) {
            expect(CUDA_ERROR_NOT_SUPPORTED, cuCtxGetLimit(new long[1], CU_LIMIT_STACK_SIZE));
            expect(CUDA_ERROR_NOT_SUPPORTED, cuMemAllocManaged(new CUdeviceptr(), 100, 1));
            expect(CUDA_ERROR_NOT_SUPPORTED, cuStreamWaitValue32(device.stream(), new CUdeviceptr(), 1, 0));
        }
    }

    @Test
    void contextsAreCurrentByThreadAndStacked() throws InterruptedException {
        try (TestDevice device = TestDevice.start(Settings.standard().withDevices(2))) {
            CUdevice second = new CUdevice();
            check(cuDeviceGet(second, 1));
            CUcontext created = new CUcontext();
            check(cuCtxCreate(created, 0, second));
            CUdevice current = new CUdevice();
            check(cuCtxGetDevice(current));
            assertEquals(second, current);
            check(cuCtxPushCurrent(device.context()));
            check(cuCtxGetDevice(current));
            assertEquals(device.device(), current);
            CUcontext popped = new CUcontext();
            check(cuCtxPopCurrent(popped));
            assertEquals(device.context(), popped);
            int[] elsewhere = new int[1];
            Thread thread = new Thread(() -> elsewhere[0] = cuCtxSynchronize());
            thread.start();
            thread.join();
            expect(CUDA_ERROR_INVALID_CONTEXT, elsewhere[0]);
            assertEquals(2, device.gpu().alive().contexts());
            check(cuCtxDestroy(created));
            check(cuCtxGetCurrent(popped));
            assertEquals(device.context(), popped);
            assertEquals(1, device.gpu().alive().contexts());
        }
    }
}
