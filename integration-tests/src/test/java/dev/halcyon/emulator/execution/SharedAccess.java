package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.execution.Finding.Kind;

/** Shared memory of the block. */
final class SharedAccess implements Memory {
    @Override
    public void load(Warp warp, int lanes, long[] at, Transfer transfer) {
        SharedMemory shared = warp.block.shared;
        int bytes = transfer.bytes();
        check(warp, lanes, at, bytes);
        shared.checkReads(warp, lanes, at, bytes);
        transfer.load(shared.data, at, warp, lanes);
        count(warp, lanes, at, bytes);
    }

    @Override
    public void store(Warp warp, int lanes, long[] at, Transfer transfer) {
        SharedMemory shared = warp.block.shared;
        int bytes = transfer.bytes();
        check(warp, lanes, at, bytes);
        for (int rest = lanes; rest != 0; rest &= rest - 1) {
            int lane = Warp.first(rest);
            int offset = (int) at[lane];
            shared.checkWrite(warp, lane, offset, bytes, transfer);
            transfer.store(shared.data, offset, warp, lane);
        }
        count(warp, lanes, at, bytes);
    }

    @Override
    public void update(Warp warp, int lanes, long[] at, Update update) {
        SharedMemory shared = warp.block.shared;
        for (int rest = lanes; rest != 0; rest &= rest - 1) {
            int lane = Warp.first(rest);
            int offset = checked(warp, lane, at[lane], update.width());
            shared.checkAtomic(warp, lane, offset, update.width());
            update.apply(shared.data, offset, warp, lane);
        }
        count(warp, lanes, at, update.width());
    }

    /** Checks that the accesses of all lanes lie inside and are aligned. */
    private static void check(Warp warp, int lanes, long[] at, int bytes) {
        long limit = warp.block.shared.data.length - bytes;
        long wrong = 0;
        for (int lane = 0; lane < Warp.LANES; lane++) {
            wrong |= (at[lane] | limit - at[lane]) & Long.MIN_VALUE | at[lane] & bytes - 1;
        }
        if (wrong != 0) {
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                checked(warp, Warp.first(rest), at[Warp.first(rest)], bytes);
            }
        }
    }

    /** The offset in shared memory of an access that lies inside and is aligned. */
    static int checked(Warp warp, int lane, long offset, int bytes) {
        int size = warp.block.shared.data.length;
        if (offset < 0 || offset + bytes > size) {
            throw warp.fault(Kind.OUT_OF_BOUNDS, lane, "accesses " + bytes + " bytes at offset " + offset
                    + " of shared memory, which has " + size + " bytes");
        }
        if ((offset & bytes - 1) != 0) {
            throw warp.fault(Kind.MISALIGNED, lane, "accesses " + bytes + " bytes at offset " + offset
                    + " of shared memory, which is no multiple of " + bytes);
        }
        return (int) offset;
    }

    static void count(Warp warp, int lanes, long[] at, int bytes) {
        Tally tally = warp.block.tally;
        tally.sharedRequests++;
        tally.sharedBankConflicts += tally.banks.conflicts(lanes, at, bytes);
    }
}
