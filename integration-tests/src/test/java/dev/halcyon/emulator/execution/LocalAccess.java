package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.execution.Finding.Kind;

/** Local memory of each thread. */
final class LocalAccess implements Memory {
    @Override
    public void load(Warp warp, int lanes, long[] at, Transfer transfer) {
        LocalMemory local = warp.local;
        for (int rest = lanes; rest != 0; rest &= rest - 1) {
            int lane = Warp.first(rest);
            int index = checked(warp, lane, at[lane], transfer.bytes());
            if (!local.written(index, transfer.bytes())) {
                warp.report(Kind.UNINITIALISED_READ, lane, "reads " + transfer.bytes() + " bytes at offset " + at[lane]
                        + " of local memory that were never written");
            }
            transfer.load(local.data, index, warp, lane);
        }
    }

    @Override
    public void store(Warp warp, int lanes, long[] at, Transfer transfer) {
        LocalMemory local = warp.local;
        for (int rest = lanes; rest != 0; rest &= rest - 1) {
            int lane = Warp.first(rest);
            int index = checked(warp, lane, at[lane], transfer.bytes());
            local.markWritten(index, transfer.bytes());
            transfer.store(local.data, index, warp, lane);
        }
    }

    @Override
    public void update(Warp warp, int lanes, long[] at, Update update) {
        throw warp.fault(Kind.OUT_OF_BOUNDS, Warp.first(lanes), "an atomic operation on local memory");
    }

    private static int checked(Warp warp, int lane, long offset, int bytes) {
        int size = warp.local.bytes();
        if (offset < 0 || offset + bytes > size) {
            throw warp.fault(Kind.OUT_OF_BOUNDS, lane, "accesses " + bytes + " bytes at offset " + offset
                    + " of local memory, which has " + size + " bytes");
        }
        if ((offset & bytes - 1) != 0) {
            throw warp.fault(Kind.MISALIGNED, lane, "accesses " + bytes + " bytes at offset " + offset
                    + " of local memory, which is no multiple of " + bytes);
        }
        return warp.local.index(lane, offset);
    }
}
