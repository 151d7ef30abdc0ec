package dev.halcyon.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.halcyon.data.Splits;
import dev.halcyon.device.Device;
import dev.halcyon.io.AtomicFile;
import dev.halcyon.io.FormatException;
import dev.halcyon.io.SafeTensors;
import dev.halcyon.io.Weights;
import dev.halcyon.models.Models;
import dev.halcyon.models.data.DataSources;
import dev.halcyon.nn.Model;
import dev.halcyon.report.OperationTrace;
import dev.halcyon.report.RunReport;
import dev.halcyon.report.dashboard.Dashboard;
import dev.halcyon.train.EpochResult;
import dev.halcyon.train.Trainer;
import dev.halcyon.train.TrainingResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a model and writes a run folder. */
@Command(name = "train",
        description = "Trains a model; with no options, a small network on the built-in sample data.",
        footer = {"", "Examples:",
            "  halcyon train --data photos --out runs/birds",
            "  halcyon predict runs/birds another.jpg", "  halcyon train --resume runs/birds"})
final class TrainCommand implements Callable<Integer> {
    private static final String REPORT = "report.html";

    @Option(names = "--data", paramLabel = "PATH|NAME", defaultValue = DataSources.SAMPLE,
            description = "A folder of class folders (photos/bird/*.jpg), of IDX or CIFAR files, a .tar.gz of class"
                    + " folders, or a name (default: ${DEFAULT-VALUE}).")
    private String data;

    @Option(names = "--classes", paramLabel = "CLASS", split = ",", description = "Only these classes of the data.")
    private List<String> classes;

    @Option(names = "--out", paramLabel = "DIR", description = "The run folder (default: runs/ and the time).")
    private Path out;

    @Option(names = "--resume", paramLabel = "DIR", description = "Go on with a run that was stopped.")
    private Path resume;

    @Option(names = "--init", paramLabel = "FILE", description = "Start from these weights (.safetensors).")
    private Path init;

    @Option(names = "--recipe", paramLabel = "FILE",
            description = "Options in a JSON file, such as a run's recipe.json.")
    private Path recipe;

    @Option(names = "--profile", paramLabel = "FILE",
            description = "Write every operation of steps 21 to 30 as a trace for chrome://tracing or Perfetto.")
    private Path profile;

    @Mixin
    private TrainOptions options;

