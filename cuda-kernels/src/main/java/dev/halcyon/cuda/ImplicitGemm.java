package dev.halcyon.cuda;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.View;

/** The passes of a convolution with any number of channels in each group, as products. */
final class ImplicitGemm {
    private final Products products;
    private final Operands operands;

    ImplicitGemm(Products products, Operands operands) {
        this.products = products;
        this.operands = operands;
    }

    /** y = epilogue(x * w). */
    void forward(Conv2d d, View x, View w, Epilogue epilogue, View y) {
        ConvolutionWindows vertical = ConvolutionWindows.vertical(d, x.shape(), w.shape(), y.shape());
        ConvolutionWindows horizontal = ConvolutionWindows.horizontal(d, x.shape(), w.shape(), y.shape());
        int columns = (int) y.extent(3) / d.groups();
        int taps = vertical.kernel() * horizontal.kernel();
        long pixels = y.shape().product(0, 3);
        try (Operand a = operands.images(x, d.groups(), w.extent(2), d.paddingWidth());
                Operand b = operands.rows(w, taps, w.extent(2), true, d.groups(), columns)) {
            Products.Sizes sizes = new Products.Sizes(d.groups(), a.channels(), b.channels(),
                    d.groups() * a.channels(), d.groups() * b.channels(), Math.toIntExact(pixels), columns,
                    taps * a.channels(), a.channels(), b.channels());
            products.multiply(Products.Pass.FORWARD, x.type(), a, b, sizes, vertical, horizontal, vertical.output(),
                    horizontal.output(),
                    ProductTarget.rows(y, columns, (int) y.extent(3), pixels).then(epilogue));
        }
    }

    /**
     * dx, written or added to: every pixel gathers from the outputs that saw it, and pixels that see the same taps are one
     * product.
     */
    void inputGradient(Conv2d d, boolean accumulate, View dy, View w, View dx) {
        ConvolutionWindows vertical = ConvolutionWindows.vertical(d, dx.shape(), w.shape(), dy.shape());
        ConvolutionWindows horizontal = ConvolutionWindows.horizontal(d, dx.shape(), w.shape(), dy.shape());
        int columns = (int) w.extent(2);
        int height = vertical.positionsOfPhase();
        int width = horizontal.positionsOfPhase();
        long outputs = dy.extent(3) / d.groups();
        try (Operand a = operands.channels(dy, d.groups(), outputs);
                Operand b = operands.channels(w, d.groups(), outputs)) {
            Products.Sizes sizes = new Products.Sizes(d.groups(), a.channels(), b.channels(),
                    d.groups() * a.channels(), d.groups() * b.channels(),
                    Math.toIntExact(dx.extent(0) * height * width), columns,
                    vertical.tapsOfPhase() * horizontal.tapsOfPhase() * a.channels(), columns, a.channels());
            ProductTarget target = new ProductTarget(dx, columns, (int) dx.extent(3), vertical.image(),
                    horizontal.image(), d.strideHeight(), d.strideWidth(), height, width, 1, accumulate ? 1 : 0,
                    Epilogue.NONE);
            products.multiply(Products.Pass.INPUT_GRADIENT, dy.type(), a, b, sizes, vertical, horizontal, height,
                    width, target);
        }
    }

    /** dw += the gradient, whose terms are the pixels of y. */
    void weightGradient(Conv2d d, View x, View dy, View dw) {
        ConvolutionWindows vertical = ConvolutionWindows.vertical(d, x.shape(), dw.shape(), dy.shape());
        ConvolutionWindows horizontal = ConvolutionWindows.horizontal(d, x.shape(), dw.shape(), dy.shape());
        int columns = (int) dy.extent(3) / d.groups();
        int taps = vertical.kernel() * horizontal.kernel();
        try (Operand a = operands.images(x, d.groups(), dw.extent(2), d.paddingWidth());
                Operand b = operands.channels(dy, d.groups(), columns)) {
            Products.Sizes sizes = new Products.Sizes(d.groups(), a.channels(), b.channels(),
                    d.groups() * a.channels(), d.groups() * b.channels(), taps * a.channels(), columns,
                    Math.toIntExact(dy.shape().product(0, 3)), a.channels(), b.channels());
            // rows of channels that only the copy has go nowhere
            ProductTarget target = new ProductTarget(dw, columns, (int) dw.extent(3), taps, (int) dw.extent(2),
                    1, 1, taps, a.channels(), 1, 1, Epilogue.NONE);
            products.multiply(Products.Pass.WEIGHT_GRADIENT, x.type(), a, b, sizes, vertical, horizontal,
                    vertical.output(), horizontal.output(), target);
        }
    }
}
