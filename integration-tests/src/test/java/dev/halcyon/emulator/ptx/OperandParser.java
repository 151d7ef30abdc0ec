package dev.halcyon.emulator.ptx;

import java.util.ArrayList;
import java.util.List;

/** Reads operands of instructions, whose names are looked up in a scope. */
final class OperandParser {
    private static final int WARP_SIZE = 32;

    private final Tokens tokens;
    private final Names names;

    OperandParser(Tokens tokens, Names names) {
        this.tokens = tokens;
        this.names = names;
    }

    Operand parse() {
        Operand first = single();
        return tokens.take("|") ? new Operand.Pair(first, single()) : first;
    }

    private Operand single() {
        if (tokens.take("{")) {
            return tuple("}");
        }
        if (tokens.take("(")) {
            return tuple(")");
        }
        if (tokens.take("[")) {
            return address();
        }
        if (tokens.take("!")) {
            int line = tokens.line();
            String name = tokens.next();
            Register register = names.register(name);
            if (register == null || register.type() != PtxType.PRED) {
                throw new PtxException(line, "'" + name + "' is not a predicate register");
            }
            return new Operand.Not(register);
        }
        if (tokens.peek().equals("-") || Literals.isNumber(tokens.peek())) {
            return number();
        }
        return named();
    }

    private Operand tuple(String end) {
        List<Operand> elements = new ArrayList<>();
        if (!tokens.take(end)) {
            do {
                elements.add(single());
            } while (tokens.take(","));
            tokens.expect(end);
        }
        return new Operand.Tuple(List.copyOf(elements));
    }

    private Operand address() {
        Operand base = single();
        long offset = 0;
        if (base instanceof Operand.Symbol(Variable variable, long inside)) {
            base = new Operand.Symbol(variable, 0);
            offset = inside;
        } else {
            offset = offset();
        }
        tokens.expect("]");
        return new Operand.Address(base, offset);
    }

    private long offset() {
        long offset = 0;
        while (true) {
            if (tokens.take("+")) {
                offset += tokens.nextLong();
            } else if (tokens.peek().equals("-")) {
                offset += tokens.nextLong();
            } else {
                return offset;
            }
        }
    }

    private Operand number() {
        if (Literals.isFloat(tokens.peek())) {
            int line = tokens.line();
            return Literals.floating(tokens.next(), line);
        }
        return new Operand.IntegerLiteral(tokens.nextLong());
    }

    private Operand named() {
        int line = tokens.line();
        String name = tokens.next();
        Register register = names.register(name);
        if (register != null) {
            return new Operand.Value(register);
        }
        Label label = names.label(name);
        if (label != null) {
            return new Operand.Target(label);
        }
        Variable variable = names.variable(name);
        if (variable != null) {
            return new Operand.Symbol(variable, offset());
        }
        if (name.startsWith("%")) {
            return new Operand.Special(name);
        }
        if (name.equals("_")) {
            return new Operand.Sink();
        }
        if (name.equals("WARP_SZ")) {
            return new Operand.IntegerLiteral(WARP_SIZE);
        }
        if (name.isEmpty() || !Character.isJavaIdentifierStart(name.charAt(0))) {
            throw new PtxException(line, "expected an operand, found '" + name + "'");
        }
        return new Operand.Name(name);
    }
}
