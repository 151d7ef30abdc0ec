package dev.halcyon.cpu;

import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.LayerNorm;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;

/**
 * Normalisation. Batch statistics are taken in one pass, as sums of deviations from the first pixel: that keeps their
 * precision where the mean is far from zero. Parts of the batch are summed in lanes, the parts in double precision, in
 * their order.
 */
final class Norms {
    private static final long ROWS_PER_PART = 1024;
    private static final long ROWS_PER_CHUNK_BYTES = 256 << 10;

    private final Workers workers;
    private final ChannelKernels channels = Vectorization.channels();
    private final Scratch parts = new Scratch();
    private final Scratch coefficients = new Scratch();

    Norms(Workers workers) {
        this.workers = workers;
    }

    void training(BatchNorm d, Unary activation, View x, View residual, View gamma, View beta, View runningMean,
            View runningVariance, View mean, View inverse, View y) {
        int c = (int) x.extent(-1);
        long rows = x.elements() / c;
        long scale = coefficients.request(8L * c);
        long shift = scale + 4L * c;
        int count = partCount(rows);
        long sums = parts.request(8L * c * count);
        long origin = Memory.address(x);
        workers.run(count, (part, worker) -> {
            long first = part * ROWS_PER_PART;
            long target = sums + 8L * c * part;
            channels.moments(Memory.address(x) + 4 * first * c, Math.min(ROWS_PER_PART, rows - first), c, origin,
                    target, target + 4L * c);
        });
        for (int i = 0; i < c; i++) {
            double sum = total(sums, c, count, i);
            double square = total(sums + 4L * c, c, count, i);
            double deviation = sum / rows;
            double average = deviation + Memory.getFloat(origin + 4L * i);
            double variance = Math.max(0, square / rows - deviation * deviation);
            double inverseDeviation = 1 / Math.sqrt(variance + d.epsilon());
            set(mean, i, average);
            set(inverse, i, inverseDeviation);
            move(runningMean, i, average, d.momentum());
            move(runningVariance, i, variance * rows / Math.max(1, rows - 1), d.momentum());
            double factor = get(gamma, i) * inverseDeviation;
            Memory.setFloat(scale + 4L * i, (float) factor);
            Memory.setFloat(shift + 4L * i, (float) (get(beta, i) - factor * average));
        }
        affine(activation, x, residual, scale, shift, y);
    }

    void inference(BatchNorm d, View x, View gamma, View beta, View runningMean, View runningVariance, View y) {
        int c = (int) x.extent(-1);
        long scale = coefficients.request(8L * c);
        long shift = scale + 4L * c;
        for (int i = 0; i < c; i++) {
            double factor = get(gamma, i) / Math.sqrt(get(runningVariance, i) + d.epsilon());
            Memory.setFloat(scale + 4L * i, (float) factor);
            Memory.setFloat(shift + 4L * i, (float) (get(beta, i) - factor * get(runningMean, i)));
        }
        affine(Unary.IDENTITY, x, null, scale, shift, y);
    }

    private void affine(Unary activation, View x, View residual, long scale, long shift, View y) {
        int c = (int) x.extent(-1);
        eachChunk(x.elements() / c, c, (first, rows) -> {
            long offset = 4 * first * c;
            channels.affine(activation, Memory.address(x) + offset,
                    residual == null ? 0 : Memory.address(residual) + offset, scale, shift, Memory.address(y) + offset,
                    rows, c);
        });
    }

    /** dx = gamma inverse (g - mean(g) - xhat mean(g xhat)), as a g + b x + c per channel. */
    void gradient(Unary activation, View x, View y, View gamma, View mean, View inverse, View dy, View dx,
            View dresidual, View dgamma, View dbeta) {
        int c = (int) x.extent(-1);
        long rows = x.elements() / c;
        int count = partCount(rows);
        long sums = parts.request(8L * c * count);
        long output = Memory.address(y == null ? dy : y);
        workers.run(count, (part, worker) -> {
            long first = part * ROWS_PER_PART;
            long offset = 4 * first * c;
            long target = sums + 8L * c * part;
            channels.gradientSums(activation, Memory.address(x) + offset, output + offset,
                    Memory.address(dy) + offset, Memory.address(mean), Memory.address(inverse),
                    dresidual == null ? 0 : Memory.address(dresidual) + offset, Math.min(ROWS_PER_PART, rows - first),
                    c, target, target + 4L * c);
        });
        long byError = coefficients.request(12L * c);
        long byInput = byError + 4L * c;
        long constant = byInput + 4L * c;
        for (int i = 0; i < c; i++) {
            double sum = total(sums, c, count, i);
            double product = total(sums + 4L * c, c, count, i);
            set(dgamma, i, get(dgamma, i) + product);
            set(dbeta, i, get(dbeta, i) + sum);
            double factor = get(gamma, i) * get(inverse, i);
            double slope = -factor * get(inverse, i) * product / rows;
            Memory.setFloat(byError + 4L * i, (float) factor);
            Memory.setFloat(byInput + 4L * i, (float) slope);
            Memory.setFloat(constant + 4L * i, (float) (-factor * sum / rows - slope * get(mean, i)));
        }
        eachChunk(rows, c, (first, some) -> {
            long offset = 4 * first * c;
            channels.gradient(activation, Memory.address(x) + offset, output + offset, Memory.address(dy) + offset,
                    byError, byInput, constant, Memory.address(dx) + offset, some, c);
        });
    }

