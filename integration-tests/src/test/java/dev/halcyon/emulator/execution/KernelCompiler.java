package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.execution.Finding.Kind;
import dev.halcyon.emulator.ptx.Function;
import dev.halcyon.emulator.ptx.Label;
import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxException;
import dev.halcyon.emulator.ptx.PtxModule;
import dev.halcyon.emulator.ptx.PtxType;
import dev.halcyon.emulator.ptx.Statement;
import dev.halcyon.emulator.ptx.Variable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes a kernel ready to run. The functions that it calls are put into its code. */
final class KernelCompiler {
    private static final int NO_GUARD = -1;

    private final PtxModule module;
    private final Function kernel;
    private final Layout layout;
    private final Registers registers = new Registers();
    private final Traits traits = new Traits();
    private final List<Node> nodes = new ArrayList<>();
    private final Deque<String> callers = new ArrayDeque<>();

    /** @param globals addresses of the module's global and constant variables */
    KernelCompiler(PtxModule module, Function kernel, Map<Variable, Long> globals) {
        this.module = module;
        this.kernel = kernel;
        layout = new Layout(kernel, globals, References.shared(kernel, module));
    }

    Layout layout() {
        return layout;
    }

    /** @throws PtxException if an instruction is not known */
    KernelCode compile() {
        append(new Frame(kernel, registers, layout, traits, Map.of()));
        Step[] steps = new CodeLayout(nodes).steps();
        return new KernelCode(kernel.name(), steps, registers.initialWords(), registers.initialWides(),
                registers.predicates(), registers.specials(), layout.localBytes(), layout.sharedBytes(),
                traits.granule(), traits.blocksAreOrdered());
    }

    private void append(Frame frame) {
        Function function = frame.function();
        callers.push(function.name());
        Map<Label, List<Label>> lists = new HashMap<>();
        for (Statement statement : function.body()) {
            if (statement instanceof Statement.BranchTargets list) {
                lists.put(list.label(), list.targets());
            }
        }
        for (Statement statement : function.body()) {
            switch (statement) {
                case Statement.Mark mark -> frame.jump(mark.label()).place(nodes.size());
                case Statement.BranchTargets list -> {
                }
                case Statement.Instruction instruction -> instruction(instruction, frame, lists);
            }
        }
        frame.end().place(nodes.size());
        callers.pop();
    }

    private void instruction(Statement.Instruction instruction, Frame frame, Map<Label, List<Label>> lists) {
        Opcode op = new Opcode(instruction.opcode(), instruction.line());
        List<Operand> operands = instruction.operands();
        int guard = instruction.guard() == null ? NO_GUARD : frame.base(instruction.guard());
        boolean negated = instruction.negated();
        switch (op.base()) {
            case "bra" -> nodes.add(new Node.Branch(target(op, operands, frame), guard, negated, op.line()));
            case "brx" -> nodes.add(indexed(op, operands, frame, lists, guard));
            case "call" -> call(op, operands, frame, guard, negated);
            case "ret", "exit" -> end(op, operands, frame, guard, negated);
            case "trap" -> {
                op.finish();
                nodes.add(new Node.Plain((warp, lanes) -> {
                    throw warp.fault(Kind.TRAP, Warp.first(lanes), "comes to a trap");
                }, guard, negated, op.line()));
            }
            default ->
                    nodes.add(new Node.Plain(InstructionSet.compile(op, operands, frame), guard, negated, op.line()));
        }
    }

    private static Jump target(Opcode op, List<Operand> operands, Frame frame) {
        op.take("uni");
        op.finish();
        if (operands.size() != 1 || !(operands.getFirst() instanceof Operand.Target(Label label))) {
            throw op.error("a label is expected");
        }
        return frame.jump(label);
    }

    private static Node indexed(Opcode op, List<Operand> operands, Frame frame, Map<Label, List<Label>> lists,
            int guard) {
        op.requireOneOf("idx");
        op.take("uni");
        op.finish();
        if (operands.size() != 2 || !(operands.get(1) instanceof Operand.Target(Label label))
                || !lists.containsKey(label)) {
            throw op.error("an index and the label of a list of places are expected");
        }
        if (guard != NO_GUARD) {
            throw op.error("an indexed branch with a predicate is not supported");
        }
        int index = frame.source(operands.getFirst(), PtxType.U32, op);
        List<Jump> targets = lists.get(label).stream().map(frame::jump).toList();
        return new Node.IndexedBranch(index, targets, NO_GUARD, false, op.line());
    }

    private void end(Opcode op, List<Operand> operands, Frame frame, int guard, boolean negated) {
        op.take("uni");
        op.finish();
        Encoding.expect(operands, 0, op);
        boolean returns = op.base().equals("ret") && callers.size() > 1;
        nodes.add(returns
                ? new Node.Branch(frame.end(), guard, negated, op.line())
                : new Node.Exit(guard, negated, op.line()));
    }

    private void call(Opcode op, List<Operand> operands, Frame frame, int guard, boolean negated) {
        op.take("uni");
        op.finish();
        List<Operand> rest = new ArrayList<>(operands);
        List<Operand> results = !rest.isEmpty() && rest.getFirst() instanceof Operand.Tuple(List<Operand> elements)
                ? elements
                : List.of();
        if (!results.isEmpty()) {
            rest.removeFirst();
        }
        if (rest.isEmpty() || !(rest.getFirst() instanceof Operand.Name(String name))) {
            throw op.error("the name of a function is expected");
        }
        List<Operand> arguments = rest.size() > 1 && rest.get(1) instanceof Operand.Tuple(List<Operand> elements)
                ? elements
                : List.of();
        Function called = module.function(name);
        if (called == null || called.body() == null || called.entry()) {
            throw op.error("there is no function '" + name + "' in the module");
        }
        if (callers.contains(name)) {
            throw op.error("function '" + name + "' calls itself, which is not supported");
        }
        Map<Variable, Long> slots = new HashMap<>();
        bind(called.results(), results, frame, slots, op);
        bind(called.parameters(), arguments, frame, slots, op);
        Jump behind = new Jump();
        if (guard != NO_GUARD) {
            nodes.add(new Node.Branch(behind, guard, !negated, op.line()));
        }
        append(new Frame(called, registers, layout, traits, slots));
        behind.place(nodes.size());
    }

    private static void bind(List<Variable> formal, List<Operand> actual, Frame frame, Map<Variable, Long> slots,
            Opcode op) {
        if (formal.size() != actual.size()) {
            throw op.error(formal.size() + " parameters or results are expected, found " + actual.size());
        }
        for (int i = 0; i < formal.size(); i++) {
            if (!(actual.get(i) instanceof Operand.Symbol(Variable variable, long offset))) {
                throw op.error("a variable is expected as parameter or result, found " + actual.get(i));
            }
            slots.put(formal.get(i), frame.address(variable, op) + offset);
        }
    }
}
