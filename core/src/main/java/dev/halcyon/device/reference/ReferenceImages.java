package dev.halcyon.device.reference;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Pool2d;
import dev.halcyon.device.View;
import java.util.Arrays;

/** What convolutions and pooling mean. */
final class ReferenceImages {
    private ReferenceImages() {
    }

    /** Takes part in one product of a convolution: input element, weight and output element, by index. */
    @FunctionalInterface
    private interface Product {
        void apply(long x, long w, long y);
    }

    /** Every product there is in y = x * w. */
    private static void eachProduct(Conv2d d, View x, View w, View y, Product product) {
        long inPerGroup = w.extent(2);
        long outPerGroup = w.extent(3) / d.groups();
        for (long i = 0; i < y.elements(); i++) {
            long out = i % y.extent(3);
            long column = i / y.extent(3) % y.extent(2) * d.strideWidth() - d.paddingWidth();
            long row = i / y.extent(3) / y.extent(2) % y.extent(1) * d.strideHeight() - d.paddingHeight();
            long image = i / y.extent(3) / y.extent(2) / y.extent(1);
            for (long kr = 0; kr < w.extent(0); kr++) {
                for (long kc = 0; kc < w.extent(1); kc++) {
                    long r = row + kr * d.dilationHeight();
                    long c = column + kc * d.dilationWidth();
                    if (r < 0 || r >= x.extent(1) || c < 0 || c >= x.extent(2)) {
                        continue;
                    }
                    for (long in = 0; in < inPerGroup; in++) {
                        long channel = out / outPerGroup * inPerGroup + in;
                        product.apply(((image * x.extent(1) + r) * x.extent(2) + c) * x.extent(3) + channel,
                                ((kr * w.extent(1) + kc) * inPerGroup + in) * w.extent(3) + out, i);
                    }
                }
            }
        }
    }

    static void conv2d(Conv2d d, View x, View w, View y) {
        write(sums(d, x, w, y), y);
    }

    /** The elements of y = x * w, unrounded. */
    static double[] sums(Conv2d d, View x, View w, View y) {
        double[] sums = new double[Math.toIntExact(y.elements())];
        eachProduct(d, x, w, y, (i, j, k) -> sums[(int) k] += Numbers.of(x).get(i) * Numbers.of(w).get(j));
        return sums;
    }

    static void inputGradient(Conv2d d, boolean accumulate, View dy, View w, View dx) {
        double[] sums = new double[Math.toIntExact(dx.elements())];
        if (accumulate) {
            Arrays.setAll(sums, Numbers.of(dx)::get);
        }
        eachProduct(d, dx, w, dy, (i, j, k) -> sums[(int) i] += Numbers.of(dy).get(k) * Numbers.of(w).get(j));
        write(sums, dx);
    }

    static void weightGradient(Conv2d d, View x, View dy, View dw) {
        double[] sums = new double[Math.toIntExact(dw.elements())];
        eachProduct(d, x, dw, dy, (i, j, k) -> sums[(int) j] += Numbers.of(dy).get(k) * Numbers.of(x).get(i));
        for (int i = 0; i < sums.length; i++) {
            Numbers.of(dw).add(i, sums[i]);
        }
    }

    /** Takes part in one window: input element, output element and place in the window. */
    @FunctionalInterface
    private interface Member {
        void apply(long x, long y, int place);
    }

    private static void eachMember(Pool2d d, View x, View y, Member member) {
        for (long i = 0; i < y.elements(); i++) {
            long channel = i % y.extent(3);
            long column = i / y.extent(3) % y.extent(2) * d.strideWidth() - d.paddingWidth();
            long row = i / y.extent(3) / y.extent(2) % y.extent(1) * d.strideHeight() - d.paddingHeight();
            long image = i / y.extent(3) / y.extent(2) / y.extent(1);
            for (int place = 0; place < d.kernelHeight() * d.kernelWidth(); place++) {
                long r = row + place / d.kernelWidth();
                long c = column + place % d.kernelWidth();
                if (r >= 0 && r < x.extent(1) && c >= 0 && c < x.extent(2)) {
                    member.apply(((image * x.extent(1) + r) * x.extent(2) + c) * x.extent(3) + channel, i, place);
                }
            }
        }
    }

    static void maxPool(Pool2d d, View x, View y, View argument) {
        boolean[] seen = new boolean[Math.toIntExact(y.elements())];
        eachMember(d, x, y, (i, j, place) -> {
            double value = Numbers.of(x).get(i);
            double best = Numbers.of(y).get(j);
            if (!seen[(int) j] || value > best || Double.isNaN(value) && !Double.isNaN(best)) {
                seen[(int) j] = true;
                Numbers.of(y).set(j, value);
                Numbers.of(argument).set(j, place);
            }
        });
    }

    static void maxPoolGradient(Pool2d d, View argument, View dy, View dx) {
        double[] sums = new double[Math.toIntExact(dx.elements())];
        eachMember(d, dx, dy, (i, j, place) -> {
            if (Numbers.of(argument).whole(j) == place) {
                sums[(int) i] += Numbers.of(dy).get(j);
            }
        });
        write(sums, dx);
    }

    static void averagePool(Pool2d d, View x, View y) {
        double[] sums = new double[Math.toIntExact(y.elements())];
        double share = 1.0 / (d.kernelHeight() * d.kernelWidth());
        eachMember(d, x, y, (i, j, place) -> sums[(int) j] += share * Numbers.of(x).get(i));
        write(sums, y);
    }

    static void averagePoolGradient(Pool2d d, View dy, View dx) {
        double[] sums = new double[Math.toIntExact(dx.elements())];
        double share = 1.0 / (d.kernelHeight() * d.kernelWidth());
        eachMember(d, dx, dy, (i, j, place) -> sums[(int) i] += share * Numbers.of(dy).get(j));
        write(sums, dx);
    }

    private static void write(double[] values, View view) {
        for (int i = 0; i < values.length; i++) {
            Numbers.of(view).set(i, values[i]);
        }
    }
}
