package dev.halcyon.report.explain;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.Base64;

/** Maps as the page gets them: small enough to be many. */
final class Bytes {
    /** More places along a side than this are not sent: neighbours are averaged. */
    private static final int MOST_PLACES = 56;

    private Bytes() {
    }

    /** {@code rows}, {@code columns}, {@code largest} |value|, and {@code values} in Base64: signed bytes, 127 the largest. */
    static JsonObject of(int rows, int columns, double[] values) {
        int step = (Math.max(rows, columns) + MOST_PLACES - 1) / MOST_PLACES;
        int fewerRows = (rows + step - 1) / step;
        int fewerColumns = (columns + step - 1) / step;
        double[] means = new double[fewerRows * fewerColumns];
        int[] counts = new int[means.length];
        for (int i = 0; i < values.length; i++) {
            int place = i / columns / step * fewerColumns + i % columns / step;
            means[place] += values[i];
            counts[place]++;
        }
        Arrays.setAll(means, i -> means[i] / counts[i]);
        double largest = Arrays.stream(means).map(Math::abs).max().orElse(0);
        byte[] bytes = new byte[means.length];
        for (int i = 0; i < bytes.length && largest > 0; i++) {
            bytes[i] = (byte) Math.round(127 * means[i] / largest);
        }
        JsonObject json = new JsonObject();
        json.addProperty("rows", fewerRows);
        json.addProperty("columns", fewerColumns);
        json.addProperty("largest", largest);
        json.addProperty("values", Base64.getEncoder().encodeToString(bytes));
        return json;
    }
}
