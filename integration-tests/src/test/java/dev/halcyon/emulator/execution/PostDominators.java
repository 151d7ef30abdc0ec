package dev.halcyon.emulator.execution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Immediate post-dominators: for each block of a graph, the nearest other one that every path from it to an end goes
 * through. After Cooper, Harvey and Kennedy, "A simple, fast dominance algorithm", on the graph turned round.
 */
final class PostDominators {
    /** There is none, or the block does not reach the ends asked for. */
    static final int NONE = -1;

    private final int end;
    private final List<List<Integer>> successors;
    private final List<List<Integer>> predecessors = new ArrayList<>();
    private final int[] order;
    private final int[] nearest;

    /**
     * @param successors of each block
     * @param ends blocks at which paths may end
     */
    PostDominators(List<List<Integer>> successors, List<Integer> ends) {
        end = successors.size();
        this.successors = new ArrayList<>();
        for (int block = 0; block <= end; block++) {
            predecessors.add(new ArrayList<>());
        }
        for (int block = 0; block < end; block++) {
            List<Integer> following = new ArrayList<>(successors.get(block));
            if (ends.contains(block)) {
                following.add(end);
            }
            this.successors.add(following);
            for (int next : following) {
                predecessors.get(next).add(block);
            }
        }
        this.successors.add(List.of());
        order = new int[end + 1];
        nearest = new int[end + 1];
        Arrays.fill(nearest, NONE);
        Arrays.fill(order, NONE);
        find();
    }

    /** Blocks in an order in which each comes after those that it is reached from, from the end backwards. */
    private List<Integer> backwards() {
        List<Integer> finished = new ArrayList<>();
        boolean[] seen = new boolean[end + 1];
        List<int[]> path = new ArrayList<>();
        path.add(new int[] {end, 0});
        seen[end] = true;
        while (!path.isEmpty()) {
            int[] top = path.getLast();
            List<Integer> before = predecessors.get(top[0]);
            if (top[1] == before.size()) {
                finished.add(top[0]);
                path.removeLast();
            } else {
                int next = before.get(top[1]++);
                if (!seen[next]) {
                    seen[next] = true;
                    path.add(new int[] {next, 0});
                }
            }
        }
        return finished.reversed();
    }

    private void find() {
        List<Integer> blocks = backwards();
        for (int i = 0; i < blocks.size(); i++) {
            order[blocks.get(i)] = i;
        }
        nearest[end] = end;
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int block : blocks.subList(1, blocks.size())) {
                int common = NONE;
                for (int next : successors.get(block)) {
                    if (nearest[next] != NONE) {
                        common = common == NONE ? next : common(common, next);
                    }
                }
                changed |= nearest[block] != common;
                nearest[block] = common;
            }
        }
    }

    private int common(int a, int b) {
        while (a != b) {
            if (order[a] > order[b]) {
                a = nearest[a];
            } else {
                b = nearest[b];
            }
        }
        return a;
    }

    /** Whether a path from the block comes to one of the ends. */
    boolean reachesEnd(int block) {
        return order[block] != NONE;
    }

    /** The immediate post-dominator of a block, or {@link #NONE}. */
    int of(int block) {
        return nearest[block] == end ? NONE : nearest[block];
    }
}
