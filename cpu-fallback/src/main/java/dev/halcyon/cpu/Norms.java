package dev.halcyon.cpu;

import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;

/**
 * Batch normalisation. Statistics are taken in one pass: each part of the batch sums its deviations from a mean over
 * some of its first pixels, so that precision stays where the mean is far from zero; the parts are put together in
 * double precision, in their order (Chan, Golub and LeVeque 1983). Every further pass subtracts the mean before it
 * multiplies, for the same reason.
 */
final class Norms {
    /** Share of a part's rows from which its origin is taken. */
    private static final long ORIGIN_SHARE = 16;
    /** Values that one thread puts together from the parts. */
    private static final long COMBINED_AT_ONCE = 4096;

    private final Workers workers;
    private final ChannelKernels kernels = Vectorization.channels();
    private final Scratch parts = new Scratch();
    private final Scratch tables = new Scratch();

    Norms(Workers workers) {
        this.workers = workers;
    }

    void training(BatchNorm d, Unary activation, View x, View residual, View gamma, View beta, View runningMean,
            View runningVariance, View mean, View inverse, View y) {
        PixelRows rows = PixelRows.of((int) x.extent(-1));
        int c = rows.channels();
        PixelRows.Parts division = PixelRows.Parts.of(rows, x.elements() / c);
        long statistics = parts.request(16L * c * division.count());
        workers.run(division.count(), (part, worker) -> statistics(rows, x, division, part, statistics,
                workers.scratch(worker)));
        long centre = tables.request(12 * rows.width());
        long scale = centre + 4 * rows.width();
        long shift = scale + 4 * rows.width();
        eachChannels(c, division.count(), (from, to) -> {
            for (int i = from; i < to; i++) {
                double average = average(division, statistics, c, i);
                double variance = squares(division, statistics, c, i, average) / division.pixels();
                double inverseDeviation = 1 / Math.sqrt(variance + d.epsilon());
                double factor = get(gamma, i) * inverseDeviation;
                set(mean, i, average);
                set(inverse, i, inverseDeviation);
                move(runningMean, i, average, d.momentum());
                move(runningVariance, i, variance * division.pixels() / Math.max(1, division.pixels() - 1),
                        d.momentum());
                coefficients(centre + 4L * i, scale + 4L * i, shift + 4L * i, average, factor, get(beta, i));
            }
        });
        affine(rows, division, activation, x, residual, centre, y);
    }

    /** Mean of a part's pixels, and the sum of squares of their deviations from it, per channel. */
    private void statistics(PixelRows rows, View x, PixelRows.Parts division, int part, long statistics,
            Scratch scratch) {
        int c = rows.channels();
        long width = rows.width();
        long pixels = division.size(part);
        long from = Memory.address(x) + 4 * part * division.each() * c;
        long origin = scratch.request(12 * width);
        long sums = origin + 4 * width;
        long squares = sums + 4 * width;
        origin(rows, from, pixels, origin);
        Memory.clear(sums, 8 * width);
        long whole = pixels / rows.repeat();
        kernels.moments(from, whole, width, origin, sums, squares);
        kernels.moments(from + 4 * whole * width, 1, rows.rest(pixels), origin, sums, squares);
        for (int i = 0; i < c; i++) {
            double sum = rows.fold(sums, i);
            long place = statistics + 16 * ((long) part * c + i);
            Memory.setDouble(place, Memory.getFloat(origin + 4L * i) + sum / pixels);
            Memory.setDouble(place + 8, Math.max(0, rows.fold(squares, i) - sum * sum / pixels));
        }
    }

    private void origin(PixelRows rows, long x, long pixels, long origin) {
        long whole = pixels / rows.repeat();
        long some = Math.max(Math.min(1, whole), whole / ORIGIN_SHARE);
        Memory.clear(origin, 4 * rows.width());
        kernels.sums(x, some, rows.width(), origin);
        if (some == 0) {
            kernels.sums(x, 1, rows.rest(pixels), origin);
        }
        double count = some == 0 ? pixels : some * rows.repeat();
        for (int i = 0; i < rows.channels(); i++) {
            Memory.setFloat(origin + 4L * i, (float) (rows.fold(origin, i) / count));
        }
        rows.repeat(origin);
    }

