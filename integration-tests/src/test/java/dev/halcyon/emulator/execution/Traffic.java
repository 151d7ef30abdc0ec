package dev.halcyon.emulator.execution;

import java.util.Arrays;

/** Counts what requests to global memory move. */
final class Traffic {
    private static final int SECTOR_BITS = 5;
    private static final int SECTOR = 1 << SECTOR_BITS;

    private Traffic() {
    }

    /** Whether the lanes access one piece of memory, one after the other. */
    static boolean isContiguous(long[] at, int bytes) {
        long first = at[0];
        long wrong = 0;
        for (int i = 0; i < Warp.LANES; i++) {
            wrong |= at[i] - first ^ (long) i * bytes;
        }
        return wrong == 0;
    }

    /** Counts a request of all lanes for a piece of memory. */
    static void countContiguous(Tally tally, long address, int bytes, boolean read, boolean written) {
        long first = address >> SECTOR_BITS;
        long last = address + (long) Warp.LANES * bytes - 1 >> SECTOR_BITS;
        for (long sector = first; sector <= last; sector++) {
            note(tally, sector, read, written);
        }
        add(tally, last - first + 1, (long) Warp.LANES * bytes, read, written);
    }

    /** Counts a request of some lanes. Each access is aligned, so that two are the same or have no byte in common. */
    static void count(Tally tally, int lanes, long[] at, int bytes, boolean read, boolean written) {
        long[] addresses = tally.sorted;
        int count = 0;
        boolean ascending = true;
        for (int rest = lanes; rest != 0; rest &= rest - 1) {
            addresses[count] = at[Warp.first(rest)];
            ascending &= count == 0 || addresses[count - 1] <= addresses[count];
            count++;
        }
        if (!ascending) {
            Arrays.sort(addresses, 0, count);
        }
        long sectors = 0;
        long distinct = 0;
        long sector = -1;
        for (int i = 0; i < count; i++) {
            if (i == 0 || addresses[i] != addresses[i - 1]) {
                distinct++;
                if (addresses[i] >> SECTOR_BITS != sector) {
                    sector = addresses[i] >> SECTOR_BITS;
                    sectors++;
                    note(tally, sector, read, written);
                }
            }
        }
        add(tally, sectors, distinct * bytes, read, written);
    }

    private static void note(Tally tally, long sector, boolean read, boolean written) {
        if (read) {
            tally.read.add(sector);
        }
        if (written) {
            tally.written.add(sector);
        }
    }

    private static void add(Tally tally, long sectors, long bytes, boolean read, boolean written) {
        tally.globalRequests++;
        tally.globalSectors += sectors;
        tally.idealSectors += (bytes + SECTOR - 1) / SECTOR;
        tally.globalBytesRead += read ? bytes : 0;
        tally.globalBytesWritten += written ? bytes : 0;
    }
}
