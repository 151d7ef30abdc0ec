package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static jcuda.driver.CUstream_flags.CU_STREAM_NON_BLOCKING;
import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;

/** The emulated GPU as the real JCuda sees it: the primary context of device 0 is current in the thread of the test. */
final class TestDevice implements AutoCloseable {
    private final EmulatedGpu gpu;
    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();

    private TestDevice(EmulatedGpu gpu) {
        this.gpu = gpu;
        check(cuInit(0));
        check(cuDeviceGet(device, 0));
        check(cuDevicePrimaryCtxRetain(context, device));
        check(cuCtxSetCurrent(context));
    }

    /** Starts an emulated GPU, or skips the test. */
    static TestDevice start(Settings settings) {
        EmulatedGpu gpu = EmulatedGpu.startOrSkip(settings);
        loadJCuda();
        return new TestDevice(gpu);
    }

    /** Lets JCuda load its library for the driver. */
    static void loadJCuda() {
        load(() -> JCudaDriver.setExceptionsEnabled(false));
    }

    /** Lets JCuda load its library for cuBLAS. */
    static void loadJCublas() {
        load(() -> JCublas2.setExceptionsEnabled(false));
    }

    /** Initialises a class of JCuda, which copies its library to the folder for temporary files: to one that goes away. */
    private static void load(Runnable initialisation) {
        String before = System.getProperty("java.io.tmpdir");
        try {
            Path folder = Files.createTempDirectory("jcuda");
            System.setProperty("java.io.tmpdir", folder.toString());
            initialisation.run();
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            System.setProperty("java.io.tmpdir", before);
        }
    }

    EmulatedGpu gpu() {
        return gpu;
    }

    CUdevice device() {
        return device;
    }

    CUcontext context() {
        return context;
    }

    /** Expects success. */
    static void check(int status) {
        expect(CUDA_SUCCESS, status);
    }

    /** Expects a status. */
    static void expect(int expected, int status) {
        assertEquals(CUresult.stringFor(expected), CUresult.stringFor(status));
    }

    /** A stream that does not wait for the default one. */
    CUstream stream() {
        CUstream stream = new CUstream();
        check(cuStreamCreate(stream, CU_STREAM_NON_BLOCKING));
        return stream;
    }

    /** New device memory with some numbers. */
    CUdeviceptr numbers(float... values) {
        CUdeviceptr memory = new CUdeviceptr();
        check(cuMemAlloc(memory, (long) values.length * Float.BYTES));
        check(cuMemcpyHtoD(memory, Pointer.to(values), (long) values.length * Float.BYTES));
        return memory;
    }

    /** Numbers in device memory; waits for the default stream alone. */
    float[] read(CUdeviceptr memory, int count) {
        float[] values = new float[count];
        check(cuMemcpyDtoH(Pointer.to(values), memory, (long) count * Float.BYTES));
        return values;
    }

    /** The PTX of the kernels of the tests, with the zero that the driver reads up to. */
    static String ptx() {
        try (InputStream stream = TestDevice.class.getResourceAsStream("kernels.ptx")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8) + '\0';
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    CUmodule module() {
        CUmodule module = new CUmodule();
        check(cuModuleLoadData(module, ptx()));
        return module;
    }

    CUfunction function(String name) {
        return function(module(), name);
    }

    CUfunction function(CUmodule module, String name) {
        CUfunction function = new CUfunction();
        check(cuModuleGetFunction(function, module, name));
        return function;
    }

    /** Launches the kernel that adds to each of some numbers, and gives what the driver answers. */
    static int add(CUfunction add, CUdeviceptr memory, float addend, int count, CUstream stream) {
        return cuLaunchKernel(add, (count + 31) / 32, 1, 1, 32, 1, 1, 0, stream, addParameters(memory, addend, count),
                null);
    }

    static Pointer addParameters(CUdeviceptr memory, float addend, int count) {
        return Pointer.to(Pointer.to(memory), Pointer.to(new float[] {addend}), Pointer.to(new int[] {count}));
    }

    @Override
    public void close() {
        cuCtxSetCurrent(new CUcontext());
        cuDevicePrimaryCtxRelease(device);
        gpu.close();
    }
}
