package dev.halcyon.emulator.driver;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static jcuda.driver.CUfunction_attribute.CU_FUNC_ATTRIBUTE_BINARY_VERSION;
import static jcuda.driver.CUfunction_attribute.CU_FUNC_ATTRIBUTE_CONST_SIZE_BYTES;
import static jcuda.driver.CUfunction_attribute.CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES;
import static jcuda.driver.CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
import static jcuda.driver.CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK;
import static jcuda.driver.CUfunction_attribute.CU_FUNC_ATTRIBUTE_NUM_REGS;
import static jcuda.driver.CUfunction_attribute.CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT;
import static jcuda.driver.CUfunction_attribute.CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_IMAGE;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_PTX;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;
import static jcuda.driver.CUresult.CUDA_ERROR_NOT_FOUND;
import static jcuda.driver.CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU;
import static jcuda.driver.CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION;

import dev.halcyon.emulator.execution.LoadedKernel;
import dev.halcyon.emulator.execution.LoadedModule;
import dev.halcyon.emulator.ptx.PtxException;

/** Modules, their kernels and variables. */
final class ModuleCalls {
    private static final int CUDA_11_7 = 11070;
    private static final int ELF = 0x464c457f;
    private static final int FAT_BINARY = 0xba55ed50;

    private final Driver driver;

    ModuleCalls(Driver driver) {
        this.driver = driver;
    }

    void addTo(Functions functions) {
        functions.add("cuModuleLoadData", a -> load(a, CompilerLog.none()));
        functions.add("cuModuleLoadDataEx", a -> load(a, CompilerLog.of(a.int32(2), a.int64(3), a.int64(4))));
        functions.add("cuModuleUnload", this::unload);
        functions.add("cuModuleGetFunction", this::function);
        functions.add("cuModuleGetGlobal_v2", this::global);
        functions.add("cuFuncGetAttribute",
                a -> a.setInt32(0, attribute(driver.handles().get(a.int64(2), KernelFunction.class), a.int32(1))));
        functions.add("cuFuncSetAttribute", this::setAttribute);
        functions.add("cuOccupancyMaxActiveBlocksPerMultiprocessor", this::occupancy);
        functions.add("cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags", this::occupancy);
    }

    private void load(Arguments a, CompilerLog log) {
        Context context = driver.context();
        driver.captures().requireNone();
        driver.countAllocation();
        int magic = HostMemory.ALL.get(JAVA_INT.withByteAlignment(1), a.pointer(1));
        DriverError.unless(magic != ELF && magic != FAT_BINARY, CUDA_ERROR_INVALID_IMAGE);
        String ptx = a.string(1);
        LoadedModule code = compile(ptx, context.device(), log);
        KernelModule module = new KernelModule(context, driver.handles().reserve(), code, ptx);
        driver.handles().put(module.handle(), module);
        context.modules().add(module);
        a.setInt64(0, module.handle());
    }

    private LoadedModule compile(String ptx, Device device, CompilerLog log) {
        PtxHeader header = PtxHeader.of(ptx);
        int newest = PtxHeader.newestFor(driver.settings().failures().compiler()
                ? CUDA_11_7
                : driver.settings().driverVersion());
        if (header.version() > newest) {
            log.error("ptxas application ptx input, fatal: Unsupported .version %s; current version is '%s'"
                    .formatted(dotted(header.version()), dotted(newest)));
            throw new DriverError(CUDA_ERROR_UNSUPPORTED_PTX_VERSION);
        }
        if (header.target() > device.model().capability()) {
            log.error("SM version specified by .target is higher than that of the device");
            throw new DriverError(CUDA_ERROR_NO_BINARY_FOR_GPU);
        }
        try {
            LoadedModule code = LoadedModule.load(ptx, device.storage().memory());
            log.info("");
            return code;
        } catch (PtxException e) {
            log.error("ptxas application ptx input, " + e.getMessage());
            throw new DriverError(CUDA_ERROR_INVALID_PTX);
        }
    }

    private static String dotted(int tenfold) {
        return tenfold / 10 + "." + tenfold % 10;
    }

    private KernelModule module(long handle) {
        driver.context();
        return driver.handles().get(handle, KernelModule.class);
    }

    private void unload(Arguments a) {
        KernelModule module = module(a.int64(0));
        module.context().finish(); // what is queued may run its kernels
        module.functions().values().forEach(function -> driver.handles().remove(function.handle()));
        module.context().modules().remove(module);
        driver.handles().remove(module.handle());
        module.code().unload();
    }

    private void function(Arguments a) {
        KernelModule module = module(a.int64(1));
        String name = a.string(2);
        KernelFunction function = module.functions().get(name);
        if (function == null) {
            LoadedKernel kernel = module.code().kernel(name);
            DriverError.unless(kernel != null, CUDA_ERROR_NOT_FOUND);
            function = new KernelFunction(module, driver.handles().reserve(), kernel);
            driver.handles().put(function.handle(), function);
            module.functions().put(name, function);
        }
        a.setInt64(0, function.handle());
    }

    private void global(Arguments a) {
        KernelModule module = module(a.int64(2));
        long address = addressOf(module, a.string(3));
        a.setInt64IfWanted(0, address);
        a.setInt64IfWanted(1, driver.deviceOf(address).storage().memory().find(address).bytes());
    }

    private static long addressOf(KernelModule module, String variable) {
        try {
            return module.code().global(variable);
        } catch (IllegalArgumentException e) {
            throw new DriverError(CUDA_ERROR_NOT_FOUND);
        }
    }

    private static int attribute(KernelFunction function, int attribute) {
        LoadedKernel kernel = function.kernel();
        return switch (attribute) {
            case CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK -> function.threadLimit();
            case CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES -> kernel.staticSharedBytes();
            case CU_FUNC_ATTRIBUTE_NUM_REGS -> function.registers();
            case CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES -> function.dynamicSharedLimit();
            case CU_FUNC_ATTRIBUTE_BINARY_VERSION -> function.module().context().device().model().capability();
            case CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES -> kernel.localBytes();
            case CU_FUNC_ATTRIBUTE_CONST_SIZE_BYTES -> 0;
            case CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT -> -1;
            default -> throw new DriverError(CUDA_ERROR_INVALID_VALUE);
        };
    }

    private void setAttribute(Arguments a) {
        driver.context();
        KernelFunction function = driver.handles().get(a.int64(0), KernelFunction.class);
        switch (a.int32(1)) {
            case CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES -> function.setDynamicSharedLimit(a.int32(2));
            case CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT -> {
                // a hint
            }
            default -> throw new DriverError(CUDA_ERROR_INVALID_VALUE);
        }
    }

    private void occupancy(Arguments a) {
        KernelFunction function = driver.handles().get(a.int64(1), KernelFunction.class);
        a.setInt32(0, function.residentBlocks(a.int32(2), a.int64(3)));
    }
}
