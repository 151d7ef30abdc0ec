package dev.halcyon.device.reference;

import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.CrossEntropy;
import dev.halcyon.device.Gemm;
import dev.halcyon.device.LayerNorm;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;

/** What matrix products, normalisation and softmax mean. */
final class ReferenceRows {
    private ReferenceRows() {
    }

    static void gemm(Gemm d, View a, View b, View c) {
        long m = d.m(a.shape());
        long n = d.n(b.shape());
        long k = d.k(a.shape());
        for (long i = 0; i < m; i++) {
            for (long j = 0; j < n; j++) {
                double sum = 0;
                for (long t = 0; t < k; t++) {
                    sum += Numbers.of(a).get(d.transposeA() ? t * m + i : i * k + t)
                            * Numbers.of(b).get(d.transposeB() ? j * k + t : t * n + j);
                }
                double before = d.beta() == 0 ? 0 : d.beta() * Numbers.of(c).get(i * n + j);
                Numbers.of(c).set(i * n + j, d.alpha() * sum + before);
            }
        }
    }

    static void batchNorm(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance,
            View mean, View inverse, View y) {
        long channels = x.extent(-1);
        long rows = x.elements() / channels;
        for (long c = 0; c < channels; c++) {
            double sum = 0;
            for (long row = 0; row < rows; row++) {
                sum += Numbers.of(x).get(row * channels + c);
            }
            double average = sum / rows;
            double squares = 0;
            for (long row = 0; row < rows; row++) {
                squares += Math.pow(Numbers.of(x).get(row * channels + c) - average, 2);
            }
            double scale = 1 / Math.sqrt(squares / rows + d.epsilon());
            Numbers.of(mean).set(c, average);
            Numbers.of(inverse).set(c, scale);
            move(d, runningMean, c, average);
            move(d, runningVariance, c, squares / Math.max(1, rows - 1));
            for (long row = 0; row < rows; row++) {
                double normal = (Numbers.of(x).get(row * channels + c) - average) * scale;
                Numbers.of(y).set(row * channels + c, normal * Numbers.of(gamma).get(c) + Numbers.of(beta).get(c));
            }
        }
    }

    private static void move(BatchNorm d, View running, long c, double value) {
        Numbers.of(running).set(c, (1 - d.momentum()) * Numbers.of(running).get(c) + d.momentum() * value);
    }

    static void batchNormInference(BatchNorm d, View x, View gamma, View beta, View mean, View variance, View y) {
        long channels = x.extent(-1);
        for (long i = 0; i < x.elements(); i++) {
            long c = i % channels;
            double normal = (Numbers.of(x).get(i) - Numbers.of(mean).get(c))
                    / Math.sqrt(Numbers.of(variance).get(c) + d.epsilon());
            Numbers.of(y).set(i, normal * Numbers.of(gamma).get(c) + Numbers.of(beta).get(c));
        }
    }

    static void batchNormGradient(View x, View gamma, View mean, View inverse, View dy, View dx, View dgamma,
            View dbeta) {
        long channels = x.extent(-1);
        long rows = x.elements() / channels;
        for (long c = 0; c < channels; c++) {
            double sum = 0;
            double product = 0;
            for (long i = c; i < x.elements(); i += channels) {
                sum += Numbers.of(dy).get(i);
                product += Numbers.of(dy).get(i) * normal(x, i, mean, inverse, c);
            }
            Numbers.of(dgamma).add(c, product);
            Numbers.of(dbeta).add(c, sum);
            double scale = Numbers.of(gamma).get(c) * Numbers.of(inverse).get(c);
            for (long i = c; i < x.elements(); i += channels) {
                double rest = Numbers.of(dy).get(i) - sum / rows - normal(x, i, mean, inverse, c) * product / rows;
                Numbers.of(dx).set(i, scale * rest);
            }
        }
    }

    private static double normal(View x, long i, View mean, View inverse, long group) {
        return (Numbers.of(x).get(i) - Numbers.of(mean).get(group)) * Numbers.of(inverse).get(group);
    }

    static void layerNorm(LayerNorm d, View x, View gamma, View beta, View mean, View inverse, View y) {
        long width = x.extent(-1);
        for (long row = 0; row < x.elements() / width; row++) {
            double average = 0;
            for (long i = 0; i < width; i++) {
                average += Numbers.of(x).get(row * width + i) / width;
            }
            double squares = 0;
            for (long i = 0; i < width; i++) {
                squares += Math.pow(Numbers.of(x).get(row * width + i) - average, 2);
            }
            double scale = 1 / Math.sqrt(squares / width + d.epsilon());
            Numbers.of(mean).set(row, average);
            Numbers.of(inverse).set(row, scale);
            for (long i = 0; i < width; i++) {
                double normal = (Numbers.of(x).get(row * width + i) - average) * scale;
                Numbers.of(y).set(row * width + i, normal * Numbers.of(gamma).get(i) + Numbers.of(beta).get(i));
            }
        }
    }

