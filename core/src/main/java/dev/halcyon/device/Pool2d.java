package dev.halcyon.device;

import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.ShapeException;

/**
 * A pooling window over images [n, h, w, c]. Padding never wins a maximum. Averages divide by the window's full size,
 * padding included (PyTorch's default).
 *
 * @param kernelHeight rows of the window
 * @param kernelWidth columns of the window
 * @param strideHeight step between output rows
 * @param strideWidth step between output columns
 * @param paddingHeight rows added above and below, at most half the window
 * @param paddingWidth columns added left and right, at most half the window
 */
public record Pool2d(int kernelHeight, int kernelWidth, int strideHeight, int strideWidth, int paddingHeight,
        int paddingWidth) {
    /** The largest window of max pooling: its argument is kept in one byte. */
    public static final int LARGEST_MAX_WINDOW = 256;

    /** Checks the ranges. */
    public Pool2d {
        if (kernelHeight < 1 || kernelWidth < 1 || strideHeight < 1 || strideWidth < 1 || paddingHeight < 0
                || paddingWidth < 0 || 2 * paddingHeight > kernelHeight || 2 * paddingWidth > kernelWidth) {
            throw new IllegalArgumentException("pooling: kernel and stride must be at least 1 and padding at most half"
                    + " the kernel, found kernel " + kernelHeight + "x" + kernelWidth + ", stride " + strideHeight
                    + "x" + strideWidth + ", padding " + paddingHeight + "x" + paddingWidth);
        }
    }

    /** A square window. */
    public static Pool2d of(int kernel, int stride, int padding) {
        return new Pool2d(kernel, kernel, stride, stride, padding, padding);
    }

    /** One window over the whole of each image: global pooling. */
    public static Pool2d global(Shape x) {
        int height = Math.toIntExact(x.extent(1));
        int width = Math.toIntExact(x.extent(2));
        return new Pool2d(height, width, height, width, 0, 0);
    }

    /**
     * The output's shape [n, oh, ow, c], with oh = (h + 2 padding - kernel) / stride + 1.
     *
     * @throws ShapeException if the input is not rank 4 or smaller than the window
     */
    public Shape outputShape(Shape x) {
        if (x.rank() != 4) {
            throw new ShapeException("pooling", "images [n, h, w, c]", x);
        }
        long oh = Windows.count("pooling", x.extent(1), kernelHeight, strideHeight, paddingHeight, 1);
        long ow = Windows.count("pooling", x.extent(2), kernelWidth, strideWidth, paddingWidth, 1);
        return Shape.of(x.extent(0), oh, ow, x.extent(3));
    }
}
