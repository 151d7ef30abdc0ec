package dev.halcyon.emulator.execution;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Lays the instructions of a kernel out as steps, with a mark in front of each place where lanes may meet again. */
final class CodeLayout {
    private final List<Node> nodes;
    private final Map<Integer, Integer> meetings = new HashMap<>();
    private final TreeSet<Integer> marks = new TreeSet<>();
    private final int[] positions;

    /** @param nodes the code, in which the targets of jumps are indices */
    CodeLayout(List<Node> nodes) {
        this.nodes = nodes;
        positions = new int[nodes.size() + 1];
        ControlFlow flow = new ControlFlow(nodes);
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i) instanceof Node.Branch || nodes.get(i) instanceof Node.IndexedBranch) {
                int meeting = flow.meeting(i);
                meetings.put(i, meeting);
                if (meeting != Warp.NOWHERE) {
                    marks.add(meeting);
                }
            }
        }
        int position = 0;
        for (int i = 0; i <= nodes.size(); i++) {
            positions[i] = position;
            position += marks.contains(i) ? 2 : 1;
        }
    }

    Step[] steps() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            if (marks.contains(i)) {
                steps.add(Step.mark(steps.size()));
            }
            Node node = nodes.get(i);
            steps.add(Step.of(operation(i, node), node.guard(), node.negated(), node.line()));
        }
        steps.add(new Step(Warp::exit, -1, 0, 0, 0, 0));
        return steps.toArray(Step[]::new);
    }

    private Operation operation(int index, Node node) {
        return switch (node) {
            case Node.Plain plain -> plain.operation();
            case Node.Exit exit -> Warp::exit;
            case Node.Branch branch -> branch(branch, position(branch.target()), meeting(index));
            case Node.IndexedBranch branch -> {
                int[] targets = branch.targets().stream().mapToInt(this::position).toArray();
                yield new IndexedBranch(branch.index(), targets, meeting(index));
            }
        };
    }

    private static Operation branch(Node.Branch branch, int target, int meeting) {
        return branch.guard() < 0
                ? (warp, lanes) -> warp.jump(target)
                : (warp, lanes) -> warp.branch(lanes, target, meeting);
    }

    private int position(Jump jump) {
        return positions[jump.position()];
    }

    private int meeting(int branch) {
        int meeting = meetings.get(branch);
        return meeting == Warp.NOWHERE ? meeting : positions[meeting];
    }
}
