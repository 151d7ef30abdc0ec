package dev.halcyon.emulator.ptx;

import java.util.ArrayList;
import java.util.List;

/** Reads a whole PTX text. */
final class ModuleParser {
    private final Tokens tokens;
    private final VariableParser variableParser;
    private final Names names = new Names(null);
    private final List<Variable> variables = new ArrayList<>();
    private final List<Function> functions = new ArrayList<>();
    private String version;
    private String target;

    ModuleParser(Tokens tokens) {
        this.tokens = tokens;
        variableParser = new VariableParser(tokens);
    }

    PtxModule parse() {
        tokens.expect(".version");
        version = tokens.next();
        tokens.expect(".target");
        target = tokens.next();
        while (tokens.take(",")) {
            tokens.next(); // debug and texture modes
        }
        while (!tokens.atEnd()) {
            directive();
        }
        return new PtxModule(version, target, List.copyOf(variables), List.copyOf(functions));
    }

    private void directive() {
        boolean external = false;
        while (true) {
            if (tokens.take(".extern")) {
                external = true;
            } else if (!tokens.take(".visible") && !tokens.take(".weak") && !tokens.take(".common")) {
                break;
            }
        }
        int line = tokens.line();
        if (tokens.take(".address_size")) {
            if (tokens.nextInt() != 64) {
                throw new PtxException(line, "addresses of 64 bits are expected");
            }
        } else if (tokens.take(".file")) {
            while (tokens.peek().startsWith("\"") || tokens.peek().equals(",") || Literals.isNumber(tokens.peek())) {
                tokens.next();
            }
        } else if (tokens.take(".section")) {
            skipSection();
        } else if (tokens.peek().equals(".entry") || tokens.peek().equals(".func")) {
            functions.add(new FunctionParser(tokens, variableParser, names).parse());
        } else {
            variable(external);
        }
    }

    /** Sections hold debugging information. */
    private void skipSection() {
        while (!tokens.take("{")) {
            tokens.next();
        }
        while (!tokens.take("}")) {
            if (tokens.atEnd()) {
                throw tokens.unexpected("expected the end of a section");
            }
            tokens.next();
        }
    }

    private void variable(boolean external) {
        String word = tokens.peek();
        Space space = word.startsWith(".") ? Space.named(word.substring(1)) : null;
        if (space != Space.GLOBAL && space != Space.CONST && space != Space.SHARED) {
            throw tokens.unexpected("expected a function, a variable or another directive that is known");
        }
        tokens.next();
        for (Variable variable : variableParser.declaration(space, external)) {
            names.declare(variable, variable.line());
            variables.add(variable);
        }
    }
}
