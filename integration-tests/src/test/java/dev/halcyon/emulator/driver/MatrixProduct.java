package dev.halcyon.emulator.driver;

import static jcuda.driver.CUgraphNodeType.CU_GRAPH_NODE_TYPE_KERNEL;

import dev.halcyon.emulator.cublas.GemmCall;

/** Products of matrices by cuBLAS. */
record MatrixProduct(Driver driver, Device device, GemmCall call) implements NodeWork {
    @Override
    public void execute() {
        driver.countKernel(device);
        if (driver.settings().executing()) {
            call.execute(device.storage().memory(), driver.faults()::add);
        }
        driver.record(new Launch.Product(device.ordinal(), call.m(), call.n(), call.k(), call.batch(),
                call.computeType(), call.a().type(), call.b().type(), call.c().type(), call.beta() != 0));
    }

    @Override
    public int nodeType() {
        return CU_GRAPH_NODE_TYPE_KERNEL;
    }
}
