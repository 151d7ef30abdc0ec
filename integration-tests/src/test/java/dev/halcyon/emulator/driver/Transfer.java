package dev.halcyon.emulator.driver;

import static jcuda.driver.CUgraphNodeType.CU_GRAPH_NODE_TYPE_MEMCPY;

import java.lang.foreign.MemorySegment;

/**
 * A copy between a device and the host.
 *
 * @param host pinned memory, which is read or written when the copy is done, or what was in other memory at the call
 */
record Transfer(Driver driver, Device device, long address, MemorySegment host, Launch.Direction direction)
        implements Work {
    @Override
    public void execute() {
        if (driver.settings().executing()) {
            if (direction == Launch.Direction.TO_DEVICE) {
                device.storage().memory().write(address, host);
            } else {
                device.storage().memory().read(address, host);
            }
        }
        driver.record(new Launch.Copy(device.ordinal(), direction, host.byteSize()));
    }

    @Override
    public int nodeType() {
        return CU_GRAPH_NODE_TYPE_MEMCPY;
    }
}
