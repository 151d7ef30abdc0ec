package dev.halcyon.cuda;

import dev.halcyon.device.Precision;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** Queues kernels on the backend's stream. */
final class Launcher implements AutoCloseable {
    /** As much as a kernel may take, and a pointer to each of the smallest arguments. */
    private static final long LARGEST_ARGUMENTS = 4096 + 8 * 1024;

    private final Context context;
    private final Submission submission;
    private final Steps steps;
    private final Modules modules;
    private final Scratch scratch;
    private final Precision precision;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment parameters = arena.allocate(LARGEST_ARGUMENTS, Long.BYTES);
    private final HostPointer parametersPointer = new HostPointer(parameters);

    Launcher(Context context, Submission submission, Steps steps, Modules modules, Scratch scratch,
            Precision precision) {
        this.context = context;
        this.submission = submission;
        this.steps = steps;
        this.modules = modules;
        this.scratch = scratch;
        this.precision = precision;
    }

    /**
     * A kernel, loaded once.
     *
     * @param family the .cu file without its ending
     * @param name of the function in it
     * @throws CudaException if there is none of that name, or the driver cannot compile the family's PTX
     */
    Kernel kernel(String family, String name) {
        return modules.kernel(family, name);
    }

    /**
     * Queues a kernel. The driver has copied the arguments when this returns.
     *
     * @throws CudaException if the driver refuses; the message names kernel, grid, block and shared memory
     */
    void launch(Kernel kernel, Grid grid, Arguments arguments) {
        context.makeCurrent();
        arguments.writeTo(parameters);
        int status = JCudaDriver.cuLaunchKernel(kernel.function(), grid.x(), grid.y(), grid.z(), grid.block(), 1, 1,
                grid.sharedBytes(), context.stream(), parametersPointer, null);
        if (status == CUresult.CUDA_SUCCESS && submission == Submission.BLOCKING) {
            status = JCudaDriver.cuStreamSynchronize(context.stream());
        }
        if (status != CUresult.CUDA_SUCCESS) {
            context.check(status, "cuLaunchKernel of " + kernel + " (" + grid + ")");
        }
        steps.note(kernel);
    }

    /** Streaming multiprocessors of the device, for the size of grids. Results must not depend on it. */
    int multiprocessors() {
        return context.multiprocessors();
    }

    /** Memory for the kernels of one operation, contents undefined. */
    Temporary temporary(long bytes) {
        return scratch.take(bytes);
    }

    /** Whether the kernels are those with bfloat16 and TF32 products and asynchronous copies. */
    boolean targetsAmpere() {
        return modules.targetsAmpere();
    }

    /** How exactly products and convolutions of float32 data are computed. */
    Precision precision() {
        return precision;
    }

    @Override
    public void close() {
        arena.close();
    }
}
