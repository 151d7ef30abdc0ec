package dev.halcyon.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A size as options give it: {@code 96} or {@code HxW}.
 *
 * @param height rows
 * @param width columns
 */
record ImageSize(int height, int width) {
    /** Reads the option's text. */
    static final class Converter implements ITypeConverter<ImageSize> {
        /** Called by picocli. */
        Converter() {
        }

        @Override
        public ImageSize convert(String text) {
            String[] parts = text.split("x", 2);
            try {
                int height = Integer.parseInt(parts[0]);
                int width = Integer.parseInt(parts[parts.length - 1]);
                if (height >= 1 && width >= 1) {
                    return new ImageSize(height, width);
                }
            } catch (NumberFormatException e) {
                throw new TypeConversionException("expected HEIGHTxWIDTH such as 96x96, found '" + text + "'");
            }
            throw new TypeConversionException("expected a size of at least 1x1, found '" + text + "'");
        }
    }

    @Override
    public String toString() {
        return height + "x" + width;
    }
}