    private static int partCount(long rows) {
        return Math.toIntExact((rows + ROWS_PER_PART - 1) / ROWS_PER_PART);
    }

    private static double total(long sums, int channels, int count, int channel) {
        double total = 0;
        for (int part = 0; part < count; part++) {
            total += Memory.getFloat(sums + 8L * channels * part + 4L * channel);
        }
        return total;
    }

    /** Something done to pixels [first, first + rows). */
    @FunctionalInterface
    private interface Rows {
        void run(long first, long rows);
    }

    private void eachChunk(long rows, int c, Rows body) {
        long perChunk = Math.max(1, ROWS_PER_CHUNK_BYTES / (4L * c));
        workers.run(Math.toIntExact((rows + perChunk - 1) / perChunk), (chunk, worker) -> {
            long first = chunk * perChunk;
            body.run(first, Math.min(perChunk, rows - first));
        });
    }

    void layer(LayerNorm d, View x, View gamma, View beta, View mean, View inverse, View y) {
        long width = x.extent(-1);
        long lines = x.elements() / width;
        RowKernels rows = Vectorization.rows();
        eachChunk(lines, (int) width, (first, count) -> {
            for (long line = first; line < first + count; line++) {
                long from = Memory.address(x) + 4 * line * width;
                long to = Memory.address(y) + 4 * line * width;
                double average = rows.sum(from, width) / width;
                for (long i = 0; i < 4 * width; i += 4) {
                    Memory.setFloat(to + i, (float) (Memory.getFloat(from + i) - average));
                }
                double variance = rows.dot(to, to, width) / width;
                double scale = 1 / Math.sqrt(variance + d.epsilon());
                set(mean, line, average);
                set(inverse, line, scale);
                for (long i = 0; i < width; i++) {
                    double normal = Memory.getFloat(to + 4 * i) * scale;
                    Memory.setFloat(to + 4 * i, (float) (normal * get(gamma, i) + get(beta, i)));
                }
            }
        });
    }

    /** dx = inverse (h - mean(h) - xhat mean(h xhat)) with h = gamma dy, row by row. */
    void layerGradient(View x, View gamma, View mean, View inverse, View dy, View dx, View dgamma, View dbeta) {
        long width = x.extent(-1);
        long lines = x.elements() / width;
        eachChunk(lines, (int) width, (first, count) -> {
            for (long line = first; line < first + count; line++) {
                long start = line * width;
                double sum = 0;
                double product = 0;
                for (long i = 0; i < width; i++) {
                    double h = get(gamma, i) * get(dy, start + i);
                    sum += h;
                    product += h * normal(x, mean, inverse, line, start + i);
                }
                for (long i = 0; i < width; i++) {
                    double h = get(gamma, i) * get(dy, start + i);
                    double rest = h - (sum + normal(x, mean, inverse, line, start + i) * product) / width;
                    set(dx, start + i, get(inverse, line) * rest);
                }
            }
        });
        eachChunk(width, (int) Math.min(lines, Integer.MAX_VALUE), (first, count) -> {
            for (long i = first; i < first + count; i++) {
                double sum = 0;
                double product = 0;
                for (long line = 0; line < lines; line++) {
                    double g = get(dy, line * width + i);
                    sum += g;
                    product += g * normal(x, mean, inverse, line, line * width + i);
                }
                set(dgamma, i, get(dgamma, i) + product);
                set(dbeta, i, get(dbeta, i) + sum);
            }
        });
    }

    private static double normal(View x, View mean, View inverse, long line, long i) {
        return (get(x, i) - get(mean, line)) * get(inverse, line);
    }

    private static void move(View running, int i, double value, double momentum) {
        set(running, i, (1 - momentum) * get(running, i) + momentum * value);
    }

    private static double get(View view, long i) {
        return Memory.getFloat(Memory.address(view) + 4 * i);
    }

    private static void set(View view, long i, double value) {
        Memory.setFloat(Memory.address(view) + 4 * i, (float) value);
    }

    void close() {
        parts.close();
        coefficients.close();
    }
}
