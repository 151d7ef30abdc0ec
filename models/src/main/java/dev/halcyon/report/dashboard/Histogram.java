package dev.halcyon.report.dashboard;

import com.google.gson.JsonObject;

/**
 * How values are spread.
 *
 * @param low left edge of the first bin
 * @param high right edge of the last bin
 * @param counts values per bin, bins of equal width
 */
record Histogram(double low, double high, int[] counts) {
    /** Bins of each histogram. */
    static final int BINS = 32;

    /** Values in bins that reach as far to the left of zero as to the right; infinite ones and NaN are left out. */
    static Histogram aroundZero(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
        }
        float reach = largest == 0 ? 1 : largest;
        return between(-reach, reach, values);
    }

    /** Values in bins between two edges; what lies outside goes to the bin at that edge, NaN is left out. */
    static Histogram between(float low, float high, float[] values) {
        int[] counts = new int[BINS];
        float scale = BINS / (high - low);
        for (float value : values) {
            if (Float.isFinite(value)) {
                counts[Math.clamp((int) ((value - low) * scale), 0, BINS - 1)]++;
            }
        }
        return new Histogram(low, high, counts);
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.add("low", Numbers.shortened(low));
        json.add("high", Numbers.shortened(high));
        json.add("counts", Numbers.array(counts));
        return json;
    }
}