    private static double average(PixelRows.Parts division, long statistics, int c, int channel) {
        double sum = 0;
        for (int part = 0; part < division.count(); part++) {
            sum += division.size(part) * Memory.getDouble(statistics + 16 * ((long) part * c + channel));
        }
        return sum / division.pixels();
    }

    private static double squares(PixelRows.Parts division, long statistics, int c, int channel, double average) {
        double sum = 0;
        for (int part = 0; part < division.count(); part++) {
            long place = statistics + 16 * ((long) part * c + channel);
            double offset = Memory.getDouble(place) - average;
            sum += Memory.getDouble(place + 8) + division.size(part) * offset * offset;
        }
        return sum;
    }

    /** (x - average) factor + shift, the average split into a float and what that leaves. */
    private static void coefficients(long centre, long scale, long shift, double average, double factor,
            double offset) {
        float rounded = (float) average;
        Memory.setFloat(centre, rounded);
        Memory.setFloat(scale, (float) factor);
        Memory.setFloat(shift, (float) (offset - factor * (average - rounded)));
    }

    void inference(BatchNorm d, Unary activation, View x, View residual, View gamma, View beta, View runningMean,
            View runningVariance, View y) {
        PixelRows rows = PixelRows.of((int) x.extent(-1));
        long centre = tables.request(12 * rows.width());
        long scale = centre + 4 * rows.width();
        long shift = scale + 4 * rows.width();
        for (int i = 0; i < rows.channels(); i++) {
            double factor = get(gamma, i) / Math.sqrt(get(runningVariance, i) + d.epsilon());
            coefficients(centre + 4L * i, scale + 4L * i, shift + 4L * i, get(runningMean, i), factor, get(beta, i));
        }
        affine(rows, PixelRows.Parts.of(rows, x.elements() / rows.channels()), activation, x, residual, centre, y);
    }

    /** With the tables from {@code centre} on. */
    private void affine(PixelRows rows, PixelRows.Parts division, Unary activation, View x, View residual, long centre,
            View y) {
        long width = rows.width();
        long scale = centre + 4 * width;
        long shift = scale + 4 * width;
        rows.repeat(centre);
        rows.repeat(scale);
        rows.repeat(shift);
        workers.runBackwards(division.count(), (part, worker) -> {
            long first = 4 * part * division.each() * rows.channels();
            long whole = division.size(part) / rows.repeat();
            long end = first + 4 * whole * width;
            long from = Memory.address(x);
            long to = Memory.address(y);
            long added = residual == null ? 0 : Memory.address(residual);
            kernels.affine(activation, from + first, added == 0 ? 0 : added + first, centre, scale, shift, to + first,
                    whole, width);
            kernels.affine(activation, from + end, added == 0 ? 0 : added + end, centre, scale, shift, to + end, 1,
                    rows.rest(division.size(part)));
        });
    }

