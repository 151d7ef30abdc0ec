package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.execution.AsynchronousCopies.Copy;
import dev.halcyon.emulator.execution.Finding.Kind;
import java.util.Arrays;

/**
 * The shared memory of a block, and for each granule of it who last wrote and who read it, and when. A granule is as many
 * bytes as the kernel's narrowest store writes, so that what is known of it holds for all of its bytes.
 *
 * <p>Time is counted in synchronisations: barriers of the block and of its warps. A stamp holds the time and, in its lower
 * bits, a thread. Two threads' accesses to a granule, one of which writes, race unless a barrier of both lies between.
 */
final class SharedMemory {
    private static final int THREAD_BITS = 11;
    private static final int THREAD = (1 << THREAD_BITS) - 1;
    private static final int LAST_TIME = Integer.MAX_VALUE >>> THREAD_BITS;
    private static final int SEVERAL_OF_WARP = 1024;
    private static final int SEVERAL = 1056;
    private static final int ATOMIC = 1057;
    /** Written by a copy that nobody has waited for. */
    private static final int UNDER_WAY = Integer.MAX_VALUE;

    private static final String NOT_WRITTEN = ", which no thread of the block has written";

    final byte[] data;
    private final int shift;
    private final int[] writes;
    private final int[] reads;
    private int time = 1;
    private int begin;

    /** @param granule 1, 2 or 4 bytes */
    SharedMemory(int bytes, int granule) {
        data = new byte[bytes];
        shift = Integer.numberOfTrailingZeros(granule);
        writes = new int[(bytes + granule - 1) >> shift];
        reads = new int[writes.length];
    }

    /** Begins a block: nothing is written yet. */
    void begin() {
        Arrays.fill(data, (byte) -1);
        if (time >= LAST_TIME / 2) {
            Arrays.fill(writes, 0);
            Arrays.fill(reads, 0);
            time = 1;
        }
        begin = tick();
    }

    /** Lets time go on by one synchronisation; gives the stamp from which on accesses are after it. */
    int tick() {
        if (time == LAST_TIME - 1) {
            forgetOrder();
        }
        return ++time << THREAD_BITS;
    }

    /** Time has run out in the middle of a block, after a million barriers: only what is written remains known. */
    private void forgetOrder() {
        for (int i = 0; i < writes.length; i++) {
            if (writes[i] != UNDER_WAY) {
                writes[i] = writes[i] < begin ? 0 : 1 << THREAD_BITS;
            }
        }
        Arrays.fill(reads, 0);
        begin = 1 << THREAD_BITS;
        time = 1;
    }

    /**
     * Checks reads by some lanes, which have to be inside. Often neighbours read the same: where that was written before
     * the last barrier, the second of them is noted and the others tell nothing new.
     */
    void checkReads(Warp warp, int lanes, long[] at, int bytes) {
        long previous = -1;
        boolean settled = false;
        int repeated = 0;
        for (int rest = lanes; rest != 0; rest &= rest - 1) {
            int lane = Warp.first(rest);
            repeated = at[lane] == previous ? repeated + 1 : 0;
            if (repeated == 0 || !settled || repeated == 1) {
                previous = at[lane];
                settled = checkRead(warp, lane, (int) previous, bytes);
            }
        }
    }

    /** Checks a read; says whether all of it was written before the last barrier. */
    private boolean checkRead(Warp warp, int lane, int offset, int bytes) {
        int limit = warp.blockStamp;
        int thread = warp.firstThread() + lane;
        int now = time << THREAD_BITS | thread;
        int last = offset + bytes - 1 >> shift;
        boolean settled = true;
        for (int granule = offset >> shift; granule <= last; granule++) {
            int stamp = writes[granule];
            if (stamp < begin || stamp >= limit) {
                settled = false;
                if (stamp < begin || (stamp & THREAD) != thread) {
                    suspiciousRead(warp, lane, offset, stamp);
                }
            }
            int reader = reads[granule];
            if (reader != now) {
                reads[granule] = reader < limit ? now : withReader(reader, warp, thread);
            }
        }
        return settled;
    }

    private void suspiciousRead(Warp warp, int lane, int offset, int stamp) {
        if (stamp < begin) {
            warp.report(Kind.UNINITIALISED_READ, lane, "reads shared memory at offset " + offset + NOT_WRITTEN);
        } else {
            readAfterWrite(warp, lane, offset, stamp);
        }
    }

    private int withReader(int stamp, Warp warp, int thread) {
        int before = stamp & THREAD;
        boolean sameWarp = isOf(before, warp);
        int who;
        if (before == thread || sameWarp && stamp < warp.warpStamp) {
            who = thread;
        } else {
            who = sameWarp ? SEVERAL_OF_WARP + warp.number : SEVERAL;
        }
        return time << THREAD_BITS | who;
    }

