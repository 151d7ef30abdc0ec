package dev.halcyon.emulator.ptx;

import java.util.ArrayList;
import java.util.List;

/** Reads a kernel or a device function. */
final class FunctionParser {
    private final Tokens tokens;
    private final VariableParser variableParser;
    private final List<Variable> results = new ArrayList<>();
    private final List<Variable> parameters = new ArrayList<>();
    private final List<Variable> variables = new ArrayList<>();
    private final List<Register> registers = new ArrayList<>();
    private final List<Statement> body = new ArrayList<>();
    private Names names;
    private int labels;

    FunctionParser(Tokens tokens, VariableParser variableParser, Names module) {
        this.tokens = tokens;
        this.variableParser = variableParser;
        names = new Names(module);
    }

    Function parse() {
        int line = tokens.line();
        boolean entry = tokens.next().equals(".entry");
        if (!entry) {
            parameters(results);
        }
        String name = tokens.next();
        parameters(parameters);
        Function.Limits limits = limits();
        boolean declaredOnly = tokens.take(";");
        if (!declaredOnly) {
            tokens.expect("{");
            block();
        }
        return new Function(name, entry, List.copyOf(results), List.copyOf(parameters), List.copyOf(variables),
                List.copyOf(registers), declaredOnly ? null : List.copyOf(body), limits, line);
    }

    private void parameters(List<Variable> into) {
        if (!tokens.take("(")) {
            return;
        }
        if (!tokens.take(")")) {
            do {
                Variable parameter = variableParser.parameter();
                names.declare(parameter, parameter.line());
                into.add(parameter);
            } while (tokens.take(","));
            tokens.expect(")");
        }
    }

    private Function.Limits limits() {
        int threads = 0;
        boolean exact = false;
        while (tokens.peek().startsWith(".")) {
            int line = tokens.line();
            String directive = tokens.next();
            switch (directive) {
                case ".maxntid" -> threads = product();
                case ".reqntid" -> {
                    threads = product();
                    exact = true;
                }
                case ".minnctapersm", ".maxnreg", ".maxnctapersm" -> tokens.nextInt();
                case ".noreturn" -> { // says nothing about what the function computes
                }
                case ".pragma" -> pragma();
                default -> throw new PtxException(line, "unknown directive '" + directive + "' of a function");
            }
        }
        return new Function.Limits(threads, exact);
    }

    private int product() {
        int product = tokens.nextInt();
        while (tokens.take(",")) {
            product = Math.multiplyExact(product, tokens.nextInt());
        }
        return product;
    }

    private void pragma() {
        int line = tokens.line();
        String text = tokens.next();
        if (!text.equals("\"nounroll\"")) {
            throw new PtxException(line, "unknown pragma " + text);
        }
        tokens.expect(";");
    }

    /** Reads what follows an opening brace, to its closing one. */
    private void block() {
        names = new Names(names);
        for (String label : tokens.labelsOfBlock()) {
            names.declare(new Label(label, labels++), tokens.line());
        }
        while (!tokens.take("}")) {
            if (tokens.atEnd()) {
                throw tokens.unexpected("expected '}'");
            }
            statement();
        }
        names = names.outer();
    }

    private void statement() {
        String word = tokens.peek();
        if (tokens.take("{")) {
            block();
        } else if (tokens.peek(1).equals(":")) {
            label();
        } else if (word.startsWith(".")) {
            directive();
        } else if (!tokens.take(";")) {
            body.add(instruction());
        }
    }

    private void label() {
        int line = tokens.line();
        Label label = names.label(tokens.next());
        tokens.expect(":");
        if (tokens.take(".branchtargets")) {
            List<Label> targets = new ArrayList<>();
            do {
                int targetLine = tokens.line();
                String name = tokens.next();
                Label target = names.label(name);
                if (target == null) {
                    throw new PtxException(targetLine, "unknown label '" + name + "'");
                }
                targets.add(target);
            } while (tokens.take(","));
            tokens.expect(";");
            body.add(new Statement.BranchTargets(line, label, List.copyOf(targets)));
        } else {
            body.add(new Statement.Mark(line, label));
        }
    }

    private void directive() {
        int line = tokens.line();
        String directive = tokens.next();
        Space space = Space.named(directive.substring(1));
        if (directive.equals(".reg")) {
            registers();
        } else if (space != null) {
            for (Variable variable : variableParser.declaration(space, false)) {
                names.declare(variable, variable.line());
                variables.add(variable);
            }
        } else if (directive.equals(".loc")) {
            location(line);
        } else if (directive.equals(".pragma")) {
            pragma();
        } else {
            throw new PtxException(line, "unknown directive '" + directive + "'");
        }
    }

    /** A place in the source, which is for debuggers: the rest of its line. */
    private void location(int line) {
        while (tokens.line() == line) {
            tokens.next();
        }
    }

    private void registers() {
        int line = tokens.line();
        PtxType type = PtxType.named(tokens.next().substring(1));
        if (type == null) {
            throw new PtxException(line, "unknown type of a register");
        }
        do {
            String name = tokens.next();
            if (tokens.take("<")) {
                int count = tokens.nextInt();
                tokens.expect(">");
                for (int i = 0; i < count; i++) {
                    register(name + i, type, line);
                }
            } else {
                register(name, type, line);
            }
        } while (tokens.take(","));
        tokens.expect(";");
    }

    private void register(String name, PtxType type, int line) {
        Register register = new Register(name, type, registers.size());
        names.declare(register, line);
        registers.add(register);
    }

    private Statement.Instruction instruction() {
        int line = tokens.line();
        Register guard = null;
        boolean negated = false;
        if (tokens.take("@")) {
            negated = tokens.take("!");
            String name = tokens.next();
            guard = names.register(name);
            if (guard == null || guard.type() != PtxType.PRED) {
                throw new PtxException(line, "'" + name + "' is not a predicate register");
            }
        }
        String opcode = tokens.next();
        try {
            List<Operand> operands = operands();
            return new Statement.Instruction(line, guard, negated, opcode, operands);
        } catch (PtxException e) {
            throw e.in(opcode);
        }
    }

    private List<Operand> operands() {
        List<Operand> operands = new ArrayList<>();
        OperandParser operandParser = new OperandParser(tokens, names);
        if (!tokens.take(";")) {
            do {
                operands.add(operandParser.parse());
            } while (tokens.take(","));
            tokens.expect(";");
        }
        return List.copyOf(operands);
    }
}
