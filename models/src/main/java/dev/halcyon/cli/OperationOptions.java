package dev.halcyon.cli;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Pool2d;
import dev.halcyon.tensor.Shape;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which operation {@code bench op} times, and on what. */
final class OperationOptions {
    @Option(names = "--op", paramLabel = "NAME", defaultValue = "conv2d",
            description = "With op: the operation (default: ${DEFAULT-VALUE}).")
    private String operation;

    @Option(names = "--input", paramLabel = "SHAPE", converter = ShapeConverter.class, defaultValue = "64x32x32x64",
            description = "With op: images NxHxWxC, or a matrix MxK for gemm and softmax (default: ${DEFAULT-VALUE}).")
    private Shape input;

    @Option(names = "--outputs", paramLabel = "N", converter = AtLeastOne.class, defaultValue = "64",
            description = "With op: output channels of a convolution, columns of a product (default: ${DEFAULT-VALUE}).")
    private int outputs;

    @Option(names = "--kernel", paramLabel = "HxW", converter = ImageSize.Converter.class, defaultValue = "3x3",
            description = "With op: taps of a convolution, window of a pooling (default: ${DEFAULT-VALUE}).")
    private ImageSize kernel;

    @Option(names = "--stride", paramLabel = "N", converter = AtLeastOne.class, defaultValue = "1",
            description = "With op: step between outputs (default: ${DEFAULT-VALUE}).")
    private int stride;

    @Option(names = "--padding", paramLabel = "N", defaultValue = "0",
            description = "With op: zeros around the image (default: ${DEFAULT-VALUE}).")
    private int padding;

    @Option(names = "--dilation", paramLabel = "N", converter = AtLeastOne.class, defaultValue = "1",
            description = "With op: distance between taps (default: ${DEFAULT-VALUE}).")
    private int dilation;

    @Option(names = "--groups", paramLabel = "N", converter = AtLeastOne.class, defaultValue = "1",
            description = "With op: blocks of channels (default: ${DEFAULT-VALUE}).")
    private int groups;

    /** Reads {@code 64x32x32x3}. */
    static final class ShapeConverter implements ITypeConverter<Shape> {
        /** Called by picocli. */
        ShapeConverter() {
        }

        @Override
        public Shape convert(String text) {
            try {
                return Shape.of(Arrays.stream(text.split("x")).mapToLong(Long::parseLong).toArray());
            } catch (NumberFormatException e) {
                throw new TypeConversionException("expected extents such as 64x32x32x3, found '" + text + "'");
            }
        }
    }

    String operation() {
        return operation;
    }

    /** The input, which must have so many axes. */
    Shape input(int rank) {
        if (input.rank() != rank) {
            throw new IllegalArgumentException("--input: " + operation + " takes " + rank + " extents, such as "
                    + (rank == 4 ? "64x32x32x3" : "512x256") + ", found " + input);
        }
        return input;
    }

    Conv2d convolution() {
        return Conv2d.of(stride, padding).dilated(dilation).grouped(groups);
    }

    Shape weights() {
        return Shape.of(kernel.height(), kernel.width(), input(4).extent(3) / groups, outputs);
    }

    Shape factor() {
        return Shape.of(input(2).extent(1), outputs);
    }

    Pool2d pooling() {
        return new Pool2d(kernel.height(), kernel.width(), stride, stride, padding, padding);
    }
}