    private static boolean isOf(int who, Warp warp) {
        return who < SEVERAL_OF_WARP ? who / Warp.LANES == warp.number : who == SEVERAL_OF_WARP + warp.number;
    }

    private void readAfterWrite(Warp warp, int lane, int offset, int stamp) {
        if (stamp == UNDER_WAY) {
            warp.report(Kind.SHARED_RACE, lane, "reads shared memory at offset " + offset
                    + ", to which an asynchronous copy is under way: it has to wait for the copy's group first");
        } else if (unordered(stamp, warp)) {
            race(warp, lane, "reads", offset, stamp, "wrote");
        }
    }

    private static boolean unordered(int stamp, Warp warp) {
        return !isOf(stamp & THREAD, warp) || stamp >= warp.warpStamp;
    }

    private static void race(Warp warp, int lane, String does, int offset, int stamp, String did) {
        int who = stamp & THREAD;
        String other = who < SEVERAL_OF_WARP
                ? "thread " + warp.block.launch.threadPlace(who)
                : who == ATOMIC ? "an atomic operation" : "another thread";
        warp.report(Kind.SHARED_RACE, lane, does + " shared memory at offset " + offset + ", which " + other + " " + did
                + ": no barrier lies between");
    }

    /**
     * Checks a write, which has to be inside.
     *
     * @param transfer what will be written, or null: several threads may write what is there already
     */
    void checkWrite(Warp warp, int lane, int offset, int bytes, Transfer transfer) {
        int thread = warp.firstThread() + lane;
        for (int granule = offset >> shift; granule <= offset + bytes - 1 >> shift; granule++) {
            int stamp = writes[granule];
            if (stamp >= warp.blockStamp && (stamp & THREAD) != thread) {
                writeAfterWrite(warp, lane, offset, stamp, transfer);
            }
            checkReaders(warp, lane, offset, reads[granule], thread);
            writes[granule] = time << THREAD_BITS | thread;
        }
    }

    private void writeAfterWrite(Warp warp, int lane, int offset, int stamp, Transfer transfer) {
        if (stamp == UNDER_WAY) {
            warp.report(Kind.SHARED_RACE, lane, "writes shared memory at offset " + offset
                    + ", to which an asynchronous copy is under way");
        } else if (unordered(stamp, warp) && (transfer == null || !transfer.same(data, offset, warp, lane))) {
            race(warp, lane, "writes", offset, stamp, "wrote");
        }
    }

    private void checkReaders(Warp warp, int lane, int offset, int reader, int thread) {
        if (reader >= warp.blockStamp && (reader & THREAD) != thread && unordered(reader, warp)) {
            race(warp, lane, "writes", offset, reader, "read");
        }
    }

    /** Checks an atomic operation, which has to be inside: it may meet others, but no plain accesses. */
    void checkAtomic(Warp warp, int lane, int offset, int bytes) {
        int thread = warp.firstThread() + lane;
        for (int granule = offset >> shift; granule <= offset + bytes - 1 >> shift; granule++) {
            int stamp = writes[granule];
            if (stamp < begin) {
                warp.report(Kind.UNINITIALISED_READ, lane, "changes shared memory at offset " + offset + NOT_WRITTEN);
            } else if (stamp >= warp.blockStamp && (stamp & THREAD) != thread && (stamp & THREAD) != ATOMIC) {
                writeAfterWrite(warp, lane, offset, stamp, null);
            }
            checkReaders(warp, lane, offset, reads[granule], thread);
            writes[granule] = time << THREAD_BITS | ATOMIC;
        }
    }

    /** Begins asynchronous copies to somewhere inside. */
    void beginCopy(Warp warp, Copy copy) {
        for (int rest = copy.lanes(); rest != 0; rest &= rest - 1) {
            int lane = Warp.first(rest);
            int offset = copy.offsets()[lane];
            checkWrite(warp, lane, offset, copy.bytes(), null);
            Arrays.fill(writes, offset >> shift, (offset + copy.bytes() - 1 >> shift) + 1, UNDER_WAY);
        }
    }

    /** Asynchronous copies are complete: from now on they are writes by their threads. */
    void arrive(Warp warp, Copy copy) {
        for (int rest = copy.lanes(); rest != 0; rest &= rest - 1) {
            int lane = Warp.first(rest);
            int offset = copy.offsets()[lane];
            Arrays.fill(writes, offset >> shift, (offset + copy.bytes() - 1 >> shift) + 1,
                    time << THREAD_BITS | warp.firstThread() + lane);
        }
    }

    /** Ends a block in which copies may not have been waited for. */
    void end() {
        for (int i = 0; i < writes.length; i++) {
            if (writes[i] == UNDER_WAY) {
                writes[i] = 0;
            }
        }
    }
}
