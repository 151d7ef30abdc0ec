package dev.halcyon.autograd.ops;

import dev.halcyon.autograd.Gradients;
import dev.halcyon.autograd.Tape;
import dev.halcyon.device.Backend;
import dev.halcyon.device.Gemm;
import dev.halcyon.device.Reduce;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.ShapeException;
import dev.halcyon.tensor.Tensor;
import java.util.List;

/** Products of matrices, and the linear layer made of one. */
public final class MatrixProducts {
    private MatrixProducts() {
    }

    /**
     * a b for matrices [m, k] and [k, n], or for batches [batch, m, k] and [batch, k, n]:
     * da = dy bᵀ, db = aᵀ dy.
     */
    public static Tensor matmul(Tensor a, Tensor b) {
        Operands.requireAlike("matmul", a, b);
        Tensor y = Tensor.empty(a.device(), a.type(), Gemm.PLAIN.outputShape(a.shape(), b.shape()));
        product(a, Gemm.PLAIN, false, a.view(), b.view(), y.view());
        return Tape.record("matmul", y, List.of(a, b), List.of(), (dy, gradients) -> {
            gradients.writeOrAdd(a, (da, adds) -> product(a, Gemm.of(false, true), adds, dy, b.view(), da));
            gradients.writeOrAdd(b, (db, adds) -> product(a, Gemm.of(true, false), adds, a.view(), dy, db));
        });
    }

    private static void product(Tensor like, Gemm d, boolean accumulate, View a, View b, View c) {
        Backend backend = like.device().backend();
        Gemm gemm = accumulate ? d.accumulate() : d;
        if (c.shape().rank() == 2) {
            backend.gemm(gemm, a, b, c);
        } else {
            backend.batchedGemm(gemm, a, b, c);
        }
    }

    /**
     * A linear layer: y = x w + bias, with x [n, in], w [in, out], bias [out] or null, the last two of the
     * {@linkplain DataType#parameterType type} that goes with x. A weight's gradient is error × activation: dw = xᵀ dy.
     */
    public static Tensor linear(Tensor x, Tensor w, Tensor bias) {
        if (x.shape().rank() != 2 || w.shape().rank() != 2 || x.shape().extent(1) != w.shape().extent(0)) {
            throw new ShapeException("linear", "rows of " + w.shape().extent(0) + " features [n, "
                    + w.shape().extent(0) + "]", x.shape() + " (flatten images first)");
        }
        checkBias("linear", bias, w.shape().extent(1));
        Operands.requireParameters("linear", x, w, bias);
        Tensor factor = Operands.factor(w, x.type());
        Backend backend = x.device().backend();
        Tensor y = Tensor.empty(x.device(), x.type(), Gemm.PLAIN.outputShape(x.shape(), w.shape()));
        if (bias == null) {
            backend.gemm(Gemm.PLAIN, x.view(), factor.view(), y.view());
        } else {
            backend.gemmBiasActivation(Gemm.PLAIN, Unary.IDENTITY, x.view(), factor.view(), bias.view(), y.view());
        }
        return Tape.record("linear", y, bias == null ? List.of(x, w) : List.of(x, w, bias),
                factor == w ? List.of() : List.of(factor),
                (dy, gradients) -> linearGradient(x, w, factor, bias, dy, gradients));
    }

    private static void linearGradient(Tensor x, Tensor w, Tensor factor, Tensor bias, View dy, Gradients gradients) {
        Backend backend = x.device().backend();
        gradients.add(w, dw -> backend.gemm(Gemm.of(true, false).accumulate(), x.view(), dy, dw));
        if (bias != null) {
            sendBias(bias, dy, gradients);
        }
        gradients.writeOrAdd(x, (dx, adds) -> product(x, Gemm.of(false, true), adds, dy, factor.view(), dx));
    }

    /** A bias is null or has one number per output channel. */
    static void checkBias(String operation, Tensor bias, long channels) {
        if (bias != null && !bias.shape().equals(Shape.of(channels))) {
            throw new ShapeException(operation, "a bias of one number per output " + Shape.of(channels), bias.shape());
        }
    }

    /** A bias [c] is added to every row, so its gradient is the sum over all rows of dy [.., c]. */
    static void sendBias(Tensor bias, View dy, Gradients gradients) {
        long channels = bias.shape().elements();
        View rows = dy.as(Shape.of(dy.elements() / channels, channels));
        gradients.add(bias, db -> bias.device().backend().reduce(new Reduce(Reduce.Kind.SUM, true), rows,
                db.as(Shape.of(1, channels))));
    }
}
