package dev.halcyon.cli;

import com.google.gson.JsonObject;
import dev.halcyon.device.Device;
import dev.halcyon.models.drawings.Drawings;
import dev.halcyon.report.bird.BirdPage;
import dev.halcyon.report.bird.BirdStory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what networks do, and how they learn it. */
@Command(name = "demo", description = "Shows how a network sees and learns: 'demo bird' writes a page that tells it.",
        subcommands = DemoCommand.Bird.class)
final class DemoCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Tells the story of a network wired by hand and one that learns. */
    @Command(name = "bird",
            description = "The story in one command: a network wired by hand that tells birds, dogs and things in simple"
                    + " drawings apart, one of the same shape that learns to, and a page that walks through how: edges, beaks,"
                    + " heads; activation × weight; the rubber band; the pull that goes down; every weight that moves.",
            footer = {"", "Examples:", "  halcyon demo bird", "  halcyon demo bird --data photos --out photos.html"})
    static final class Bird implements Callable<Integer> {
        @Option(names = "--data", paramLabel = "PATH|NAME", defaultValue = Drawings.NAME,
                description = "Photographs to learn from in place of drawings, as for train --data; they become small and"
                        + " grey (default: ${DEFAULT-VALUE}).")
        private String data;

        @Option(names = "--classes", paramLabel = "CLASS", split = ",",
                description = "Only these classes of the photographs.")
        private List<String> classes;

        @Option(names = "--out", paramLabel = "FILE", defaultValue = "bird.html",
                description = "The page (default: ${DEFAULT-VALUE}).")
        private Path out;

        @Option(names = "--seed", paramLabel = "N", defaultValue = "0",
                description = "Seed of drawings and random weights (default: ${DEFAULT-VALUE}).")
        private long seed;

        @Mixin
        private CommonOptions common;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            PrintWriter err = spec.commandLine().getErr();
            BirdStory story = data.equals(Drawings.NAME) ? BirdStory.withDrawings(seed)
                    : BirdStory.withPhotographs(OpenedData.open(data, classes, false, err), seed);
            BirdStory.Told told;
            try (Device device = common.open(); ConsoleProgress progress = new ConsoleProgress(err, story.epochs())) {
                told = story.tell(device, progress);
            }
            BirdPage.write(out, told);
            PrintWriter output = spec.commandLine().getOut();
            if (common.json()) {
                output.println(Json.text(json(told)));
            } else {
                output.printf(Locale.ROOT,
                        "on %d fresh pictures: wired by hand %.1f %%, learned %.1f %% (%d steps, %.0f s);"
                                + " page: %s%n",
                        told.learned().images(), 100 * told.hand().top1(), 100 * told.learned().top1(),
                        told.steps(), told.seconds(), out);
            }
            return 0;
        }

        private JsonObject json(BirdStory.Told told) {
            JsonObject json = new JsonObject();
            json.addProperty("data", data);
            json.addProperty("seed", seed);
            json.add("hand", Json.evaluation(told.hand(), Drawings.CLASSES));
            json.add("learned", Json.evaluation(told.learned(), told.classes()));
            json.addProperty("steps", told.steps());
            json.addProperty("seconds", Json.rounded(told.seconds()));
            json.addProperty("page", out.toString());
            return json;
        }
    }
}