    @Mixin
    private DashboardOptions dashboard;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        options.check();
        dashboard.check();
        Splits splits = OpenedData.open(data, classes, options.strict(), err);
        Path folder = resume != null ? resume : out != null ? out : defaultFolder();
        Model.Input input = Preparation.inputFor(splits.train(), options.imageSize());
        try (TrainingModels models = new TrainingModels(common, options.seed(),
                (device, seed) -> Models.create(options.model(input), input, splits.classes(), device, seed))) {
            Model model = models.first();
            if (init != null) {
                try (SafeTensors weights = SafeTensors.open(init)) {
                    Weights.load(weights, model.network());
                }
            }
            Trainer trainer = options.configure(Trainer.of(model), model).folder(folder)
                    .replicas(models.copies());
            try (StopOnInterrupt _ = new StopOnInterrupt(trainer, err)) {
                TrainingResult result;
                try (Dashboard page = dashboard.open(trainer)) {
                    prepareFolder(folder, model);
                    err.printf(Locale.ROOT,
                            "%s (%,d parameters) on %s%n%,d training images of %d classes, %s; run folder %s%n",
                            model.architecture(), model.network().parameterCount(), models.where(),
                            splits.train().size(), splits.classes().size(), input, folder);
                    result = profile == null
                            ? train(trainer, splits, page, err)
                            : trainAndTrace(trainer, splits, model.device(), page, err);
                }
                RunReport.write(folder.resolve(REPORT), model, result);
                report(result, model, folder);
            }
            return 0;
        }
    }

    private static Path defaultFolder() {
        return Path.of("runs", LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")));
    }

    private void prepareFolder(Path folder, Model model) throws IOException {
        if (resume == null) {
            if (Files.exists(folder.resolve(RecipeFile.NAME))) {
                throw new IllegalArgumentException("the run folder " + folder
                        + " holds another run; choose another with --out, or go on with it: --resume " + folder);
            }
            create(folder);
            JsonObject written = options.recipe(model);
            written.addProperty("precision", common.precision().toString());
            Path path = Path.of(data);
            written.addProperty("data", Files.exists(path) ? path.toAbsolutePath().normalize().toString() : data);
            if (classes != null) {
                written.addProperty("classes", String.join(",", classes));
            }
            RecipeFile.write(folder, written);
            AtomicFile.writeText(folder.resolve("classes.txt"), String.join("\n", model.classes()) + "\n");
        }
    }

    private static void create(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (FileSystemException e) {
            throw new FormatException("--out " + folder + ": the run folder cannot be made (" + e.getFile() + ": "
                    + Main.reason(e) + "); choose another", e);
        }
    }

    private TrainingResult trainAndTrace(Trainer trainer, Splits splits, Device device, Dashboard page,
            PrintWriter err) {
        try (OperationTrace trace = new OperationTrace(profile, device)) {
            return train(trainer.listen(trace), splits, page, err);
        }
    }

    private TrainingResult train(Trainer trainer, Splits splits, Dashboard page, PrintWriter err) {
        if (resume != null) {
            trainer.resume();
        }
        try (ConsoleProgress progress = new ConsoleProgress(err, options.epochs())) {
            trainer.listen(progress);
            return page == null ? trainer.fit(splits) : trainAndShow(trainer, splits, page, err);
        }
    }

    private static TrainingResult trainAndShow(Trainer trainer, Splits splits, Dashboard page, PrintWriter err) {
        err.println("dashboard: " + page.address());
        try {
            TrainingResult result = trainer.listen(page).fit(splits);
            page.finished(result);
            return result;
        } catch (RuntimeException e) {
            page.failed(Main.sentence(e));
            throw e;
        }
    }

    private void report(TrainingResult result, Model model, Path folder) {
        PrintWriter outWriter = spec.commandLine().getOut();
        if (common.json()) {
            outWriter.println(Json.text(json(result, model, folder)));
            return;
        }
        if (result.stopped()) {
            outWriter.println("stopped; go on with: halcyon train --resume " + folder);
            return;
        }
        result.test().ifPresent(test -> outWriter.printf(Locale.ROOT,
                "test: %s, loss %.4f on %d images%n", test.accuracies(), test.loss(), test.images()));
        outWriter.printf(Locale.ROOT, "kept epoch %d, %.0f s, %.0f images/s; model: %s, page: %s%n",
                result.bestEpoch(), result.seconds(), result.imagesPerSecond(), folder.resolve(Trainer.BEST_WEIGHTS),
                folder.resolve(REPORT));
    }

    private static JsonObject json(TrainingResult result, Model model, Path folder) {
        JsonObject json = new JsonObject();
        json.addProperty("run", folder.toString());
        json.addProperty("model", model.architecture());
        json.addProperty("device", model.device().name());
        json.addProperty("seconds", Json.rounded(result.seconds()));
        json.addProperty("images_per_s", Json.rounded(result.imagesPerSecond()));
        JsonArray epochs = new JsonArray();
        for (EpochResult epoch : result.epochs()) {
            JsonObject entry = new JsonObject();
            entry.addProperty("epoch", epoch.epoch());
            entry.addProperty("train_loss", Json.rounded(epoch.trainLoss()));
            entry.addProperty("val_loss", Json.rounded(epoch.valLoss()));
            entry.addProperty("val_top1", Json.rounded(epoch.valTop1()));
            entry.addProperty("lr", Json.rounded(epoch.lr()));
            entry.addProperty("seconds", Json.rounded(epoch.seconds()));
            epochs.add(entry);
        }
        json.add("epochs", epochs);
        JsonObject best = new JsonObject();
        best.addProperty("epoch", result.bestEpoch());
        best.addProperty("val_top1", Json.rounded(result.bestTop1()));
        json.add("best", best);
        json.add("test", result.test().map(Json::summary).orElse(null));
        json.addProperty("peak_rss_mib", ProcessMemory.peakMebibytes());
        return json;
    }
}
