package dev.halcyon.cpu;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.View;
import java.util.stream.IntStream;

/**
 * Convolutions of images so small that most taps see padding alone: each pixel, or in the weights' gradient each tap, is
 * a product of its own, over what lies within the image.
 */
final class TinyImageConvolutions {
    private static final int MOST_PIXELS = 16;

    private final Multiplier multiplier;

    TinyImageConvolutions(Multiplier multiplier) {
        this.multiplier = multiplier;
    }

    /** Whether less than half of all pairs of taps and outputs see a pixel. */
    static boolean suits(Conv2d d, View x, View w, View y) {
        return d.groups() == 1 && y.extent(1) * y.extent(2) <= MOST_PIXELS && x.extent(1) * x.extent(2) <= MOST_PIXELS
                && 2 * pairs(rows(d, x, w, y)) * pairs(columns(d, x, w, y)) < w.extent(0) * w.extent(1) * y.extent(1)
                        * y.extent(2);
    }

    /** One direction of a convolution. */
    private record Axis(int taps, int inputs, int outputs, int stride, int padding, int dilation) {
        /** The input that a tap of an output sees; outside [0, inputs) if it is padding. */
        int input(int output, int tap) {
            return output * stride - padding + tap * dilation;
        }

        boolean sees(int output, int tap) {
            return input(output, tap) >= 0 && input(output, tap) < inputs;
        }

        /** The taps of an output that see the image; if none does, the first, which sees zeros. */
        int[] tapsOf(int output) {
            int[] seeing = IntStream.range(0, taps).filter(tap -> sees(output, tap)).toArray();
            return seeing.length == 0 ? new int[1] : seeing;
        }

        /** The taps that see an input, the last first, so that their outputs ascend. */
        int[] tapsSeeing(int input) {
            return IntStream.range(0, taps).map(i -> taps - 1 - i).filter(tap -> outputSeeing(input, tap) >= 0)
                    .toArray();
        }

        /** The output whose tap sees an input, or -1. */
        int outputSeeing(int input, int tap) {
            int shifted = input + padding - tap * dilation;
            return shifted >= 0 && shifted % stride == 0 && shifted / stride < outputs ? shifted / stride : -1;
        }

        /** The outputs whose tap sees the image: neighbours. */
        int[] outputsOf(int tap) {
            return IntStream.range(0, outputs).filter(output -> sees(output, tap)).toArray();
        }
    }

    private static Axis rows(Conv2d d, View x, View w, View y) {
        return new Axis((int) w.extent(0), (int) x.extent(1), (int) y.extent(1), d.strideHeight(), d.paddingHeight(),
                d.dilationHeight());
    }

    private static Axis columns(Conv2d d, View x, View w, View y) {
        return new Axis((int) w.extent(1), (int) x.extent(2), (int) y.extent(2), d.strideWidth(), d.paddingWidth(),
                d.dilationWidth());
    }

    private static long pairs(Axis axis) {
        return IntStream.range(0, axis.outputs).map(output -> axis.tapsOf(output).length).sum();
    }

    private static int[] products(int[] rows, int[] columns, int width) {
        return IntStream.of(rows).flatMap(row -> IntStream.of(columns).map(column -> row * width + column)).toArray();
    }

    /** Pixel (row, column) of every image. */
    private static Product.Rows pixel(View images, int row, int column) {
        long bytes = 4 * images.extent(3);
        return new Product.Rows(Memory.address(images) + (row * images.extent(2) + column) * bytes,
                images.shape().product(1, 3) * bytes);
    }

    /** Some rows and columns of every image, as one row of a matrix each. */
    private static Patches patches(View images, int[] rows, int[] columns) {
        return new Patches(Memory.address(images), (int) images.extent(1), (int) images.extent(2),
                (int) images.extent(3), (int) images.extent(3), 1, 1, rows, columns, 1, 1);
    }

