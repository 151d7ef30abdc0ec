package dev.halcyon.nn;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The block of MobileNetV2 (Sandler et al. 2018): 1×1 to more channels, 3×3 on each channel alone, 1×1 to few channels
 * without activation, plus the input where shapes agree. Names are torchvision's.
 */
public final class InvertedResidual extends Module {
    private final Module expansion;
    private final Convolution projection;
    private final BatchNorm2d norm;
    private final boolean residual;

    /**
     * A block.
     *
     * @param in input channels
     * @param out output channels
     * @param stride of the 3×3 convolution
     * @param factor channels inside, as a multiple of {@code in}; with 1 there is no first convolution
     */
    public InvertedResidual(int in, int out, int stride, int factor) {
        int inner = in * factor;
        List<Module> steps = new ArrayList<>();
        if (factor != 1) {
            steps.add(new Convolution(in, inner, 1, Conv2d.of(1, 0)).normalized(Unary.RELU6));
        }
        steps.add(new Convolution(inner, inner, 3, Conv2d.of(stride, 1).grouped(inner)).normalized(Unary.RELU6));
        projection = new Convolution(inner, out, 1, Conv2d.of(1, 0));
        norm = new BatchNorm2d(out);
        expansion = child("conv", new Steps(steps, projection, norm));
        residual = stride == 1 && in == out;
    }

    /** The steps by number; the last two have theirs among them, and the block applies them itself. */
    private static final class Steps extends NamedChain {
        Steps(List<Module> steps, Convolution projection, BatchNorm2d norm) {
            for (int i = 0; i < steps.size(); i++) {
                then(Integer.toString(i), steps.get(i));
            }
            child(Integer.toString(steps.size()), projection);
            child(Integer.toString(steps.size() + 1), norm);
        }
    }

    @Override
    protected Tensor compute(Tensor x) {
        Tensor y = expansion.forward(x);
        return norm.forwardAfter(projection, y, residual ? x : null);
    }
}
