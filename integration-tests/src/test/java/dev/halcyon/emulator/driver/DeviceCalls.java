package dev.halcyon.emulator.driver;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_ASYNC_ENGINE_COUNT;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_MODE;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CONCURRENT_KERNELS;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_INTEGRATED;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_KERNEL_EXEC_TIMEOUT;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_PCI_BUS_ID;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_STREAM_PRIORITIES_SUPPORTED;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_WARP_SIZE;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;
import static jcuda.driver.CUresult.CUDA_ERROR_NO_DEVICE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** What there is and what it can do. */
final class DeviceCalls {
    private final Driver driver;

    DeviceCalls(Driver driver) {
        this.driver = driver;
    }

    void addTo(Functions functions) {
        functions.add("cuInit", a -> DriverError.unless(!driver.devices().isEmpty(), CUDA_ERROR_NO_DEVICE));
        functions.add("cuDriverGetVersion", a -> a.setInt32(0, driver.settings().driverVersion()));
        functions.add("cuDeviceGetCount", a -> a.setInt32(0, driver.devices().size()));
        functions.add("cuDeviceGet", a -> a.setInt32(0, driver.device(a.int32(1)).ordinal()));
        functions.add("cuDeviceGetName", a -> write(a, driver.device(a.int32(2)).name()));
        functions.add("cuDeviceGetPCIBusId", a -> write(a, driver.device(a.int32(2)).busId()));
        functions.add("cuDeviceGetByPCIBusId", this::byBusId);
        functions.add("cuDeviceGetUuid", this::uuid);
        functions.add("cuDeviceTotalMem_v2", a -> a.setInt64(0, driver.device(a.int32(1)).capacity()));
        functions.add("cuDeviceGetAttribute",
                a -> a.setInt32(0, attribute(driver.device(a.int32(2)), a.int32(1))));
        functions.add("cuDeviceCanAccessPeer", this::canAccessPeer);
    }

    /** Writes a string with a zero behind it into argument 0, a buffer of as many bytes as argument 1 says. */
    private static void write(Arguments a, String text) {
        byte[] bytes = Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), a.int32(1));
        DriverError.unless(bytes.length > 0, CUDA_ERROR_INVALID_VALUE);
        bytes[bytes.length - 1] = 0;
        MemorySegment.copy(bytes, 0, HostMemory.at(a.pointer(0), bytes.length), JAVA_BYTE, 0, bytes.length);
    }

    private void byBusId(Arguments a) {
        String id = a.string(1);
        a.setInt32(0, driver.devices().stream().filter(device -> device.busId().equalsIgnoreCase(id)).findFirst()
                .orElseThrow(() -> new DriverError(CUDA_ERROR_INVALID_VALUE)).ordinal());
    }

    private void uuid(Arguments a) {
        UUID id = driver.device(a.int32(1)).uuid();
        byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES).putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits()).array();
        MemorySegment.copy(bytes, 0, HostMemory.at(a.pointer(0), bytes.length), JAVA_BYTE, 0, bytes.length);
    }

    private void canAccessPeer(Arguments a) {
        Device device = driver.device(a.int32(1));
        Device peer = driver.device(a.int32(2));
        a.setInt32(0, device != peer && driver.settings().peerAccess() ? 1 : 0);
    }

    private int attribute(Device device, int attribute) {
        DeviceModel model = device.model();
        return switch (attribute) {
            case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR -> model.capability() / 10;
            case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR -> model.capability() % 10;
            case CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT -> driver.settings().multiprocessors();
            case CU_DEVICE_ATTRIBUTE_WARP_SIZE -> DeviceModel.WARP;
            case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK, CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X,
                    CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y -> DeviceModel.THREADS_PER_BLOCK;
            case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z -> 64;
            case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X -> Integer.MAX_VALUE;
            case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y, CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z -> 65535;
            case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR -> model.threads();
            case CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR -> model.blocks();
            case CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK,
                    CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR -> DeviceModel.REGISTERS;
            case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK -> DeviceModel.SHARED_WITHOUT_OPTING;
            case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN -> model.sharedBytesPerBlock();
            case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR -> model.sharedBytes();
            case CU_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK -> model.reservedSharedBytes();
            case CU_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY -> 64 << 10;
            case CU_DEVICE_ATTRIBUTE_PCI_BUS_ID -> device.ordinal() + 1;
            case CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING, CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED,
                    CU_DEVICE_ATTRIBUTE_STREAM_PRIORITIES_SUPPORTED, CU_DEVICE_ATTRIBUTE_CONCURRENT_KERNELS,
                    CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY -> 1;
            case CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID, CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID,
                    CU_DEVICE_ATTRIBUTE_COMPUTE_MODE, CU_DEVICE_ATTRIBUTE_INTEGRATED,
                    CU_DEVICE_ATTRIBUTE_KERNEL_EXEC_TIMEOUT -> 0;
            // those of an A100
            case CU_DEVICE_ATTRIBUTE_CLOCK_RATE -> 1_410_000;
            case CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE -> 1_215_000;
            case CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH -> 5120;
            case CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE -> 40 << 20;
            case CU_DEVICE_ATTRIBUTE_ASYNC_ENGINE_COUNT -> 3;
            default -> throw new DriverError(CUDA_ERROR_INVALID_VALUE);
        };
    }
}
