package dev.halcyon.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** The kernels of a context: each family's PTX is loaded when its first kernel is wanted. */
final class Modules implements AutoCloseable {
    private static final int AMPERE = 80;

    private final Context context;
    private final Map<String, CUmodule> modules = new HashMap<>();
    private final Map<String, Map<String, Kernel>> kernels = new HashMap<>();

    Modules(Context context) {
        this.context = context;
    }

    /** The PTX that is loaded: {@code compute_75} or {@code compute_80}. */
    String target() {
        return targetsAmpere() ? "compute_80" : "compute_75";
    }

    boolean targetsAmpere() {
        return context.capability() >= AMPERE;
    }

    Kernel kernel(String family, String name) {
        return kernels.computeIfAbsent(family, key -> new HashMap<>()).computeIfAbsent(name,
                key -> load(family, name));
    }

    private Kernel load(String family, String name) {
        context.makeCurrent();
        CUfunction function = new CUfunction();
        Status.check(JCudaDriver.cuModuleGetFunction(function, module(family), name),
                "cuModuleGetFunction of " + family + "." + name);
        return new Kernel(family, name, function);
    }

    private CUmodule module(String family) {
        return modules.computeIfAbsent(family, key -> {
            CUmodule module = new CUmodule();
            Status.check(JCudaDriver.cuModuleLoadData(module, text(family)), "cuModuleLoadData of " + family);
            return module;
        });
    }

    private byte[] text(String family) {
        String resource = "ptx/" + target() + "/" + family + ".ptx";
        try (InputStream stream = Modules.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("expected the resource " + resource + " beside the CUDA backend");
            }
            // the driver reads up to a zero
            return (new String(stream.readAllBytes(), StandardCharsets.UTF_8) + '\0').getBytes(StandardCharsets.UTF_8);
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
