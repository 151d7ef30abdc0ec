package dev.halcyon.nn;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.tensor.Tensor;

/**
 * The basic residual block (He et al. 2016): relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x)), with torchvision's
 * names for its parts.
 */
public final class ResidualBlock extends Module {
    private final Convolution conv1;
    private final BatchNorm2d bn1;
    private final Convolution conv2;
    private final BatchNorm2d bn2;
    private final Module shortcut;

    /**
     * A block.
     *
     * @param in input channels
     * @param out output channels
     * @param stride of the first convolution
     * @param shortcutName the name of the shortcut's parameters, {@code downsample} in torchvision
     * @param shortcut brings x to the output's shape, or null if it has it already
     */
    public ResidualBlock(int in, int out, int stride, String shortcutName, Module shortcut) {
        conv1 = child("conv1", new Convolution(in, out, 3, Conv2d.of(stride, 1)));
        bn1 = child("bn1", new BatchNorm2d(out, Unary.RELU));
        conv2 = child("conv2", new Convolution(out, out, 3, Conv2d.of(1, 1)));
        bn2 = child("bn2", new BatchNorm2d(out, Unary.RELU));
        this.shortcut = shortcut == null ? null : child(shortcutName, shortcut);
    }

    /** A block whose shortcut, where shapes differ, is a 1×1 convolution with batch norm (option B, torchvision's). */
    public static ResidualBlock projected(int in, int out, int stride) {
        Module projection = stride == 1 && in == out
                ? null
                : new Convolution(in, out, 1, Conv2d.of(stride, 0)).normalized(Unary.IDENTITY);
        return new ResidualBlock(in, out, stride, "downsample", projection);
    }

    /** A block whose shortcut has no parameters (option A). */
    public static ResidualBlock padded(int in, int out, int stride) {
        Module padding = stride == 1 && in == out ? null : new Shortcut(stride, out);
        return new ResidualBlock(in, out, stride, "shortcut", padding);
    }

    @Override
    protected Tensor compute(Tensor x) {
        Tensor residual = shortcut == null ? x : shortcut.forward(x);
        Tensor inner = bn1.forwardAfter(conv1, x, null);
        return bn2.forwardAfter(conv2, inner, residual);
    }
}
