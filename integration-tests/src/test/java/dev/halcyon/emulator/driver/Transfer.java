package dev.halcyon.emulator.driver;

import static jcuda.driver.CUgraphNodeType.CU_GRAPH_NODE_TYPE_MEMCPY;

import dev.halcyon.emulator.memory.DeviceMemory;
import java.lang.foreign.MemorySegment;

/**
 * A copy between a device and the host.
 *
 * @param host pinned memory, which is read or written when the copy is done, or what was in other memory at the call
 */
record Transfer(Driver driver, Device device, long address, MemorySegment host, Launch.Direction direction)
        implements NodeWork {
    @Override
    public void execute() {
        if (driver.settings().executing()) {
            if (direction == Launch.Direction.TO_DEVICE) {
                device.storage().memory().write(address, host);
            } else {
                download(device.storage().memory());
            }
        }
        driver.record(new Launch.Copy(device.ordinal(), direction, host.byteSize()));
    }

    private void download(DeviceMemory memory) {
        memory.read(address, host);
        long unwritten = memory.firstUnwritten(address, host.byteSize());
        if (unwritten >= 0) {
            driver.faults().add("a copy to the host of %d bytes at %s reads %s, which was never written"
                    .formatted(host.byteSize(), DeviceMemory.hex(address), DeviceMemory.hex(unwritten)));
        }
    }

    @Override
    public int nodeType() {
        return CU_GRAPH_NODE_TYPE_MEMCPY;
    }
}
