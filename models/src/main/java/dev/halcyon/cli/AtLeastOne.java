package dev.halcyon.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an option that counts things. */
final class AtLeastOne implements ITypeConverter<Integer> {
    /** Called by picocli. */
    AtLeastOne() {
    }

    @Override
    public Integer convert(String text) {
        try {
            int count = Integer.parseInt(text);
            if (count >= 1) {
                return count;
            }
        } catch (NumberFormatException e) {
            throw new TypeConversionException("expected a whole number, found '" + text + "'");
        }
        throw new TypeConversionException("expected at least 1, found " + text);
    }
}
