package dev.halcyon.emulator.driver;

import static jcuda.driver.CUgraphNodeType.CU_GRAPH_NODE_TYPE_MEMSET;

/**
 * A fill of device memory with one value, again and again.
 *
 * @param valueBytes 1, 2 or 4
 */
record Fill(Driver driver, Device device, long address, long bytes, int value, int valueBytes) implements NodeWork {
    @Override
    public void execute() {
        if (driver.settings().executing()) {
            device.storage().memory().fill(address, bytes, value, valueBytes);
        }
        driver.record(new Launch.Fill(device.ordinal(), bytes));
    }

    @Override
    public int nodeType() {
        return CU_GRAPH_NODE_TYPE_MEMSET;
    }
}
