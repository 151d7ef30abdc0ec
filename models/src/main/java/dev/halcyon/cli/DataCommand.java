package dev.halcyon.cli;

import com.google.gson.JsonObject;
import dev.halcyon.data.Dataset;
import dev.halcyon.data.Splits;
import dev.halcyon.models.data.DataSources;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What there is to know of data before training with it. */
@Command(name = "data", description = "Shows what is in data: images, classes, sizes.",
        subcommands = DataCommand.Info.class)
final class DataCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Counts images and sizes. */
    @Command(name = "info", description = "Counts images by part, class and size.")
    static final class Info implements Callable<Integer> {
        private static final int SAMPLED = 500;
        private static final int SIZES_SHOWN = 5;

        @Parameters(paramLabel = "PATH|NAME", arity = "0..1", defaultValue = DataSources.SAMPLE,
                description = "The data, as for train --data (default: ${DEFAULT-VALUE}).")
        private String data;

        @Option(names = "--strict", description = "Fail on an unreadable image.")
        private boolean strict;

        @Mixin
        private OutputOptions output;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            Splits splits = OpenedData.open(data, null, strict, spec.commandLine().getErr());
            JsonObject document = new JsonObject();
            document.addProperty("data", data);
            document.add("classes", Json.strings(splits.classes()));
            describe(document, "train", Optional.of(splits.train()));
            describe(document, "validation", splits.validation());
            describe(document, "test", splits.test());
            PrintWriter out = spec.commandLine().getOut();
            if (output.json()) {
                out.println(Json.text(document));
            } else {
                print(document, out);
            }
            return 0;
        }

        private static void describe(JsonObject document, String name, Optional<Dataset> part) {
            part.ifPresent(dataset -> {
                JsonObject entry = new JsonObject();
                entry.addProperty("images", dataset.size());
                JsonObject perClass = new JsonObject();
                int[] counts = dataset.countPerClass();
                for (int label = 0; label < counts.length; label++) {
                    perClass.addProperty(dataset.classes().get(label), counts[label]);
                }
                entry.add("per_class", perClass);
                Map<String, Integer> sizes = new TreeMap<>();
                int step = Math.max(1, dataset.size() / SAMPLED);
                for (int i = 0; i < dataset.size(); i += step) {
                    sizes.merge(dataset.image(i).toString(), 1, Integer::sum);
                }
                JsonObject bySize = new JsonObject();
                sizes.forEach(bySize::addProperty);
                entry.add("sizes_sampled", bySize);
                document.add(name, entry);
            });
        }

        private static String sizes(JsonObject sampled) {
            List<String> names = sampled.keySet().stream()
                    .sorted(Comparator.comparingInt(size -> -sampled.get(size).getAsInt())).toList();
            return names.size() == 1 ? names.getFirst()
                    : "sizes " + String.join(", ", names.subList(0, Math.min(SIZES_SHOWN, names.size())))
                            + (names.size() > SIZES_SHOWN ? " and " + (names.size() - SIZES_SHOWN) + " more" : "");
        }

        private static void print(JsonObject document, PrintWriter out) {
            for (String part : new String[] {"train", "validation", "test"}) {
                if (document.has(part)) {
                    JsonObject entry = document.getAsJsonObject(part);
                    out.println(part + ": " + entry.get("images") + " images, "
                            + sizes(entry.getAsJsonObject("sizes_sampled")));
                    entry.getAsJsonObject("per_class").entrySet()
                            .forEach(count -> out.println("  " + count.getKey() + ": " + count.getValue()));
                }
            }
        }
    }
}
