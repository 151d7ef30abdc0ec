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
     * A copy by one lane.
     *
     * @param offset in shared memory
     */
    record Copy(int lane, int offset, int bytes) {
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
        List<Copy> committed = new ArrayList<>();
        uncommitted.removeIf(copy -> {
            boolean included = (lanes >>> copy.lane & 1) != 0;
            if (included) {
                committed.add(copy);
            }
            return included;
        });
        groups.addLast(new Group(lanes, committed));
    }

    /** Completes the copies of some lanes but for those in their so many latest groups. */
    void complete(int lanes, int latest, SharedMemory shared, Warp warp) {
        Arrays.fill(later, 0);
        for (Iterator<Group> newest = groups.descendingIterator(); newest.hasNext();) {
            Group group = newest.next();
            for (int lane = 0; lane < Warp.LANES; lane++) {
                later[lane] += group.lanes >>> lane & 1;
            }
            group.copies.removeIf(copy -> {
                boolean completed = (lanes >>> copy.lane & 1) != 0 && later[copy.lane] > latest;
                if (completed) {
                    shared.arrive(warp, copy);
                }
                return completed;
            });
        }
        dropFinishedGroups(lanes, latest);
    }

    private void dropFinishedGroups(int lanes, int latest) {
        while (groups.size() > latest && lanes == Warp.ALL && groups.peekFirst().copies.isEmpty()) {
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
