package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.memory.DeviceMemory;
import dev.halcyon.emulator.ptx.Function;
import java.util.List;

/** A kernel of a loaded module. */
public final class LoadedKernel {
    /** Threads of a block at most, on every device. */
    public static final int MOST_THREADS = 1024;
    private static final int MOST_REGISTERS = 255;

    private final Function function;
    private final KernelCode code;
    private final Layout layout;
    private final DeviceMemory memory;

    LoadedKernel(Function function, KernelCode code, Layout layout, DeviceMemory memory) {
        this.function = function;
        this.code = code;
        this.layout = layout;
        this.memory = memory;
    }

    public String name() {
        return function.name();
    }

    /** Bytes of each parameter. */
    public int[] parameterSizes() {
        return function.parameters().stream().mapToInt(parameter -> (int) parameter.bytes()).toArray();
    }

    /** Where each parameter begins in the bytes given to {@link #launch}. */
    public int[] parameterOffsets() {
        return function.parameters().stream().mapToInt(parameter -> (int) layout.address(parameter)).toArray();
    }

    /** Bytes of all parameters, with the gaps that their alignment makes. */
    public int parameterBytes() {
        return layout.parameterBytes();
    }

    /** Bytes of shared memory that the text declares. */
    public int staticSharedBytes() {
        return code.sharedBytes();
    }

    /** Bytes of local memory of each thread. */
    public int localBytes() {
        return code.localBytes();
    }

    /** Threads of a block at most. */
    public int maxThreads() {
        int limit = function.limits().maxThreads();
        return limit == 0 ? MOST_THREADS : Math.min(limit, MOST_THREADS);
    }

    /**
     * Registers of 32 bits that each thread has. The emulator does not assign hardware registers: it is the number that
     * the text declares, at most 255.
     */
    public int registersPerThread() {
        long declared = function.registers().stream().mapToLong(register -> switch (register.type().bits()) {
            case 1 -> 0;
            case 64 -> 2;
            default -> 1;
        }).sum();
        return (int) Math.min(declared, MOST_REGISTERS);
    }

    /**
     * Runs the kernel to its end.
     *
     * @param parameters at least {@link #parameterBytes} bytes
     * @param findings takes up what is wrong with the kernel
     * @return what it did
     * @throws IllegalArgumentException if the kernel cannot be launched so
     * @throws LaunchFault if it did something after which it cannot go on
     */
    public LaunchReport launch(LaunchShape shape, byte[] parameters, Findings findings) {
        check(shape, parameters);
        Launch launch = new Launch(code, shape, parameters.clone(), memory, findings);
        return new LaunchReport(name(), shape, Grid.run(launch));
    }

    private void check(LaunchShape shape, byte[] parameters) {
        List<Integer> extents = List.of(shape.gridX(), shape.gridY(), shape.gridZ(), shape.blockX(), shape.blockY(),
                shape.blockZ());
        if (extents.stream().anyMatch(extent -> extent < 1) || shape.dynamicSharedBytes() < 0) {
            throw new IllegalArgumentException("expected a grid and blocks of at least one, found " + shape);
        }
        if (shape.threads() > maxThreads()
                || function.limits().exactThreads() && shape.threads() != function.limits().maxThreads()) {
            throw new IllegalArgumentException(
                    "expected blocks of " + (function.limits().exactThreads() ? "" : "up to ")
                            + maxThreads() + " threads for kernel " + name() + ", found " + shape.threads());
        }
        if (parameters.length < parameterBytes()) {
            throw new IllegalArgumentException("expected " + parameterBytes() + " bytes of parameters for kernel "
                    + name() + ", found " + parameters.length);
        }
    }

}
