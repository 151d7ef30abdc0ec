package dev.halcyon.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.halcyon.train.Evaluation;
import java.util.Collection;
import java.util.List;

/** The forms in which results are printed for other programs. */
final class Json {
    private static final double PLACES = 1e6;

    private Json() {
    }

    /** A document as text, keys in their order, nulls written out. */
    static String text(Object document) {
        return new GsonBuilder().serializeNulls().disableHtmlEscaping().create().toJson(document);
    }

    /** A number to six places; null where it is not finite. */
    static Double rounded(double value) {
        return Double.isFinite(value) ? Math.round(value * PLACES) / PLACES : null;
    }

    static JsonArray strings(Collection<String> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return array;
    }

    /** The whole of {@code eval --json}. */
    static JsonObject evaluation(Evaluation evaluation, List<String> classes) {
        JsonObject json = summary(evaluation);
        json.add("classes", strings(classes));
        JsonArray perClass = new JsonArray();
        JsonArray confusion = new JsonArray();
        for (int label = 0; label < classes.size(); label++) {
            Evaluation.PerClass known = evaluation.perClass(label);
            JsonObject entry = new JsonObject();
            entry.addProperty("class", classes.get(label));
            entry.addProperty("precision", rounded(known.precision()));
            entry.addProperty("recall", rounded(known.recall()));
            entry.addProperty("f1", rounded(known.f1()));
            entry.addProperty("support", known.support());
            perClass.add(entry);
            JsonArray row = new JsonArray();
            for (long count : evaluation.confusion()[label]) {
                row.add(new JsonPrimitive(count));
            }
            confusion.add(row);
        }
        json.add("per_class", perClass);
        json.add("confusion", confusion);
        return json;
    }

    /** Images, loss and accuracies. */
    static JsonObject summary(Evaluation evaluation) {
        JsonObject json = new JsonObject();
        json.addProperty("images", evaluation.images());
        json.addProperty("loss", rounded(evaluation.loss()));
        json.addProperty("top1", rounded(evaluation.top1()));
        json.addProperty("top5", rounded(evaluation.top5()));
        return json;
    }
}
