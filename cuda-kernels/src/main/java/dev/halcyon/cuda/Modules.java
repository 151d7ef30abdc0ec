package dev.halcyon.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import jcuda.driver.CUfunction;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import jcuda.driver.JITOptions;

/** The kernels of a context: each family's PTX is compiled by the driver when its first kernel is wanted. */
final class Modules implements AutoCloseable {
    private static final int LOG_BYTES = 8192;

    private final Context context;
    private final Steps steps;
    private final DeviceMemory memory;
    private final Map<String, CUmodule> modules = new HashMap<>();
    private final Map<String, Map<String, Kernel>> kernels = new HashMap<>();

    Modules(Context context, Steps steps, DeviceMemory memory) {
        this.context = context;
        this.steps = steps;
        this.memory = memory;
    }

    /** Which PTX a GPU is given. */
    static String target(Gpu gpu) {
        return gpu.isAmpere() ? "compute_80" : "compute_75";
    }

    boolean targetsAmpere() {
        return context.gpu().isAmpere();
    }

    Kernel kernel(String family, String name) {
        Map<String, Kernel> loaded = kernels.computeIfAbsent(family, key -> new HashMap<>());
        Kernel kernel = loaded.get(name);
        if (kernel == null) {
            kernel = load(family, name);
            loaded.put(name, kernel);
        }
        return kernel;
    }

    private Kernel load(String family, String name) {
        context.makeCurrent();
        steps.interrupt();
        CUmodule module = modules.get(family);
        if (module == null) {
            module = compile(family);
            modules.put(family, module);
        }
        CUfunction function = new CUfunction();
        context.check(JCudaDriver.cuModuleGetFunction(function, module, name),
                "cuModuleGetFunction of " + family + "." + name);
        return new Kernel(family, name, function);
    }

    private CUmodule compile(String family) {
        CUmodule module = new CUmodule();
        JITOptions options = new JITOptions();
        options.putBytes(CUjit_option.CU_JIT_ERROR_LOG_BUFFER, new byte[LOG_BYTES]);
        options.putInt(CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, LOG_BYTES);
        int status;
        // not from an array: JCuda would keep the garbage collector waiting while the driver compiles
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, text(target(context.gpu()), family));
            HostPointer pointer = new HostPointer(text);
            status = memory.withRoom(() -> JCudaDriver.cuModuleLoadDataJIT(module, pointer, options));
        }
        if (status != CUresult.CUDA_SUCCESS) {
            String log = options.getString(CUjit_option.CU_JIT_ERROR_LOG_BUFFER);
            context.check(status, "cuModuleLoadDataEx of " + family
                    + (log == null || log.isBlank() ? "" : " (" + log.lines().findFirst().orElse("").strip() + ")"));
        }
        return module;
    }

    /** A family's PTX for a target, ended by a zero as the driver wants it. */
    static byte[] text(String target, String family) {
        String resource = "ptx/" + target + "/" + family + ".ptx";
        try (InputStream stream = Modules.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("expected the resource " + resource + " beside the CUDA backend");
            }
            byte[] text = stream.readAllBytes();
            return Arrays.copyOf(text, text.length + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        modules.values().forEach(JCudaDriver::cuModuleUnload);
        modules.clear();
        kernels.clear();
    }
}
