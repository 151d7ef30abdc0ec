package dev.halcyon.cuda;

import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Gemm;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;

/** Chooses how a convolution and its gradients are computed. */
final class Convolutions {
    private final Launcher launcher;
    private final Gemms gemms;
    private final Operands operands;
    private final ImplicitGemm general;
    private final DepthwiseConvolutions depthwise;

    Convolutions(Launcher launcher, Gemms gemms) {
        this.launcher = launcher;
        this.gemms = gemms;
        Products products = new Products(launcher);
        operands = new Operands(launcher);
        general = new ImplicitGemm(products, operands);
        depthwise = new DepthwiseConvolutions(launcher, products);
    }

    /** One tap that reads every pixel once: pixels and weights are matrices. */
    private static boolean isPixelwise(Conv2d d, View w) {
        return w.extent(0) == 1 && w.extent(1) == 1 && d.groups() == 1 && d.strideHeight() == 1
                && d.strideWidth() == 1 && d.paddingHeight() == 0 && d.paddingWidth() == 0;
    }

    /** A tensor [.., channels] as a matrix. */
    private static View matrix(View view) {
        return view.as(Shape.of(view.elements() / view.extent(-1), view.extent(-1)));
    }

    void conv2d(Conv2d d, View x, View w, View y) {
        forward(d, Unary.IDENTITY, x, w, null, y);
    }

    void conv2dBiasActivation(Conv2d d, Unary activation, View x, View w, View bias, View y) {
        forward(d, activation, x, w, bias, y);
    }

    private void forward(Conv2d d, Unary activation, View x, View w, View bias, View y) {
        if (DepthwiseConvolutions.suits(d, w)) {
            depthwise.forward(d, activation, x, w, bias, y);
        } else if (isPixelwise(d, w)) {
            gemms.gemmBiasActivation(Gemm.PLAIN, activation, matrix(x), matrix(w), bias, matrix(y));
        } else {
            general.forward(d, activation, x, w, bias, y);
        }
    }

    void conv2dInputGradient(Conv2d d, View dy, View w, View dx) {
        if (DepthwiseConvolutions.suits(d, w)) {
            depthwise.inputGradient(d, dy, w, dx);
        } else if (isPixelwise(d, w)) {
            gemms.gemm(Gemm.of(false, true), matrix(dy), matrix(w), matrix(dx));
        } else {
            general.inputGradient(d, dy, w, dx);
        }
    }

    void conv2dWeightGradient(Conv2d d, View x, View dy, View dw) {
        if (DepthwiseConvolutions.suits(d, dw)) {
            depthwise.weightGradient(d, x, dy, dw);
        } else if (isPixelwise(d, dw)) {
            gemms.gemm(Gemm.of(true, false).accumulate(), matrix(x), matrix(dy), matrix(dw));
        } else {
            general.weightGradient(d, x, dy, dw);
        }
    }

    /** Weights are folded at every call, since they may have changed: they are few beside the pixels. */
    void conv2dBatchNormInference(Conv2d d, BatchNorm norm, Unary activation, View x, View w, View gamma, View beta,
            View runningMean, View runningVariance, View y) {
        long biasBytes = w.extent(3) * Float.BYTES;
        try (Temporary foldedWeights = launcher.temporary(w.bytes());
                Temporary foldedBias = launcher.temporary(biasBytes)) {
            View weights = new View(new CudaBuffer(foldedWeights.address(), w.bytes()), 0, w.shape(), w.type());
            View bias = new View(new CudaBuffer(foldedBias.address(), biasBytes), 0, Shape.of(w.extent(3)),
                    DataType.FLOAT32);
            operands.fold(w, new Operands.FoldedNorm(norm, gamma, beta, runningMean, runningVariance), weights, bias);
            forward(d, activation, x, weights, bias, y);
        }
    }
}
