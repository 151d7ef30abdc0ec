package dev.halcyon.report.dashboard;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.halcyon.train.Evaluation;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What is taken for what, after an epoch.
 *
 * @param json for the page
 * @param cells of the matrix in it
 */
record Confusion(JsonObject json, int cells) {
    /** Classes whose whole matrix can be shown. */
    static final int MOST_CLASSES = 40;

    /** The matrix of an epoch, or where there are many classes, of those that are mistaken most often. */
    static Confusion of(int epoch, Evaluation validation) {
        long[][] counts = validation.confusion();
        int[] shown = IntStream.range(0, counts.length).boxed()
                .sorted((a, b) -> Long.compare(mistakes(counts, b), mistakes(counts, a)))
                .limit(MOST_CLASSES).sorted().mapToInt(Integer::intValue).toArray();
        JsonArray rows = new JsonArray();
        for (int label : shown) {
            JsonArray row = new JsonArray();
            for (int answer : shown) {
                row.add(counts[label][answer]);
            }
            rows.add(row);
        }
        JsonObject json = new JsonObject();
        json.addProperty("epoch", epoch);
        json.add("classes", Numbers.array(shown));
        json.add("counts", rows);
        return new Confusion(json, shown.length * shown.length);
    }

    private static long mistakes(long[][] counts, int label) {
        return LongStream.of(counts[label]).sum() - counts[label][label];
    }
}
