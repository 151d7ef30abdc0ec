package dev.halcyon.device.reference;

import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Gemm;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;

/** What fused operations mean: the same sums in one go, so that the versions made of primitives have a yardstick. */
final class ReferenceFused {
    private ReferenceFused() {
    }

    static void gemmBiasActivation(Gemm d, Unary activation, View a, View b, View bias, View c) {
        long m = d.m(a.shape());
        long n = d.n(b.shape());
        long k = d.k(a.shape());
        Numbers left = Numbers.of(a);
        Numbers right = Numbers.of(b);
        for (long i = 0; i < m; i++) {
            for (long j = 0; j < n; j++) {
                double sum = d.beta() == 0 ? 0 : d.beta() * Numbers.of(c).get(i * n + j);
                for (long t = 0; t < k; t++) {
                    sum += d.alpha() * left.get(d.transposeA() ? t * m + i : i * k + t)
                            * right.get(d.transposeB() ? j * k + t : t * n + j);
                }
                sum += Numbers.of(bias).get(j);
                Numbers.of(c).set(i * n + j, ReferenceElementwise.value(activation, sum));
            }
        }
    }

    static void conv2dBiasActivation(Conv2d d, Unary activation, View x, View w, View bias, View y) {
        double[] sums = ReferenceImages.sums(d, x, w, y);
        for (int i = 0; i < sums.length; i++) {
            double shifted = sums[i] + Numbers.of(bias).get(i % y.extent(3));
            Numbers.of(y).set(i, ReferenceElementwise.value(activation, shifted));
        }
    }

    static void conv2dBatchNormInference(Conv2d d, BatchNorm norm, Unary activation, View x, View w, View residual,
            View gamma, View beta, View runningMean, View runningVariance, View y) {
        double[] sums = ReferenceImages.sums(d, x, w, y);
        for (int i = 0; i < sums.length; i++) {
            double normal = normal(norm, sums[i], i % y.extent(3), gamma, beta, runningMean, runningVariance);
            Numbers.of(y).set(i, ReferenceElementwise.value(activation, plus(normal, residual, i)));
        }
    }

    static void batchNormActivationInference(BatchNorm d, Unary activation, View x, View residual, View gamma,
            View beta, View runningMean, View runningVariance, View y) {
        for (long i = 0; i < x.elements(); i++) {
            double normal = normal(d, Numbers.of(x).get(i), i % x.extent(-1), gamma, beta, runningMean,
                    runningVariance);
            Numbers.of(y).set(i, ReferenceElementwise.value(activation, plus(normal, residual, i)));
        }
    }

    private static double plus(double normal, View residual, long i) {
        return residual == null ? normal : normal + Numbers.of(residual).get(i);
    }

    private static double normal(BatchNorm d, double x, long channel, View gamma, View beta, View runningMean,
            View runningVariance) {
        double deviation = Math.sqrt(Numbers.of(runningVariance).get(channel) + d.epsilon());
        return (x - Numbers.of(runningMean).get(channel)) / deviation * Numbers.of(gamma).get(channel)
                + Numbers.of(beta).get(channel);
    }

    static void batchNormActivation(BatchNorm d, Unary activation, View x, View residual, View gamma, View beta,
            View runningMean, View runningVariance, View mean, View inverse, View y) {
        ReferenceRows.batchNorm(d, x, gamma, beta, runningMean, runningVariance, mean, inverse, y);
        long channels = x.extent(-1);
        for (long c = 0; c < channels; c++) {
            double average = 0;
            for (long i = c; i < x.elements(); i += channels) {
                average += Numbers.of(x).get(i) * channels / x.elements();
            }
            double variance = 0;
            for (long i = c; i < x.elements(); i += channels) {
                variance += Math.pow(Numbers.of(x).get(i) - average, 2) * channels / x.elements();
            }
            double scale = Numbers.of(gamma).get(c) / Math.sqrt(variance + d.epsilon());
            for (long i = c; i < x.elements(); i += channels) {
                double normal = (Numbers.of(x).get(i) - average) * scale + Numbers.of(beta).get(c);
                double sum = residual == null ? normal : normal + Numbers.of(residual).get(i);
                Numbers.of(y).set(i, ReferenceElementwise.value(activation, sum));
            }
        }
    }

    /** With e = dy f'(y): dresidual = e, and the gradient of the norm for e, from its sums over each channel. */
    static void batchNormActivationGradient(Unary activation, View x, View y, View gamma, View mean, View inverse,
            View dy, View dx, View dresidual, View dgamma, View dbeta) {
        double[] errors = new double[Math.toIntExact(x.elements())];
        double[] normal = new double[errors.length];
        int channels = Math.toIntExact(x.extent(-1));
        double[] sums = new double[channels];
        double[] products = new double[channels];
        for (int i = 0; i < errors.length; i++) {
            int c = i % channels;
            errors[i] = Numbers.of(dy).get(i) * ReferenceElementwise.derivative(activation, Numbers.of(y).get(i));
            normal[i] = (Numbers.of(x).get(i) - Numbers.of(mean).get(c)) * Numbers.of(inverse).get(c);
            sums[c] += errors[i];
            products[c] += errors[i] * normal[i];
        }
        double share = (double) channels / errors.length;
        for (int i = 0; i < errors.length; i++) {
            int c = i % channels;
            double scale = Numbers.of(gamma).get(c) * Numbers.of(inverse).get(c);
            Numbers.of(dx).set(i, scale * (errors[i] - share * sums[c] - normal[i] * share * products[c]));
            if (dresidual != null) {
                Numbers.of(dresidual).set(i, errors[i]);
            }
        }
        for (int c = 0; c < channels; c++) {
            Numbers.of(dgamma).add(c, products[c]);
            Numbers.of(dbeta).add(c, sums[c]);
        }
    }
}
