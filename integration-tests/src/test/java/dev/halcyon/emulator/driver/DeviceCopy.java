package dev.halcyon.emulator.driver;

import static jcuda.driver.CUgraphNodeType.CU_GRAPH_NODE_TYPE_MEMCPY;

/** A copy on a device, or from one to another. */
record DeviceCopy(Driver driver, Device source, long from, Device target, long to, long bytes) implements NodeWork {
    @Override
    public void execute() {
        if (source != target) {
            // memory of a context that has failed can be reached no more
            source.owner(from).requireUsable();
            target.owner(to).requireUsable();
        }
        if (driver.settings().executing()) {
            source.storage().memory().copy(from, target.storage().memory(), to, bytes);
        }
        driver.record(new Launch.Copy(source.ordinal(), direction(), bytes));
    }

    private Launch.Direction direction() {
        if (source == target) {
            return Launch.Direction.ON_DEVICE;
        }
        return source.isReachableFrom(target, from)
                ? Launch.Direction.BETWEEN_DEVICES
                : Launch.Direction.BY_WAY_OF_HOST;
    }

    @Override
    public int nodeType() {
        return CU_GRAPH_NODE_TYPE_MEMCPY;
    }
}