    /** y = epilogue(x * w + bias); bias may be 0 for none. */
    void forward(Conv2d d, Epilogue epilogue, View x, View w, long bias, View y) {
        Axis rows = rows(d, x, w, y);
        Axis columns = columns(d, x, w, y);
        for (int row = 0; row < rows.outputs; row++) {
            for (int column = 0; column < columns.outputs; column++) {
                int outputRow = row;
                int outputColumn = column;
                int[] rowTaps = rows.tapsOf(row);
                int[] columnTaps = columns.tapsOf(column);
                Patches seen = patches(x, IntStream.of(rowTaps).map(tap -> rows.input(outputRow, tap)).toArray(),
                        IntStream.of(columnTaps).map(tap -> columns.input(outputColumn, tap)).toArray());
                multiplier.multiply(new Product(y.extent(0), (int) y.extent(3), seen.terms(), seen,
                        new TapRows(Memory.address(w), (int) w.extent(2), 4 * w.extent(3),
                                products(rowTaps, columnTaps, columns.taps)),
                        pixel(y, row, column), false, bias, epilogue));
            }
        }
    }

    /** dx, written or added to, pixel by pixel. */
    void inputGradient(Conv2d d, boolean accumulate, View dy, View w, View dx) {
        Axis rows = rows(d, dx, w, dy);
        Axis columns = columns(d, dx, w, dy);
        for (int row = 0; row < rows.inputs; row++) {
            for (int column = 0; column < columns.inputs; column++) {
                int inputRow = row;
                int inputColumn = column;
                int[] rowTaps = rows.tapsSeeing(row);
                int[] columnTaps = columns.tapsSeeing(column);
                Product.Rows target = pixel(dx, row, column);
                if (rowTaps.length == 0 || columnTaps.length == 0) {
                    for (long image = 0; !accumulate && image < dx.extent(0); image++) {
                        Memory.clear(target.row(image), 4 * dx.extent(3));
                    }
                    continue;
                }
                Patches seen = patches(dy,
                        IntStream.of(rowTaps).map(tap -> rows.outputSeeing(inputRow, tap)).toArray(),
                        IntStream.of(columnTaps).map(tap -> columns.outputSeeing(inputColumn, tap)).toArray());
                multiplier.multiply(new Product(dx.extent(0), (int) dx.extent(3), seen.terms(), seen,
                        new TapWeights(Memory.address(w), (int) w.extent(2), (int) w.extent(3), 4 * w.extent(3),
                                products(rowTaps, columnTaps, columns.taps)),
                        target, accumulate, 0, Epilogue.NONE));
            }
        }
    }

    /** dw, tap by tap. */
    void weightGradient(Conv2d d, View x, View dy, View dw) {
        Axis rows = rows(d, x, dw, dy);
        Axis columns = columns(d, x, dw, dy);
        for (int row = 0; row < rows.taps; row++) {
            for (int column = 0; column < columns.taps; column++) {
                int[] outputRows = rows.outputsOf(row);
                int[] outputColumns = columns.outputsOf(column);
                if (outputRows.length == 0 || outputColumns.length == 0) {
                    continue;
                }
                Patches seen = new Patches(Memory.address(x), (int) x.extent(1), (int) x.extent(2), (int) x.extent(3),
                        (int) x.extent(3), d.strideHeight(), d.strideWidth(),
                        new int[] {rows.input(outputRows[0], row)}, new int[] {columns.input(outputColumns[0], column)},
                        outputRows.length, outputColumns.length);
                long bytes = 4 * dy.extent(3);
                PixelGrid gradients = new PixelGrid(
                        Memory.address(dy) + (outputRows[0] * dy.extent(2) + outputColumns[0]) * bytes,
                        outputRows.length, outputColumns.length, dy.shape().product(1, 3) * bytes,
                        dy.extent(2) * bytes, bytes);
                long tap = (long) row * columns.taps + column;
                multiplier.multiply(new Product(dw.extent(2), (int) dw.extent(3),
                        dy.extent(0) * outputRows.length * outputColumns.length, new PatchColumns(seen),
                        new PixelMatrix(gradients),
                        new Product.Rows(Memory.address(dw) + 4 * tap * dw.extent(2) * dw.extent(3), 4 * dw.extent(3)),
                        true, 0, Epilogue.NONE));
            }
        }
    }
}
