package dev.halcyon.report;

import dev.halcyon.io.AtomicFile;
import dev.halcyon.nn.Model;
import dev.halcyon.train.EpochResult;
import dev.halcyon.train.Evaluation;
import dev.halcyon.train.TrainingResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A run as one page that needs nothing else: curves, the epochs, and what the test images say. */
public final class RunReport {
    private static final String STYLE = """
            body{font:15px/1.5 system-ui,sans-serif;max-width:860px;margin:2em auto;padding:0 1em;color:#223}
            table{border-collapse:collapse;margin:1em 0}td,th{padding:.2em .7em;text-align:right;border-bottom:1px solid #dde}
            th:first-child,td:first-child{text-align:left}svg{width:100%;height:auto;background:#f8f9fc;border-radius:6px}
            .hit{background:#dff0e2}.miss{background:#fbe4e0}small{color:#667}""";

    private RunReport() {
    }

    /**
     * Writes the page, whole or not at all.
     *
     * @throws IOException if that fails; an old page is as it was
     */
    public static void write(Path file, Model model, TrainingResult result) throws IOException {
        StringBuilder page = new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>")
                .append(text(model.architecture())).append("</title><style>").append(STYLE).append("</style><h1>")
                .append(text(model.architecture())).append("</h1><p>").append(text(String.join(", ", model.classes())))
                .append("; images of ").append(model.input()).append("; ")
                .append(format("%,d parameters; %.0f s on %s, %.0f images/s.", model.network().parameterCount(),
                        result.seconds(), model.device().name(), result.imagesPerSecond()));
        chart(page, "loss", result.epochs(),
                List.of(new Curve("training", "#4466bb", EpochResult::trainLoss),
                        new Curve("validation", "#cc6644", EpochResult::valLoss)));
        chart(page, "top-1 on validation images", result.epochs(),
                List.of(new Curve("top-1", "#338855", EpochResult::valTop1)));
        epochs(page, result);
        result.test().ifPresent(test -> test(page, test, model.classes()));
        AtomicFile.writeText(file, page.append("</html>\n").toString());
    }

    private record Curve(String name, String color, ToDoubleFunction<EpochResult> value) {
    }

    private static void chart(StringBuilder page, String title, List<EpochResult> epochs, List<Curve> curves) {
        double most = curves.stream().flatMapToDouble(curve -> epochs.stream().mapToDouble(curve.value))
                .filter(Double::isFinite).max().orElse(0);
        if (most <= 0) {
            return;
        }
        page.append(format("<h2>%s</h2><svg viewBox=\"0 0 800 240\"><text x=\"8\" y=\"18\" font-size=\"12\">%.3f</text>"
                + "<text x=\"8\" y=\"226\" font-size=\"12\">0</text>", text(title), most));
        int legend = 60;
        for (Curve curve : curves) {
            page.append(format("<text x=\"%d\" y=\"18\" font-size=\"12\" fill=\"%s\">%s</text>", legend, curve.color,
                    curve.name));
            legend += 90;
            page.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"").append(curve.color)
                    .append("\" points=\"");
            for (int i = 0; i < epochs.size(); i++) {
                double value = curve.value.applyAsDouble(epochs.get(i));
                if (Double.isFinite(value)) {
                    page.append(format("%.1f,%.1f ", 40 + 740.0 * (i + 1) / epochs.size(), 225 - 200 * value / most));
                }
            }
            page.append("\"/>");
        }
        page.append("</svg>");
    }

    private static void epochs(StringBuilder page, TrainingResult result) {
        page.append("<h2>epochs</h2><table><tr><th>epoch<th>training loss<th>validation loss<th>top-1<th>learning rate"
                + "<th>seconds");
        for (EpochResult epoch : result.epochs()) {
            page.append(format("<tr%s><td>%d<td>%.4f<td>%s<td>%s<td>%.4g<td>%.1f",
                    epoch.epoch() == result.bestEpoch() ? " class=\"hit\"" : "", epoch.epoch(), epoch.trainLoss(),
                    number(epoch.valLoss(), 1), number(epoch.valTop1(), 100), epoch.lr(), epoch.seconds()));
        }
        page.append("</table><small>The coloured epoch is the one that is kept.</small>");
    }

    private static void test(StringBuilder page, Evaluation test, List<String> classes) {
        page.append(format("<h2>test images</h2><p>%,d images: %s, loss %.4f.", test.images(),
                test.accuracies(), test.loss()));
        page.append("<table><tr><th>true class, down; answer, across");
        classes.forEach(name -> page.append("<th>").append(text(name)));
        for (int label = 0; label < classes.size(); label++) {
            page.append("<tr><td>").append(text(classes.get(label)));
            for (int answer = 0; answer < classes.size(); answer++) {
                long count = test.confusion()[label][answer];
                String kind = answer == label ? " class=\"hit\"" : count > 0 ? " class=\"miss\"" : "";
                page.append("<td").append(kind).append(">").append(count);
            }
        }
        page.append("</table>");
    }

    private static String number(double value, double scale) {
        return Double.isFinite(value) ? format("%.4f", value * scale) : "";
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private static String text(String raw) {
        return raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
