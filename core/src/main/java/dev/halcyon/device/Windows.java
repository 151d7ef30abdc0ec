package dev.halcyon.device;

import dev.halcyon.tensor.ShapeException;

/** How many windows fit along one axis: the rule that convolution and pooling share. */
final class Windows {
    private Windows() {
    }

    static long count(String operation, long extent, long kernel, int stride, int padding, int dilation) {
        long span = dilation * (kernel - 1) + 1;
        long padded = extent + 2L * padding;
        if (span > padded) {
            throw new ShapeException(operation,
                    "an image at least as large as the kernel, " + span + " (with padding " + padding + " each side)",
                    extent);
        }
        return (padded - span) / stride + 1;
    }
}
