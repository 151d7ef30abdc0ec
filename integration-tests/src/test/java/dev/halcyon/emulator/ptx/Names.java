package dev.halcyon.emulator.ptx;

import java.util.HashMap;
import java.util.Map;

/** The names that one scope declares; those of the scopes around it are seen through it. */
final class Names {
    private final Names outer;
    private final Map<String, Register> registers = new HashMap<>();
    private final Map<String, Variable> variables = new HashMap<>();
    private final Map<String, Label> labels = new HashMap<>();

    /** @param outer the scope around it, or null for the module */
    Names(Names outer) {
        this.outer = outer;
    }

    Names outer() {
        return outer;
    }

    void declare(Register register, int line) {
        unique(registers.put(register.name(), register), register.name(), line);
    }

    void declare(Variable variable, int line) {
        Variable before = variables.put(variable.name(), variable);
        unique(before != null && before.external() ? null : before, variable.name(), line);
    }

    void declare(Label label, int line) {
        unique(labels.put(label.name(), label), label.name(), line);
    }

    private static void unique(Object before, String name, int line) {
        if (before != null) {
            throw new PtxException(line, "'" + name + "' is declared twice in one scope");
        }
    }

    Register register(String name) {
        Register found = registers.get(name);
        return found != null || outer == null ? found : outer.register(name);
    }

    Variable variable(String name) {
        Variable found = variables.get(name);
        return found != null || outer == null ? found : outer.variable(name);
    }

    Label label(String name) {
        Label found = labels.get(name);
        return found != null || outer == null ? found : outer.label(name);
    }
}