    /** dx = gamma inverse (g - mean(g) - xhat mean(g xhat)). */
    void gradient(Unary activation, View x, View y, View gamma, View mean, View inverse, View dy, View dx,
            View dresidual, View dgamma, View dbeta) {
        PixelRows rows = PixelRows.of((int) x.extent(-1));
        int c = rows.channels();
        long width = rows.width();
        PixelRows.Parts division = PixelRows.Parts.of(rows, x.elements() / c);
        long totals = parts.request(16L * c * division.count());
        long a = tables.request(16 * width);
        long b = a + 4 * width;
        long centre = b + 4 * width;
        long constant = centre + 4 * width;
        Memory.copy(Memory.address(mean), centre, 4L * c);
        rows.repeat(centre);
        workers.run(division.count(), (part, worker) -> gradientSums(rows, division, activation, x, y, dy, centre,
                dresidual, part, totals, workers.scratch(worker)));
        eachChannels(c, division.count(), (from, to) -> {
            for (int i = from; i < to; i++) {
                double sum = total(totals + 16L * i, c, division.count());
                double product = get(inverse, i) * total(totals + 16L * i + 8, c, division.count());
                set(dgamma, i, get(dgamma, i) + product);
                set(dbeta, i, get(dbeta, i) + sum);
                double factor = get(gamma, i) * get(inverse, i);
                Memory.setFloat(a + 4L * i, (float) factor);
                Memory.setFloat(b + 4L * i, (float) (-factor * get(inverse, i) * product / division.pixels()));
                Memory.setFloat(constant + 4L * i, (float) (-factor * sum / division.pixels()));
            }
        });
        rows.repeat(a);
        rows.repeat(b);
        rows.repeat(constant);
        boolean ready = dresidual != null || activation == Unary.IDENTITY;
        inputGradient(rows, division, ready ? Unary.IDENTITY : activation, x, ready ? null : y,
                dresidual == null ? dy : dresidual, a, dx);
    }

    private void gradientSums(PixelRows rows, PixelRows.Parts division, Unary activation, View x, View y, View dy,
            long centre, View g, int part, long totals, Scratch scratch) {
        int c = rows.channels();
        long width = rows.width();
        long sums = scratch.request(8 * width);
        long products = sums + 4 * width;
        Memory.clear(sums, 8 * width);
        long first = 4 * part * division.each() * c;
        long whole = division.size(part) / rows.repeat();
        long end = first + 4 * whole * width;
        long output = activation == Unary.IDENTITY ? 0 : Memory.address(y);
        long errors = g == null ? 0 : Memory.address(g);
        kernels.gradientSums(activation, Memory.address(x) + first, output + first, Memory.address(dy) + first, centre,
                errors == 0 ? 0 : errors + first, whole, width, sums, products);
        kernels.gradientSums(activation, Memory.address(x) + end, output + end, Memory.address(dy) + end, centre,
                errors == 0 ? 0 : errors + end, 1, rows.rest(division.size(part)), sums, products);
        for (int i = 0; i < c; i++) {
            long place = totals + 16 * ((long) part * c + i);
            Memory.setDouble(place, rows.fold(sums, i));
            Memory.setDouble(place + 8, rows.fold(products, i));
        }
    }

    private static double total(long first, int c, int count) {
        double total = 0;
        for (int part = 0; part < count; part++) {
            total += Memory.getDouble(first + 16L * part * c);
        }
        return total;
    }

    private void inputGradient(PixelRows rows, PixelRows.Parts division, Unary activation, View x, View y, View dy,
            long a, View dx) {
        long width = rows.width();
        long b = a + 4 * width;
        long centre = b + 4 * width;
        long constant = centre + 4 * width;
        long output = y == null ? 0 : Memory.address(y);
        workers.runBackwards(division.count(), (part, worker) -> {
            long first = 4 * part * division.each() * rows.channels();
            long whole = division.size(part) / rows.repeat();
            long end = first + 4 * whole * width;
            kernels.gradient(activation, Memory.address(x) + first, output + first, Memory.address(dy) + first, a, b,
                    centre, constant, Memory.address(dx) + first, whole, width);
            kernels.gradient(activation, Memory.address(x) + end, output + end, Memory.address(dy) + end, a, b, centre,
                    constant, Memory.address(dx) + end, 1, rows.rest(division.size(part)));
        });
    }

    /** Something done to the channels in [from, to). */
    @FunctionalInterface
    private interface Channels {
        void run(int from, int to);
    }

    private void eachChannels(int c, int count, Channels body) {
        int each = (int) Math.max(1, COMBINED_AT_ONCE / count);
        workers.run((c + each - 1) / each, (chunk, worker) -> body.run(chunk * each, Math.min(c, (chunk + 1) * each)));
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
        tables.close();
    }
}
