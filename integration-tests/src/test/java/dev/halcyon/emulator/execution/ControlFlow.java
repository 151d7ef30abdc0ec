package dev.halcyon.emulator.execution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Where the ways of lanes that a branch parts meet again: at the branch's immediate post-dominator. Lanes that end do not
 * count: a return in one way must not keep the others from meeting.
 */
final class ControlFlow {
    private final List<Node> nodes;
    private final List<Integer> leaders;
    private final List<List<Integer>> successors = new ArrayList<>();
    private final List<Integer> ends = new ArrayList<>();
    private final int[] meetings;

    /** @param nodes the code, in which the targets of jumps are indices */
    ControlFlow(List<Node> nodes) {
        this.nodes = nodes;
        leaders = List.copyOf(leaders());
        for (int block = 0; block < leaders.size(); block++) {
            successors.add(successors(block));
        }
        meetings = new int[leaders.size()];
        findMeetings();
    }

    private TreeSet<Integer> leaders() {
        TreeSet<Integer> leaders = new TreeSet<>();
        leaders.add(0);
        for (int i = 0; i < nodes.size(); i++) {
            switch (nodes.get(i)) {
                case Node.Branch branch -> {
                    leaders.add(branch.target().position());
                    leaders.add(i + 1);
                }
                case Node.IndexedBranch branch -> {
                    branch.targets().forEach(target -> leaders.add(target.position()));
                    leaders.add(i + 1);
                }
                case Node.Exit exit -> leaders.add(i + 1);
                case Node.Plain plain -> {
                }
            }
        }
        leaders.removeIf(index -> index >= nodes.size());
        return leaders;
    }

    private int last(int block) {
        return block + 1 < leaders.size() ? leaders.get(block + 1) - 1 : nodes.size() - 1;
    }

    private int blockAt(int index) {
        return leaders.indexOf(index);
    }

    private List<Integer> successors(int block) {
        List<Integer> following = new ArrayList<>();
        Node node = nodes.get(last(block));
        boolean goesOn = node.guard() >= 0;
        switch (node) {
            case Node.Branch branch -> add(following, branch.target().position());
            case Node.IndexedBranch branch -> branch.targets().forEach(target -> add(following, target.position()));
            case Node.Exit exit -> {
                if (!goesOn) {
                    ends.add(block);
                }
            }
            case Node.Plain plain -> goesOn = true;
        }
        if (goesOn) {
            add(following, last(block) + 1);
        }
        if (following.isEmpty() && !ends.contains(block)) {
            ends.add(block); // the code ends without a return
        }
        return following;
    }

    private void add(List<Integer> following, int index) {
        if (index < nodes.size()) {
            following.add(blockAt(index));
        }
    }

    private void findMeetings() {
        PostDominators toAnyEnd = new PostDominators(successors, ends);
        PostDominators toMainEnd = ends.stream().map(end -> new PostDominators(successors, List.of(end)))
                .max(Comparator.comparing(this::reaching)).orElse(toAnyEnd);
        Arrays.setAll(meetings, block -> {
            int meeting = (toMainEnd.reachesEnd(block) ? toMainEnd : toAnyEnd).of(block);
            return meeting < 0 ? Warp.NOWHERE : leaders.get(meeting);
        });
    }

    private long reaching(PostDominators dominators) {
        return leaders.stream().map(this::blockAt).filter(dominators::reachesEnd).count();
    }

    /** Index of the node at which lanes that the branch of that index parts meet again, or {@link Warp#NOWHERE}. */
    int meeting(int branch) {
        int block = 0;
        while (last(block) < branch) {
            block++;
        }
        return meetings[block];
    }
}
