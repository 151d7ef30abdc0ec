package dev.halcyon.emulator.driver;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;

import dev.halcyon.emulator.execution.LaunchShape;
import dev.halcyon.emulator.execution.LoadedKernel;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Launches of kernels. */
final class LaunchCalls {
    // what comes in the list of extra options, by pairs
    private static final long END = 0;
    private static final int BUFFER_POINTER = 1;
    private static final int BUFFER_SIZE = 2;

    private final Driver driver;

    LaunchCalls(Driver driver) {
        this.driver = driver;
    }

    void addTo(Functions functions) {
        functions.add("cuLaunchKernel", this::launch);
    }

    private void launch(Arguments a) {
        Stream stream = driver.stream(a.int64(8));
        LaunchShape shape = new LaunchShape(a.int32(1), a.int32(2), a.int32(3), a.int32(4), a.int32(5), a.int32(6),
                a.int32(7));
        stream.submit(kernel(driver, a.int64(0), shape, a.int64(9), a.int64(10)));
    }

    /**
     * A launch as a program asks for it.
     *
     * @param parameters address of an array of pointers to the parameters; 0 if they are in extra
     * @param extra address of a list of options; 0 if there is none
     */
    static KernelLaunch kernel(Driver driver, long handle, LaunchShape shape, long parameters, long extra) {
        KernelFunction function = driver.handles().get(handle, KernelFunction.class);
        function.check(shape);
        byte[] bytes = extra == 0 ? gather(function.kernel(), parameters) : buffer(function.kernel(), extra);
        return new KernelLaunch(driver, function, shape, bytes);
    }

    private static byte[] gather(LoadedKernel kernel, long pointers) {
        int[] sizes = kernel.parameterSizes();
        int[] offsets = kernel.parameterOffsets();
        byte[] bytes = new byte[kernel.parameterBytes()];
        DriverError.unless(pointers != 0 || sizes.length == 0, CUDA_ERROR_INVALID_VALUE);
        for (int i = 0; i < sizes.length; i++) {
            long source = HostMemory.ALL.get(JAVA_LONG, pointers + (long) i * Long.BYTES);
            DriverError.unless(source != 0, CUDA_ERROR_INVALID_VALUE);
            MemorySegment.copy(HostMemory.ALL, JAVA_BYTE, source, bytes, offsets[i], sizes[i]);
        }
        return bytes;
    }

    private static byte[] buffer(LoadedKernel kernel, long extra) {
        long source = 0;
        long size = 0;
        long place = extra;
        for (long key = word(place); key != END; key = word(place)) {
            switch ((int) key) {
                case BUFFER_POINTER -> source = word(place + Long.BYTES);
                case BUFFER_SIZE -> size = word(word(place + Long.BYTES));
                default -> throw new DriverError(CUDA_ERROR_INVALID_VALUE);
            }
            place += 2 * Long.BYTES;
        }
        DriverError.unless(source != 0 && size >= kernel.parameterBytes(), CUDA_ERROR_INVALID_VALUE);
        byte[] bytes = HostMemory.at(source, size).toArray(JAVA_BYTE);
        return Arrays.copyOf(bytes, kernel.parameterBytes());
    }

    private static long word(long address) {
        return HostMemory.ALL.get(JAVA_LONG, address);
    }
}
