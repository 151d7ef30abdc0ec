package dev.halcyon.emulator.driver;

import static jcuda.driver.CUgraphNodeType.CU_GRAPH_NODE_TYPE_KERNEL;
import static jcuda.driver.CUresult.CUDA_ERROR_ILLEGAL_ADDRESS;
import static jcuda.driver.CUresult.CUDA_ERROR_LAUNCH_FAILED;
import static jcuda.driver.CUresult.CUDA_ERROR_LAUNCH_TIMEOUT;
import static jcuda.driver.CUresult.CUDA_ERROR_MISALIGNED_ADDRESS;

import dev.halcyon.emulator.execution.LaunchFault;
import dev.halcyon.emulator.execution.LaunchReport;
import dev.halcyon.emulator.execution.LaunchShape;
import java.util.Optional;

/**
 * One run of a kernel.
 *
 * @param parameters their bytes, as they were at the call
 */
record KernelLaunch(Driver driver, KernelFunction function, LaunchShape shape, byte[] parameters) implements NodeWork {
    @Override
    public void execute() {
        Device device = function.module().context().device();
        driver.countKernel(device);
        Optional<LaunchReport> report = Optional.empty();
        if (driver.settings().executing()) {
            report = Optional.of(run());
        }
        driver.record(new Launch.Kernel(device.ordinal(), function.module().ptx(), function.kernel().name(), shape,
                parameters, report));
    }

    private LaunchReport run() {
        try {
            return function.kernel().launch(shape, parameters, driver.findings());
        } catch (LaunchFault fault) {
            throw new DriverError(switch (fault.finding().kind()) {
                case OUT_OF_BOUNDS, USE_AFTER_FREE -> CUDA_ERROR_ILLEGAL_ADDRESS;
                case MISALIGNED -> CUDA_ERROR_MISALIGNED_ADDRESS;
                case ENDLESS -> CUDA_ERROR_LAUNCH_TIMEOUT;
                default -> CUDA_ERROR_LAUNCH_FAILED;
            });
        }
    }

    @Override
    public int nodeType() {
        return CU_GRAPH_NODE_TYPE_KERNEL;
    }
}
