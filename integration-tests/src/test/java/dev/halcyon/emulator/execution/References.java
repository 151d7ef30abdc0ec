package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.ptx.Function;
import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxModule;
import dev.halcyon.emulator.ptx.Space;
import dev.halcyon.emulator.ptx.Statement;
import dev.halcyon.emulator.ptx.Variable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The shared variables that a kernel declares, or names, itself or in the functions that it calls. */
final class References {
    private final PtxModule module;
    private final Set<Variable> shared = new LinkedHashSet<>();
    private final Set<String> seen = new HashSet<>();

    private References(PtxModule module) {
        this.module = module;
    }

    static List<Variable> shared(Function kernel, PtxModule module) {
        References references = new References(module);
        references.visit(kernel);
        return new ArrayList<>(references.shared);
    }

    private void visit(Function function) {
        if (function.body() == null || !seen.add(function.name())) {
            return;
        }
        function.variables().stream().filter(variable -> variable.space() == Space.SHARED).forEach(shared::add);
        for (Statement statement : function.body()) {
            if (statement instanceof Statement.Instruction instruction) {
                instruction.operands().forEach(this::visit);
            }
        }
    }

    private void visit(Operand operand) {
        switch (operand) {
            case Operand.Symbol(Variable variable, long offset) when variable.space() == Space.SHARED ->
                    shared.add(variable);
            case Operand.Address(Operand base, long offset) -> visit(base);
            case Operand.Tuple(List<Operand> elements) -> elements.forEach(this::visit);
            case Operand.Name(String name) -> {
                Function called = module.function(name);
                if (called != null) {
                    visit(called);
                }
            }
            default -> {
            }
        }
    }
}
