package dev.halcyon.emulator.execution;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** The copies of a warp from global to shared memory that may still be under way, in the groups they were committed in. */
final class AsynchronousCopies {
    /**
     * Copies by some lanes.
     *
     * @param offsets of each lane, in shared memory
     * @param bytes that each lane copies
     */
    record Copy(int lanes, int[] offsets, int bytes) {
        /** That part of them that some lanes do. */
        Copy by(int some) {
            return new Copy(lanes & some, offsets, bytes);
        }
    }

    private record Group(int lanes, List<Copy> copies) {
    }

    private final List<Copy> uncommitted = new ArrayList<>();
    private final Deque<Group> groups = new ArrayDeque<>();
    private final int[] later = new int[Warp.LANES];

    void add(Copy copy) {
        uncommitted.add(copy);
    }

    /** Makes a group of what some lanes have started since their last one. */
    void commit(int lanes) {
        groups.addLast(new Group(lanes, take(uncommitted, lanes)));
    }

    /** Takes what some lanes do out of a list. */
    private static List<Copy> take(List<Copy> copies, int lanes) {
        List<Copy> taken = new ArrayList<>();
        List<Copy> left = new ArrayList<>();
        for (Copy copy : copies) {
            if ((copy.lanes & lanes) != 0) {
                taken.add(copy.by(lanes));
            }
            if ((copy.lanes & ~lanes) != 0) {
                left.add(copy.by(~lanes));
            }
        }
        copies.clear();
        copies.addAll(left);
        return taken;
    }

    /** Completes the copies of some lanes but for those in their so many latest groups. */
    void complete(int lanes, int latest, SharedMemory shared, Warp warp) {
        Arrays.fill(later, 0);
        for (Iterator<Group> newest = groups.descendingIterator(); newest.hasNext();) {
            Group group = newest.next();
            int completed = 0;
            for (int lane = 0; lane < Warp.LANES; lane++) {
                later[lane] += group.lanes >>> lane & 1;
                completed |= (later[lane] > latest ? 1 : 0) << lane;
            }
            for (Copy copy : take(group.copies, lanes & completed)) {
                shared.arrive(warp, copy);
            }
        }
        while (lanes == Warp.ALL && groups.size() > latest && groups.peekFirst().copies.isEmpty()) {
            groups.removeFirst();
        }
    }

    /** Completes everything, committed or not. */
    void completeAll(int lanes, SharedMemory shared, Warp warp) {
        commit(lanes);
        complete(lanes, 0, shared, warp);
    }

    /** Forgets everything, at the end of a block. */
    void forget() {
        uncommitted.clear();
        groups.clear();
    }
}
