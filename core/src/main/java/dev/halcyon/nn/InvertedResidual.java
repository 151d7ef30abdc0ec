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
    private final Module before;
    private final BatchNorm2d last;
    private final boolean residual;

    /**
     * A block.
     *
     * @param in input channels
     * @param out output channels
     * @param stride of the 3×3 convolution
     * @param expansion channels inside, as a multiple of {@code in}; with 1 there is no first convolution
     */
    public InvertedResidual(int in, int out, int stride, int expansion) {
        int inner = in * expansion;
        List<Module> steps = new ArrayList<>();
        if (expansion != 1) {
            steps.add(normalized(new Convolution(in, inner, 1, Conv2d.of(1, 0)), inner));
        }
        steps.add(normalized(new Convolution(inner, inner, 3, Conv2d.of(stride, 1).grouped(inner)), inner));
        steps.add(new Convolution(inner, out, 1, Conv2d.of(1, 0)));
        last = new BatchNorm2d(out);
        Chain chain = child("conv", new Chain(steps, last));
        before = chain;
        residual = stride == 1 && in == out;
    }

    private static Module normalized(Convolution convolution, int channels) {
        return new Sequential(convolution, new BatchNorm2d(channels, Unary.RELU6));
    }

    /** All steps by number, the last norm among them, which the block applies itself. */
    private static final class Chain extends Module {
        private final List<Module> steps;

        Chain(List<Module> steps, BatchNorm2d last) {
            this.steps = steps;
            for (int i = 0; i < steps.size(); i++) {
                child(Integer.toString(i), steps.get(i));
            }
            child(Integer.toString(steps.size()), last);
        }

        @Override
        protected Tensor compute(Tensor x) {
            Tensor y = x;
            for (Module step : steps) {
                y = step.forward(y);
            }
            return y;
        }
    }

    @Override
    protected Tensor compute(Tensor x) {
        Tensor y = before.forward(x);
        return residual ? last.forwardWithResidual(y, x) : last.forward(y);
    }
}
