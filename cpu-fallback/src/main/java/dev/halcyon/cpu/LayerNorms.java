package dev.halcyon.cpu;

import dev.halcyon.device.LayerNorm;
import dev.halcyon.device.View;

/** Layer normalisation, a row at a time while it is in the cache. */
final class LayerNorms {
    private final Workers workers;
    private final RowKernels rows = Vectorization.rows();
    private final FeatureKernels features = Vectorization.features();
    private final Scratch parts = new Scratch();

    LayerNorms(Workers workers) {
        this.workers = workers;
    }

    void forward(LayerNorm d, View x, View gamma, View beta, View mean, View inverse, View y) {
        long width = x.extent(-1);
        PixelRows.Parts division = division(x);
        workers.run(division.count(), (part, worker) -> {
            long first = part * division.each();
            for (long line = first; line < first + division.size(part); line++) {
                long from = Memory.address(x) + 4 * line * width;
                float centre = (float) (rows.sum(from, width) / width);
                double offset = features.deviations(from, centre, width) / width;
                double variance = Math.max(0, features.squares(from, centre, width) / width - offset * offset);
                double scale = 1 / Math.sqrt(variance + d.epsilon());
                Memory.setFloat(Memory.address(mean) + 4 * line, (float) (centre + offset));
                Memory.setFloat(Memory.address(inverse) + 4 * line, (float) scale);
                features.normalize(from, centre, (float) scale, (float) (-offset * scale), Memory.address(gamma),
                        Memory.address(beta), Memory.address(y) + 4 * line * width, width);
            }
        });
    }

    /** dx = inverse (h - mean(h) - xhat mean(h xhat)) with h = gamma dy. */
    void gradient(View x, View gamma, View mean, View inverse, View dy, View dx, View dgamma, View dbeta) {
        long width = x.extent(-1);
        PixelRows.Parts division = division(x);
        long partials = parts.request(8 * width * division.count());
        workers.run(division.count(), (part, worker) -> {
            long scales = partials + 8 * width * part;
            Memory.clear(scales, 8 * width);
            long first = part * division.each();
            for (long line = first; line < first + division.size(part); line++) {
                long offset = 4 * line * width;
                float centre = Memory.getFloat(Memory.address(mean) + 4 * line);
                float scale = Memory.getFloat(Memory.address(inverse) + 4 * line);
                row(Memory.address(x) + offset, centre, scale, Memory.address(gamma), Memory.address(dy) + offset,
                        Memory.address(dx) + offset, width);
                features.parameterGradients(Memory.address(x) + offset, centre, scale, Memory.address(dy) + offset,
                        scales, scales + 4 * width, width);
            }
        });
        for (int part = 0; part < division.count(); part++) {
            rows.addTo(partials + 8 * width * part, Memory.address(dgamma), width);
            rows.addTo(partials + 8 * width * part + 4 * width, Memory.address(dbeta), width);
        }
    }

    private void row(long x, float centre, double scale, long gamma, long dy, long dx, long width) {
        double sum = rows.dot(gamma, dy, width);
        double product = scale * features.gradientSum(x, centre, gamma, dy, width);
        features.gradient(x, centre, (float) scale, (float) (-scale * scale * product / width),
                (float) (-scale * sum / width), gamma, dy, dx, width);
    }

    private static PixelRows.Parts division(View x) {
        int width = Math.toIntExact(x.extent(-1));
        return PixelRows.Parts.of(new PixelRows(width, 1), x.elements() / width);
    }

    void close() {
        parts.close();
    }
}
