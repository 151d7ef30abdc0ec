package dev.halcyon.report.dashboard;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as the page gets them: no longer than a curve can show, and null where JSON has no number. */
final class Numbers {
    private static final MathContext DIGITS = new MathContext(6);

    private Numbers() {
    }

    /** A number of six significant digits. */
    static JsonElement shortened(double value) {
        return Double.isFinite(value) ? new JsonPrimitive(new BigDecimal(value, DIGITS)) : JsonNull.INSTANCE;
    }

    static JsonArray array(int... values) {
        JsonArray array = new JsonArray(values.length);
        for (int value : values) {
            array.add(value);
        }
        return array;
    }
}
