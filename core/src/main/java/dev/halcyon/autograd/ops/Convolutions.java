package dev.halcyon.autograd.ops;

import dev.halcyon.autograd.Tape;
import dev.halcyon.device.Backend;
import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.ShapeException;
import dev.halcyon.tensor.Tensor;
import java.util.List;

/** Convolutions of images. */
public final class Convolutions {
    private Convolutions() {
    }

    /**
     * x * w + bias.
     *
     * @param x images [n, h, w, cin]
     * @param w weights [kh, kw, cin / groups, cout], of the {@linkplain DataType#parameterType type} that goes with x
     * @param bias [cout], or null
     * @return [n, oh, ow, cout]
     * @throws ShapeException if the shapes do not fit
     */
    public static Tensor conv2d(Conv2d d, Tensor x, Tensor w, Tensor bias) {
        Shape shape = d.outputShape(x.shape(), w.shape());
        MatrixProducts.checkBias("conv2d", bias, shape.extent(3));
        Operands.requireParameters("conv2d", x, w, bias);
        Tensor factor = Operands.factor(w, x.type());
        Backend backend = x.device().backend();
        Tensor y = Tensor.empty(x.device(), x.type(), shape);
        if (bias == null) {
            backend.conv2d(d, x.view(), factor.view(), y.view());
        } else {
            backend.conv2dBiasActivation(d, Unary.IDENTITY, x.view(), factor.view(), bias.view(), y.view());
        }
        return Tape.record("conv2d", y, bias == null ? List.of(x, w) : List.of(x, w, bias),
                factor == w ? List.of() : List.of(factor), (dy, gradients) -> {
                    gradients.add(w, dw -> backend.conv2dWeightGradient(d, x.view(), dy, dw));
                    if (bias != null) {
                        MatrixProducts.sendBias(bias, dy, gradients);
                    }
                    gradients.writeOrAdd(x, (dx, adds) -> backend.conv2dInputGradient(d, adds, dy, factor.view(), dx));
                });
    }

    /**
     * activation(batchNorm(x * w) + residual) by the running statistics. Where no tape is open the norm becomes part of
     * the convolution.
     *
     * @param x images [n, h, w, cin]
     * @param w weights [kh, kw, cin / groups, cout]
     * @param state all [cout]
     * @param residual of the output's shape, or null
     * @return [n, oh, ow, cout]
     * @throws ShapeException if the shapes do not fit
     */
    public static Tensor conv2dBatchNormInference(Conv2d d, Tensor x, Tensor w, BatchNorm norm,
            Normalization.BatchNormState state, Tensor residual, Unary activation) {
        if (Tape.current().isPresent()) {
            return Normalization.batchNormInference(norm, state, conv2d(d, x, w, null), residual, activation);
        }
        Operands.requireParameters("conv2d", x, w);
        Tensor y = Tensor.empty(x.device(), x.type(), d.outputShape(x.shape(), w.shape()));
        Normalization.checkInference(state, y);
        Normalization.checkResidual(y, residual);
        Operands.requireAlike("batchNorm", x, residual);
        Tensor factor = Operands.factor(w, x.type());
        x.device().backend().conv2dBatchNormInference(d, norm, activation, x.view(), factor.view(),
                residual == null ? null : residual.view(), state.gamma().view(), state.beta().view(),
                state.runningMean().view(), state.runningVariance().view(), y.view());
        if (factor != w) {
            factor.close();
        }
        return y;
    }
}
