package dev.halcyon.emulator.ptx;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of a PTX text, with a position to read from. An instruction's name with its modifiers, a directive, a register
 * and a number are one word each; comments and white space are none.
 */
final class Tokens {
    private record Token(String text, int line) {
    }

    private static final String END = "";

    private final List<Token> tokens = new ArrayList<>();
    private int position;

    Tokens(String text) {
        int line = 1;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
                i++;
            } else if (c <= ' ') {
                i++;
            } else if (text.startsWith("//", i)) {
                int end = text.indexOf('\n', i);
                i = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", i)) {
                int end = text.indexOf("*/", i + 2);
                if (end < 0) {
                    throw new PtxException(line, "a comment that is not closed");
                }
                line += (int) text.substring(i, end).chars().filter(ch -> ch == '\n').count();
                i = end + 2;
            } else {
                int end = endOfWord(text, i, line);
                tokens.add(new Token(text.substring(i, end), line));
                i = end;
            }
        }
        tokens.add(new Token(END, line));
    }

    private static int endOfWord(String text, int start, int line) {
        char c = text.charAt(start);
        if (c == '"') {
            int end = text.indexOf('"', start + 1);
            if (end < 0) {
                throw new PtxException(line, "a string that is not closed");
            }
            return end + 1;
        }
        if (c == '.' || isNamePart(c)) {
            int end = start + 1;
            while (end < text.length() && partOfWord(text, end)) {
                end++;
            }
            return end;
        }
        return start + 1;
    }

    private static boolean partOfWord(String text, int at) {
        char c = text.charAt(at);
        if (c == ':') { // as in .shared::cta, never a label's colon
            return at + 1 < text.length() && (text.charAt(at + 1) == ':' || text.charAt(at - 1) == ':')
                    && text.charAt(at - 1) != ' ';
        }
        return c == '.' || isNamePart(c);
    }

    private static boolean isNamePart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$' || c == '%';
    }

    String peek() {
        return tokens.get(position).text;
    }

    /** The word that comes so many words after the next one. */
    String peek(int ahead) {
        return tokens.get(Math.min(position + ahead, tokens.size() - 1)).text;
    }

    String next() {
        Token token = tokens.get(position);
        if (position < tokens.size() - 1) {
            position++;
        }
        return token.text;
    }

    /** The line of the next word. */
    int line() {
        return tokens.get(position).line;
    }

    boolean atEnd() {
        return position == tokens.size() - 1;
    }

    boolean take(String text) {
        if (peek().equals(text)) {
            position++;
            return true;
        }
        return false;
    }

    void expect(String text) {
        if (!take(text)) {
            throw unexpected("expected '" + text + "'");
        }
    }

    int nextInt() {
        return Math.toIntExact(nextLong());
    }

    /** An integer literal, with its sign if it has one. */
    long nextLong() {
        boolean negative = take("-");
        int line = line();
        long value = Literals.integer(next(), line);
        return negative ? -value : value;
    }

    PtxException unexpected(String expected) {
        return new PtxException(line(), expected + ", found " + (atEnd() ? "the end" : "'" + peek() + "'"));
    }

    /** The labels that stand directly in the block that begins at the next word, not in blocks inside it. */
    List<String> labelsOfBlock() {
        List<String> labels = new ArrayList<>();
        int depth = 0;
        for (int i = position; i < tokens.size() - 1; i++) {
            String text = tokens.get(i).text;
            if (text.equals("{")) {
                depth++;
            } else if (text.equals("}")) {
                if (--depth < 0) {
                    break;
                }
            } else if (text.equals(":") && depth == 0) {
                labels.add(tokens.get(i - 1).text);
            }
        }
        return labels;
    }
}
