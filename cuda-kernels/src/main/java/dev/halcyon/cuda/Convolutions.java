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
    private final ImplicitGemm general;
    private final DepthwiseConvolutions depthwise;

    Convolutions(Launcher launcher, Gemms gemms) {
        this.launcher = launcher;
        this.gemms = gemms;
        Products products = new Products(launcher);
        general = new ImplicitGemm(products, new Operands(launcher));
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
        forward(d, x, w, Epilogue.NONE, y);
    }

    void conv2dBiasActivation(Conv2d d, Unary activation, View x, View w, View bias, View y) {
        forward(d, x, w, Epilogue.of(bias, activation), y);
    }

    /** What follows a convolution is done by its kernel; cuBLAS would leave it to another pass over the pixels. */
    private void forward(Conv2d d, View x, View w, Epilogue epilogue, View y) {
        if (DepthwiseConvolutions.suits(d, w)) {
            depthwise.forward(d, x, w, epilogue, y);
        } else if (isPixelwise(d, w) && epilogue.isNone()) {
            gemms.gemm(Gemm.PLAIN, matrix(x), matrix(w), matrix(y));
        } else {
            general.forward(d, x, w, epilogue, y);
        }
    }

    void conv2dInputGradient(Conv2d d, boolean accumulate, View dy, View w, View dx) {
        if (DepthwiseConvolutions.suits(d, w)) {
            depthwise.inputGradient(d, accumulate, dy, w, dx);
        } else if (isPixelwise(d, w)) {
            gemms.gemm(new Gemm(false, true, 1, accumulate ? 1 : 0), matrix(dy), matrix(w), matrix(dx));
        } else {
            general.inputGradient(d, accumulate, dy, w, dx);
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

    /** The norm is a scale and a bias of the output channels, made anew at every call, since it may have changed. */
    void conv2dBatchNormInference(Conv2d d, BatchNorm norm, Unary activation, View x, View w, View residual, View gamma,
            View beta, View runningMean, View runningVariance, View y) {
        int channels = (int) w.extent(3);
        long bytes = Math.ceilDiv((long) channels * Float.BYTES, Views.ACCESS_BYTES) * Views.ACCESS_BYTES;
        try (Temporary folded = launcher.temporary(2 * bytes)) {
            CudaBuffer buffer = new CudaBuffer(folded.address(), 2 * bytes);
            View scale = new View(buffer, 0, Shape.of(channels), DataType.FLOAT32);
            View bias = new View(buffer, bytes, Shape.of(channels), DataType.FLOAT32);
            launcher.launch(launcher.kernel(Products.FAMILY, "foldNorm"), Grid.of(channels, Views.THREADS),
                    new Arguments().view(Views.float32(gamma)).view(Views.float32(beta))
                            .view(Views.float32(runningMean)).view(Views.float32(runningVariance))
                            .float32(norm.epsilon()).int32(channels).view(scale).view(bias));
            forward(d, x, w, new Epilogue(scale, bias, residual, activation), y);
        }
    }
}
