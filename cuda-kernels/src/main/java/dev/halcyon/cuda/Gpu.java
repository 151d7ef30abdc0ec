package dev.halcyon.cuda;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;

import java.nio.charset.StandardCharsets;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;

/**
 * A GPU that the driver sees.
 *
 * @param number by which the driver counts it
 * @param name as its maker calls it
 * @param bytes of memory
 * @param capability compute capability: 75 for 7.5
 */
record Gpu(int number, String name, long bytes, int capability) {
    /** Turing: the oldest that the shipped kernels are made for. */
    static final int OLDEST = 75;
    /** Ampere: bfloat16 and TF32 products and asynchronous copies. */
    static final int AMPERE = 80;

    private static final int LONGEST_NAME = 256;

    /** What the driver tells of one of its devices. */
    static Gpu of(int number) {
        CUdevice device = handle(number);
        byte[] name = new byte[LONGEST_NAME];
        Status.check(JCudaDriver.cuDeviceGetName(name, name.length, device), "cuDeviceGetName");
        long[] bytes = new long[1];
        Status.check(JCudaDriver.cuDeviceTotalMem(bytes, device), "cuDeviceTotalMem");
        int capability = 10 * attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
                + attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
        return new Gpu(number, text(name), bytes[0], capability);
    }

    private static CUdevice handle(int number) {
        CUdevice device = new CUdevice();
        Status.check(JCudaDriver.cuDeviceGet(device, number), "cuDeviceGet");
        return device;
    }

    private static int attribute(CUdevice device, int attribute) {
        int[] value = new int[1];
        Status.check(JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute");
        return value[0];
    }

    /** Up to the zero that ends it. */
    private static String text(byte[] bytes) {
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** The driver's handle. */
    CUdevice handle() {
        return handle(number);
    }

    /** Whether the shipped kernels run on it. */
    boolean isUsable() {
        return capability >= OLDEST;
    }

    boolean isAmpere() {
        return capability >= AMPERE;
    }

    /** {@code NVIDIA GeForce RTX 4090, 24080 MiB, compute capability 8.9}. */
    @Override
    public String toString() {
        return name + ", " + (bytes >> 20) + " MiB, compute capability " + capability / 10 + "." + capability % 10;
    }
}
