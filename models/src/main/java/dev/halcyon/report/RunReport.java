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
            :root{color-scheme:light dark}
            body{font:15px/1.5 system-ui,sans-serif;max-width:860px;margin:2em auto;padding:0 1em;
            background:light-dark(#f6f4ee,#11161c);color:light-dark(#1e2430,#e9ecf1)}
            .scroll{overflow-x:auto}table{border-collapse:collapse;margin:1em 0}
            td,th{padding:.2em .7em;text-align:right;border-bottom:1px solid light-dark(#d9d4c7,#35404d)}
            th:first-child,td:first-child{text-align:left}
            svg{width:100%;min-width:34em;height:auto;background:light-dark(#fffdf8,#1a212a);border-radius:6px}
            text{font-size:12px;fill:light-dark(#575d6c,#a5afbd)}
            .training{--line:light-dark(#2f5cc4,#85a9ff)}.validation{--line:light-dark(#b3501e,#ff9c6b)}
            polyline{fill:none;stroke-width:2;stroke:var(--line)}tspan{fill:var(--line)}
            .hit{background:light-dark(#dff0e2,#1f4a34)}.miss{background:light-dark(#fbe4e0,#5a2c20)}
            small{color:light-dark(#575d6c,#a5afbd)}""";
    /** What is wider than a phone moves by itself. */
    private static final String SCROLL = "<div class=\"scroll\" tabindex=\"0\">";

    private RunReport() {
    }

    /**
     * Writes the page, whole or not at all.
     *
     * @throws IOException if that fails; an old page is as it was
     */
    public static void write(Path file, Model model, TrainingResult result) throws IOException {
        StringBuilder page = new StringBuilder(
                "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>")
                .append(text(model.architecture())).append("</title><style>").append(STYLE).append("</style><h1>")
                .append(text(model.architecture())).append("</h1><p>").append(text(String.join(", ", model.classes())))
                .append("; images of ").append(model.input()).append("; ")
                .append(format("%,d parameters; %.0f s on %s, %.0f images/s.", model.network().parameterCount(),
                        result.seconds(), model.device().name(), result.imagesPerSecond()));
        chart(page, "Loss", "%.3g", result.epochs(),
                List.of(new Curve("training", EpochResult::trainLoss), new Curve("validation", EpochResult::valLoss)));
        chart(page, "Top-1 on validation images", "%.1f %%", result.epochs(),
                List.of(new Curve("validation", epoch -> 100 * epoch.valTop1())));
        epochs(page, result);
        result.test().ifPresent(test -> test(page, test, model.classes()));
        AtomicFile.writeText(file, page.append("</html>\n").toString());
    }

    private record Curve(String name, ToDoubleFunction<EpochResult> value) {
    }

    private static void chart(StringBuilder page, String title, String form, List<EpochResult> epochs,
            List<Curve> curves) {
        double most = curves.stream().flatMapToDouble(curve -> epochs.stream().mapToDouble(curve.value))
                .filter(Double::isFinite).max().orElse(0);
        if (most <= 0) {
            return;
        }
        page.append(format("<h2>%s</h2>%s<svg viewBox=\"0 0 800 260\"><text x=\"8\" y=\"20\">%s", text(title), SCROLL,
                format(form, most)));
        for (Curve curve : curves) {
            page.append(format("<tspan class=\"%1$s\" dx=\"16\">%1$s</tspan>", curve.name));
        }
        page.append(format(
                "</text><text x=\"8\" y=\"232\">0</text><text x=\"780\" y=\"250\" text-anchor=\"end\">epoch %d</text>",
                epochs.getLast().epoch()));
        for (Curve curve : curves) {
            page.append("<polyline class=\"").append(curve.name).append("\" points=\"");
            for (int i = 0; i < epochs.size(); i++) {
                double value = curve.value.applyAsDouble(epochs.get(i));
                if (Double.isFinite(value)) {
                    page.append(format("%.1f,%.1f ", 40 + 740.0 * (i + 1) / epochs.size(), 230 - 200 * value / most));
                }
            }
            page.append("\"/>");
        }
        page.append("</svg></div>");
    }

    private static void epochs(StringBuilder page, TrainingResult result) {
        page.append(
                "<h2>Epochs</h2>" + SCROLL
                        + "<table><tr><th>epoch<th>training loss<th>validation loss<th>top-1, %<th>learning rate"
                        + "<th>seconds");
        for (EpochResult epoch : result.epochs()) {
            page.append(format("<tr%s><td>%d<td>%.4f<td>%s<td>%s<td>%.4g<td>%.1f",
                    epoch.epoch() == result.bestEpoch() ? " class=\"hit\"" : "", epoch.epoch(), epoch.trainLoss(),
                    number("%.4f", epoch.valLoss()), number("%.2f", 100 * epoch.valTop1()), epoch.lr(),
                    epoch.seconds()));
        }
        page.append("</table></div><small>The coloured epoch is the one that is kept.</small>");
    }

    private static void test(StringBuilder page, Evaluation test, List<String> classes) {
        page.append(format("<h2>Test images</h2><p>%,d images: %s, loss %.4f.", test.images(),
                test.accuracies(), test.loss()));
        page.append(SCROLL).append("<table><tr><th>truth ↓ answer →");
        classes.forEach(name -> page.append("<th>").append(text(name)));
        for (int label = 0; label < classes.size(); label++) {
            page.append("<tr><td>").append(text(classes.get(label)));
            for (int answer = 0; answer < classes.size(); answer++) {
                long count = test.confusion()[label][answer];
                String kind = answer == label ? " class=\"hit\"" : count > 0 ? " class=\"miss\"" : "";
                page.append("<td").append(kind).append(">").append(count);
            }
        }
        page.append("</table></div>");
    }

    private static String number(String form, double value) {
        return Double.isFinite(value) ? format(form, value) : "";
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private static String text(String raw) {
        return raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
