package dev.halcyon.cli;

import dev.halcyon.data.DataException;
import dev.halcyon.data.DataLoader;
import dev.halcyon.data.Dataset;
import dev.halcyon.data.Image;
import dev.halcyon.data.Splits;
import dev.halcyon.device.Device;
import dev.halcyon.nn.Model;
import dev.halcyon.train.Evaluation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Judges a model by images with known classes. */
@Command(name = "eval",
        description = "Loss, accuracies, precision, recall and confusion of a model on labelled images.")
final class EvalCommand implements Callable<Integer> {
    private static final int MOST_CLASSES_IN_MATRIX = 20;

    @Parameters(paramLabel = "WEIGHTS|RUN", description = "A .safetensors file, or a run folder.")
    private Path weights;

    @Option(names = "--data", paramLabel = "PATH|NAME", required = true,
            description = "Labelled images; their test part if they have one, else all.")
    private String data;

    @Option(names = "--classes", paramLabel = "CLASS", split = ",", description = "Only these classes of the data.")
    private List<String> classes;

    @Option(names = "--model", paramLabel = "NAME", description = "The network, where the file does not say it.")
    private String architecture;

    @Option(names = "--batch-size", paramLabel = "N", converter = AtLeastOne.class, defaultValue = "128",
            description = "Images at a time (default: ${DEFAULT-VALUE}).")
    private int batchSize;

    @Option(names = "--strict", description = "Fail on an unreadable image.")
    private boolean strict;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Splits splits = OpenedData.open(data, classes, strict, spec.commandLine().getErr());
        Dataset images = splits.test().orElse(splits.train());
        Image first = Preparation.example(images);
        try (Device device = common.open(); Model model = TrainedModel.at(weights).load(architecture,
                TrainedModel.assumed(first.height(), first.width(), first.channels(), splits.classes()), device)) {
            if (!model.classes().equals(splits.classes())) {
                throw new DataException("expected data of the model's classes " + model.classes() + ", found "
                        + splits.classes() + "; choose with --classes");
            }
            Evaluation evaluation = Evaluation.of(model, images, List.of(Preparation.forEvaluation(model.input())),
                    DataLoader.Settings.evaluation(batchSize).strict(strict));
            PrintWriter out = spec.commandLine().getOut();
            if (common.json()) {
                out.println(Json.text(Json.evaluation(evaluation, model.classes())));
            } else {
                print(evaluation, model.classes(), out);
            }
            return 0;
        }
    }

    private static void print(Evaluation evaluation, List<String> classes, PrintWriter out) {
        out.printf(Locale.ROOT, "%d images: %s, loss %.4f%n%n", evaluation.images(), evaluation.accuracies(),
                evaluation.loss());
        int width = classes.stream().mapToInt(String::length).max().orElse(1);
        out.printf("%-" + width + "s  precision  recall      f1  support%n", "class");
        for (int label = 0; label < classes.size(); label++) {
            Evaluation.PerClass known = evaluation.perClass(label);
            out.printf(Locale.ROOT, "%-" + width + "s  %9.4f  %6.4f  %6.4f  %7d%n", classes.get(label),
                    known.precision(), known.recall(), known.f1(), known.support());
        }
        if (classes.size() <= MOST_CLASSES_IN_MATRIX) {
            out.println("\nconfusion (rows: true class, columns: predicted, in the same order)");
            for (int label = 0; label < classes.size(); label++) {
                StringBuilder row = new StringBuilder(String.format("%-" + width + "s", classes.get(label)));
                for (long count : evaluation.confusion()[label]) {
                    row.append(String.format(Locale.ROOT, " %6d", count));
                }
                out.println(row);
            }
        }
    }
}
