package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.execution.Finding.Kind;
import dev.halcyon.emulator.memory.Allocation;
import dev.halcyon.emulator.memory.DeviceMemory;

/** Global and constant memory. It remembers the allocation that was used last, which is most often that of next time. */
final class GlobalMemory implements Memory {
    private final boolean counted;
    private volatile Allocation recent;

    /** @param counted false for constant memory, which has a cache of its own */
    GlobalMemory(boolean counted) {
        this.counted = counted;
    }

    @Override
    public void load(Warp warp, int lanes, long[] at, Transfer transfer) {
        int bytes = transfer.bytes();
        if (lanes == Warp.ALL && Traffic.isContiguous(at, bytes)) {
            Allocation allocation = whole(warp, at[0], bytes);
            if (allocation != null) {
                int offset = (int) (at[0] - allocation.start());
                if (allocation.written(offset, Warp.LANES * bytes)) {
                    transfer.loadAll(allocation.data(), offset, warp);
                    countContiguous(warp, at[0], bytes, true, false);
                    return;
                }
            }
        }
        for (int rest = lanes; rest != 0; rest &= rest - 1) {
            int lane = Warp.first(rest);
            Allocation allocation = checked(warp, lane, at[lane], bytes, true);
            transfer.load(allocation.data(), (int) (at[lane] - allocation.start()), warp, lane);
        }
        count(warp, lanes, at, bytes, true, false);
    }

    @Override
    public void store(Warp warp, int lanes, long[] at, Transfer transfer) {
        int bytes = transfer.bytes();
        if (lanes == Warp.ALL && Traffic.isContiguous(at, bytes)) {
            Allocation allocation = whole(warp, at[0], bytes);
            if (allocation != null) {
                int offset = (int) (at[0] - allocation.start());
                transfer.storeAll(allocation.data(), offset, warp);
                allocation.markWritten(offset, Warp.LANES * bytes);
                countContiguous(warp, at[0], bytes, false, true);
                return;
            }
        }
        for (int rest = lanes; rest != 0; rest &= rest - 1) {
            int lane = Warp.first(rest);
            Allocation allocation = checked(warp, lane, at[lane], bytes, false);
            int offset = (int) (at[lane] - allocation.start());
            transfer.store(allocation.data(), offset, warp, lane);
            allocation.markWritten(offset, bytes);
        }
        count(warp, lanes, at, bytes, false, true);
    }

    @Override
    public void update(Warp warp, int lanes, long[] at, Update update) {
        for (int rest = lanes; rest != 0; rest &= rest - 1) {
            int lane = Warp.first(rest);
            Allocation allocation = checked(warp, lane, at[lane], update.width(), true);
            int offset = (int) (at[lane] - allocation.start());
            update.apply(allocation.data(), offset, warp, lane);
            allocation.markWritten(offset, update.width());
        }
        count(warp, lanes, at, update.width(), true, true);
    }

    /** The allocation that holds what all lanes access one after the other, or null; what is wrong is found later. */
    private Allocation whole(Warp warp, long address, int bytes) {
        if ((address & bytes - 1) != 0) {
            return null;
        }
        Allocation allocation = recent;
        if (allocation != null && allocation.holds(address, (long) Warp.LANES * bytes)) {
            return allocation;
        }
        allocation = warp.block.launch.memory().find(address);
        if (allocation == null || !allocation.holds(address, (long) Warp.LANES * bytes)) {
            return null;
        }
        recent = allocation;
        return allocation;
    }

    private Allocation checked(Warp warp, int lane, long address, int bytes, boolean read) {
        return checked(warp, lane, address, bytes, bytes, read);
    }

    /**
     * The allocation that a lane may access at an address.
     *
     * @param alignment of which the address has to be a multiple
     * @param read whether the bytes are read, and so must have been written
     */
    Allocation checked(Warp warp, int lane, long address, int bytes, int alignment, boolean read) {
        Allocation allocation = recent;
        if (allocation == null || !allocation.holds(address, bytes)) {
            allocation = warp.block.launch.memory().find(address);
            if (allocation == null || !allocation.holds(address, bytes)) {
                throw invalid(warp, lane, address, bytes);
            }
            recent = allocation;
        }
        if ((address & alignment - 1) != 0) {
            throw warp.fault(Kind.MISALIGNED, lane, "accesses " + bytes + " bytes at " + DeviceMemory.hex(address)
                    + ", which is no multiple of " + alignment);
        }
        if (read && !allocation.written((int) (address - allocation.start()), bytes)) {
            warp.report(Kind.UNINITIALISED_READ, lane, "reads " + bytes + " bytes at " + DeviceMemory.hex(address)
                    + ", " + (address - allocation.start()) + " bytes into an allocation of " + allocation.bytes()
                    + ", that were never written");
        }
        return allocation;
    }

    private static LaunchFault invalid(Warp warp, int lane, long address, int bytes) {
        DeviceMemory memory = warp.block.launch.memory();
        Kind kind = memory.wasFreed(address) ? Kind.USE_AFTER_FREE : Kind.OUT_OF_BOUNDS;
        return warp.fault(kind, lane, "accesses " + bytes + " bytes at " + DeviceMemory.hex(address) + ", "
                + memory.describe(address, bytes));
    }

    private void countContiguous(Warp warp, long address, int bytes, boolean read, boolean written) {
        if (counted) {
            Traffic.countContiguous(warp.block.tally, address, bytes, read, written);
        }
    }

    /** Counts a request of some lanes for as many bytes each. */
    void count(Warp warp, int lanes, long[] at, int bytes, boolean read, boolean written) {
        if (counted) {
            Traffic.count(warp.block.tally, lanes, at, bytes, read, written);
        }
    }
}
