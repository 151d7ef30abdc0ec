package dev.halcyon.emulator.ptx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads declarations of variables and parameters. */
final class VariableParser {
    private final Tokens tokens;
    private int count;

    VariableParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /** Reads what follows the state space of a declaration, up to its semicolon. */
    List<Variable> declaration(Space space, boolean external) {
        List<Variable> variables = new ArrayList<>();
        Element element = element();
        do {
            variables.add(variable(space, element, external));
        } while (tokens.take(","));
        tokens.expect(";");
        return variables;
    }

    /** Reads one parameter, which begins with its state space. */
    Variable parameter() {
        tokens.expect(".param");
        return variable(Space.PARAM, element(), false);
    }

    private record Element(PtxType type, int alignment, int lanes) {
        int bytes() {
            return type.bytes() * lanes;
        }
    }

    private Element element() {
        int alignment = 0;
        int lanes = 1;
        while (true) {
            String word = tokens.peek();
            PtxType type = word.startsWith(".") ? PtxType.named(word.substring(1)) : null;
            if (tokens.take(".align")) {
                alignment = tokens.nextInt();
            } else if (tokens.take(".v2")) {
                lanes = 2;
            } else if (tokens.take(".v4")) {
                lanes = 4;
            } else if (type != null && type.bytes() > 0) {
                tokens.next();
                pointerAttributes();
                int natural = type.bytes() * lanes;
                return new Element(type, alignment == 0 ? natural : alignment, lanes);
            } else {
                throw tokens.unexpected("expected the type of a variable");
            }
        }
    }

    /** A parameter may say what it points to; that is a hint. */
    private void pointerAttributes() {
        if (tokens.take(".ptr")) {
            while (tokens.peek().startsWith(".")) {
                if (tokens.take(".align")) {
                    tokens.nextInt();
                } else if (Space.named(tokens.peek().substring(1)) != null) {
                    tokens.next();
                } else {
                    throw tokens.unexpected("expected what the parameter points to");
                }
            }
        }
    }

    private Variable variable(Space space, Element element, boolean external) {
        int line = tokens.line();
        String name = tokens.next();
        long elements = 1;
        while (tokens.take("[")) {
            elements *= tokens.peek().equals("]") ? 0 : tokens.nextLong();
            tokens.expect("]");
        }
        long bytes = elements * element.bytes();
        List<Variable.Reference> references = new ArrayList<>();
        byte[] initial = null;
        if (tokens.take("=")) {
            ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
            initialiser(element.type, buffer, references);
            initial = buffer.array();
        }
        return new Variable(name, count++, space, element.alignment, bytes, initial, List.copyOf(references), external,
                line);
    }

    private void initialiser(PtxType type, ByteBuffer buffer, List<Variable.Reference> references) {
        if (!tokens.take("{")) {
            value(type, buffer, references);
            return;
        }
        if (!tokens.take("}")) {
            do {
                initialiser(type, buffer, references);
            } while (tokens.take(","));
            tokens.expect("}");
        }
    }

    private void value(PtxType type, ByteBuffer buffer, List<Variable.Reference> references) {
        String word = tokens.peek();
        if (word.equals("-") || Literals.isNumber(word)) {
            number(type, buffer);
        } else if (type.bits() == 64) {
            boolean generic = tokens.take("generic");
            if (generic) {
                tokens.expect("(");
            }
            String symbol = tokens.next();
            if (generic) {
                tokens.expect(")");
            }
            long offset = tokens.take("+") ? tokens.nextLong() : 0;
            references.add(new Variable.Reference(buffer.position(), symbol, offset));
            buffer.putLong(0);
        } else {
            throw tokens.unexpected("expected a number as initial value");
        }
    }

    private void number(PtxType type, ByteBuffer buffer) {
        int line = tokens.line();
        long bits;
        if (Literals.isFloat(tokens.peek())) {
            Operand.FloatLiteral literal = Literals.floating(tokens.next(), line);
            bits = type == PtxType.F64
                    ? Double.doubleToRawLongBits(literal.value())
                    : Float.floatToRawIntBits((float) literal.value());
        } else {
            bits = tokens.nextLong();
        }
        switch (type.bytes()) {
            case 1 -> buffer.put((byte) bits);
            case 2 -> buffer.putShort((short) bits);
            case 4 -> buffer.putInt((int) bits);
            default -> buffer.putLong(bits);
        }
    }
}
