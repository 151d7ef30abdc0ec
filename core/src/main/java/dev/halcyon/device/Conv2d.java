package dev.halcyon.device;

import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.ShapeException;

/**
 * A two-dimensional convolution (cross-correlation, as everywhere in deep learning) of images [n, h, w, cin] with
 * weights [kh, kw, cin / groups, cout]. Output channel block g of cout / groups sees input channel block g of
 * cin / groups; with groups = cin it is depthwise.
 *
 * @param strideHeight step between output rows, at least 1
 * @param strideWidth step between output columns
 * @param paddingHeight rows of zeros above and below
 * @param paddingWidth columns of zeros left and right
 * @param dilationHeight distance between kernel rows, at least 1
 * @param dilationWidth distance between kernel columns
 * @param groups number of channel blocks
 */
public record Conv2d(int strideHeight, int strideWidth, int paddingHeight, int paddingWidth, int dilationHeight,
        int dilationWidth, int groups) {
    /** Checks the ranges. */
    public Conv2d {
        if (strideHeight < 1 || strideWidth < 1 || dilationHeight < 1 || dilationWidth < 1 || groups < 1
                || paddingHeight < 0 || paddingWidth < 0) {
            throw new IllegalArgumentException("conv2d: stride, dilation and groups must be at least 1 and padding at"
                    + " least 0, found stride " + strideHeight + "x" + strideWidth + ", dilation " + dilationHeight
                    + "x" + dilationWidth + ", groups " + groups + ", padding " + paddingHeight + "x" + paddingWidth);
        }
    }

    /** The same stride and padding both ways, no dilation, one group. */
    public static Conv2d of(int stride, int padding) {
        return new Conv2d(stride, stride, padding, padding, 1, 1, 1);
    }

    /** This convolution with the given dilation both ways. */
    public Conv2d dilated(int dilation) {
        return new Conv2d(strideHeight, strideWidth, paddingHeight, paddingWidth, dilation, dilation, groups);
    }

    /** This convolution with the given number of groups. */
    public Conv2d grouped(int count) {
        return new Conv2d(strideHeight, strideWidth, paddingHeight, paddingWidth, dilationHeight, dilationWidth,
                count);
    }

    /**
     * The output's shape [n, oh, ow, cout], with oh = (h + 2 padding - dilation (kh - 1) - 1) / stride + 1.
     *
     * @throws ShapeException if the input is not rank 4, channels do not match the weights, or the kernel is larger
     *         than the padded image
     */
    public Shape outputShape(Shape x, Shape w) {
        if (x.rank() != 4 || w.rank() != 4) {
            throw new ShapeException("conv2d", "images [n, h, w, cin] and weights [kh, kw, cin/groups, cout]",
                    x + " and " + w);
        }
        if (x.extent(3) != w.extent(2) * groups) {
            throw new ShapeException("conv2d",
                    "an input with " + w.extent(2) * groups + " channels [n, h, w, " + w.extent(2) * groups + "]", x);
        }
        if (w.extent(3) % groups != 0) {
            throw new ShapeException("conv2d", "output channels divisible by " + groups + " groups", w);
        }
        long oh = Windows.count("conv2d", x.extent(1), w.extent(0), strideHeight, paddingHeight, dilationHeight);
        long ow = Windows.count("conv2d", x.extent(2), w.extent(1), strideWidth, paddingWidth, dilationWidth);
        return Shape.of(x.extent(0), oh, ow, w.extent(3));
    }

    /** Multiply-adds of the forward pass on images of shape {@code x} with weights of shape {@code w}. */
    public long multiplyAdds(Shape x, Shape w) {
        return outputShape(x, w).elements() * w.product(0, 3);
    }
}
