package dev.halcyon.emulator.ptx;

/** Numbers as PTX writes them. */
final class Literals {
    private Literals() {
    }

    static boolean isNumber(String word) {
        return Character.isDigit(word.charAt(0));
    }

    /** Whether a word that is a number is a floating-point one: 0f and 8 digits, 0d and 16, or a decimal fraction. */
    static boolean isFloat(String word) {
        return hasBits(word, 'f', 'F') || hasBits(word, 'd', 'D') || word.indexOf('.') > 0;
    }

    private static boolean hasBits(String word, char lower, char upper) {
        return word.length() > 2 && word.charAt(0) == '0' && (word.charAt(1) == lower || word.charAt(1) == upper);
    }

    static Operand.FloatLiteral floating(String word, int line) {
        try {
            if (hasBits(word, 'f', 'F')) {
                return new Operand.FloatLiteral(Integer.parseUnsignedInt(word.substring(2), 16), PtxType.F32);
            }
            if (hasBits(word, 'd', 'D')) {
                return new Operand.FloatLiteral(Long.parseUnsignedLong(word.substring(2), 16), PtxType.F64);
            }
            return new Operand.FloatLiteral(Double.doubleToRawLongBits(Double.parseDouble(word)), PtxType.F64);
        } catch (NumberFormatException e) {
            throw new PtxException(line, "'" + word + "' is not a floating-point number");
        }
    }

    /** A decimal, hexadecimal (0x), octal (0) or binary (0b) integer, perhaps with a U at its end. */
    static long integer(String word, int line) {
        String digits = word.endsWith("U") || word.endsWith("u") ? word.substring(0, word.length() - 1) : word;
        try {
            if (digits.startsWith("0x") || digits.startsWith("0X")) {
                return Long.parseUnsignedLong(digits.substring(2), 16);
            }
            if (digits.startsWith("0b") || digits.startsWith("0B")) {
                return Long.parseUnsignedLong(digits.substring(2), 2);
            }
            if (digits.length() > 1 && digits.charAt(0) == '0') {
                return Long.parseUnsignedLong(digits, 8);
            }
            return Long.parseUnsignedLong(digits);
        } catch (NumberFormatException e) {
            throw new PtxException(line, "expected an integer, found '" + word + "'");
        }
    }
}