    static void layerNormGradient(View x, View gamma, View mean, View inverse, View dy, View dx, View dgamma,
            View dbeta) {
        long width = x.extent(-1);
        for (long row = 0; row < x.elements() / width; row++) {
            double sum = 0;
            double product = 0;
            for (long i = 0; i < width; i++) {
                long at = row * width + i;
                double normal = normal(x, at, mean, inverse, row);
                double h = Numbers.of(dy).get(at) * Numbers.of(gamma).get(i);
                sum += h;
                product += h * normal;
                Numbers.of(dgamma).add(i, Numbers.of(dy).get(at) * normal);
                Numbers.of(dbeta).add(i, Numbers.of(dy).get(at));
            }
            for (long i = 0; i < width; i++) {
                long at = row * width + i;
                double h = Numbers.of(dy).get(at) * Numbers.of(gamma).get(i);
                double rest = h - (sum + normal(x, at, mean, inverse, row) * product) / width;
                Numbers.of(dx).set(at, Numbers.of(inverse).get(row) * rest);
            }
        }
    }

    static void softmax(View x, View y) {
        long width = x.extent(-1);
        for (long start = 0; start < x.elements(); start += width) {
            double[] p = probabilities(x, start, width);
            for (int i = 0; i < width; i++) {
                Numbers.of(y).set(start + i, p[i]);
            }
        }
    }

    private static double[] probabilities(View x, long start, long width) {
        double max = Double.NEGATIVE_INFINITY;
        for (long i = 0; i < width; i++) {
            max = Math.max(max, Numbers.of(x).get(start + i));
        }
        double[] p = new double[(int) width];
        double sum = 0;
        for (int i = 0; i < width; i++) {
            p[i] = Math.exp(Numbers.of(x).get(start + i) - max);
            sum += p[i];
        }
        for (int i = 0; i < width; i++) {
            p[i] /= sum;
        }
        return p;
    }

    static void softmaxGradient(View y, View dy, View dx) {
        long width = y.extent(-1);
        for (long start = 0; start < y.elements(); start += width) {
            double mean = 0;
            for (long i = start; i < start + width; i++) {
                mean += Numbers.of(y).get(i) * Numbers.of(dy).get(i);
            }
            for (long i = start; i < start + width; i++) {
                Numbers.of(dx).set(i, Numbers.of(y).get(i) * (Numbers.of(dy).get(i) - mean));
            }
        }
    }

    static void crossEntropy(CrossEntropy d, View logits, View targets, View weights, View losses, View gradient) {
        long width = logits.extent(1);
        boolean labels = targets.type() == DataType.INT64;
        if (labels) {
            Numbers.of(targets).checkIndices("crossEntropy", targets.elements(), width);
        }
        for (long row = 0; row < logits.extent(0); row++) {
            double[] p = probabilities(logits, row * width, width);
            double[] wq = new double[p.length];
            double loss = 0;
            double total = 0;
            for (int c = 0; c < width; c++) {
                double target = labels
                        ? Numbers.of(targets).whole(row) == c ? 1 : 0
                        : Numbers.of(targets).get(row * width + c);
                double q = (1 - d.labelSmoothing()) * target + d.labelSmoothing() / width;
                wq[c] = weights == null ? q : q * Numbers.of(weights).get(c);
                total += wq[c];
                loss -= wq[c] == 0 ? 0 : wq[c] * logProbability(logits, row * width, width, c);
            }
            Numbers.of(losses).set(row, loss);
            for (int c = 0; c < width; c++) {
                Numbers.of(gradient).set(row * width + c, p[c] * total - wq[c]);
            }
        }
    }

    private static double logProbability(View x, long start, long width, int c) {
        double max = Double.NEGATIVE_INFINITY;
        for (long i = start; i < start + width; i++) {
            max = Math.max(max, Numbers.of(x).get(i));
        }
        double sum = 0;
        for (long i = start; i < start + width; i++) {
            sum += Math.exp(Numbers.of(x).get(i) - max);
        }
        return Numbers.of(x).get(start + c) - max - Math.log(sum);
    }
}
