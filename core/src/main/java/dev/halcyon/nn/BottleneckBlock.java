package dev.halcyon.nn;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.tensor.Tensor;

/**
 * The bottleneck of deep residual networks (He et al. 2016, section 4.1): 1×1 to a quarter of the channels, 3×3, 1×1
 * back, plus the shortcut, with torchvision's names. The stride is in the 3×3 convolution, as in torchvision.
 */
public final class BottleneckBlock extends Module {
    /** Channels that come out, as a multiple of those inside. */
    public static final int EXPANSION = 4;

    private final Convolution conv1;
    private final BatchNorm2d bn1;
    private final Convolution conv2;
    private final BatchNorm2d bn2;
    private final Convolution conv3;
    private final BatchNorm2d bn3;
    private final Module shortcut;

    /**
     * A block. Where shapes differ, the shortcut is a 1×1 convolution with batch norm.
     *
     * @param in input channels
     * @param inner channels inside; {@link #EXPANSION} times as many come out
     * @param stride of the 3×3 convolution
     */
    public BottleneckBlock(int in, int inner, int stride) {
        int out = EXPANSION * inner;
        conv1 = child("conv1", new Convolution(in, inner, 1, Conv2d.of(1, 0)));
        bn1 = child("bn1", new BatchNorm2d(inner, Unary.RELU));
        conv2 = child("conv2", new Convolution(inner, inner, 3, Conv2d.of(stride, 1)));
        bn2 = child("bn2", new BatchNorm2d(inner, Unary.RELU));
        conv3 = child("conv3", new Convolution(inner, out, 1, Conv2d.of(1, 0)));
        bn3 = child("bn3", new BatchNorm2d(out, Unary.RELU));
        shortcut = stride == 1 && in == out
                ? null
                : child("downsample", new Convolution(in, out, 1, Conv2d.of(stride, 0)).normalized(Unary.IDENTITY));
    }

    @Override
    protected Tensor compute(Tensor x) {
        Tensor residual = shortcut == null ? x : shortcut.forward(x);
        Tensor inner = bn2.forwardAfter(conv2, bn1.forwardAfter(conv1, x, null), null);
        return bn3.forwardAfter(conv3, inner, residual);
    }
}
