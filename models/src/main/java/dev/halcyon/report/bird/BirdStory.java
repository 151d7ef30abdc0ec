package dev.halcyon.report.bird;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.halcyon.autograd.ops.Softmax;
import dev.halcyon.data.CenterCrop;
import dev.halcyon.data.DataLoader;
import dev.halcyon.data.Dataset;
import dev.halcyon.data.Grey;
import dev.halcyon.data.HostBatch;
import dev.halcyon.data.Splits;
import dev.halcyon.data.Transform;
import dev.halcyon.device.Device;
import dev.halcyon.models.Models;
import dev.halcyon.models.PictureBatch;
import dev.halcyon.models.drawings.Drawings;
import dev.halcyon.nn.Model;
import dev.halcyon.optim.AdamW;
import dev.halcyon.optim.Schedule;
import dev.halcyon.report.Filters;
import dev.halcyon.report.OtherWeights;
import dev.halcyon.report.PngPicture;
import dev.halcyon.report.explain.Explanation;
import dev.halcyon.tensor.Scope;
import dev.halcyon.train.Evaluation;
import dev.halcyon.train.Trainer;
import dev.halcyon.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The story of this project, told with two networks of one shape: one whose weights a person chose, and one that starts
 * with random weights and learns its own. Both are so small that everything about them can be shown.
 */
public final class BirdStory {
    private static final Gson GSON = new Gson();
    private static final int LEARNED_FROM = 12_000;
    private static final int FRESH = 3_000;
    private static final int EPOCHS = 5;
    /** Photographs are looked at so often, all in all, but each at most {@link #MOST_EPOCHS} times. */
    private static final int LOOKS = 60_000;
    private static final int MOST_EPOCHS = 60;
    private static final double SET_APART = 0.2;
    private static final int BATCH = 64;
    private static final double PEAK_RATE = 0.01;
    /** Of the one step of plain gradient descent that is shown. */
    private static final double SHOWN_RATE = 0.05;
    private static final int PICTURES = 6;
    private static final int MOST_MISTAKES = 12;
    /** Fresh pictures by which each entry of the diary is judged. */
    private static final int DIARY_SAMPLE = 300;

    private final Dataset learnedFrom;
    private final Dataset fresh;
    private final boolean drawn;
    private final int epochs;
    private final long seed;
    private final List<Transform> preparation =
            List.of(new CenterCrop(Drawings.EXTENT, Drawings.EXTENT, 1), new Grey());

    private BirdStory(Dataset learnedFrom, Dataset fresh, boolean drawn, int epochs, long seed) {
        this.learnedFrom = learnedFrom;
        this.fresh = fresh;
        this.drawn = drawn;
        this.epochs = epochs;
        this.seed = seed;
    }

    /** The story with drawings. */
    public static BirdStory withDrawings(long seed) {
        return new BirdStory(new Drawings("train", LEARNED_FROM, seed), new Drawings("fresh", FRESH, seed), true,
                EPOCHS,
                seed);
    }

    /** The story with photographs, which become small and grey; those of a test part are the fresh ones. */
    public static BirdStory withPhotographs(Splits photographs, long seed) {
        Splits splits = photographs.test().isPresent() ? photographs : photographs.withValidation(SET_APART, seed);
        Dataset fresh = splits.test().or(splits::validation).orElseThrow();
        int epochs = Math.clamp(LOOKS / splits.train().size(), 1, MOST_EPOCHS);
        return new BirdStory(splits.train(), fresh, false, epochs, seed);
    }

    /** Passes over the pictures that the second network learns from. */
    public int epochs() {
        return epochs;
    }

    /**
     * What came of it.
     *
     * @param hand how well the network does whose weights a person chose, on fresh pictures
     * @param learned how well the one does that learned its own
     * @param classes that it learned
     * @param steps that it took
     * @param seconds that those took
     * @param page what the page tells
     */
    public record Told(Evaluation hand, Evaluation learned, List<String> classes, long steps, double seconds,
            JsonObject page) {
    }

    /** Tells it: asks the first network, trains the second, asks it on its way. */
    public Told tell(Device device, TrainingListener progress) {
        try (Model hand = HandWiring.model(device);
                Model learner =
                        Models.create(HandWiring.ARCHITECTURE, HandWiring.INPUT, fresh.classes(), device, seed)) {
            Evaluation byHand = evaluate(hand, new AsDrawn(fresh));
            Diary diary = new Diary(learner);
            double seconds = Trainer.of(learner).optimizer(AdamW.usual()).schedule(Schedule.oneCycle(PEAK_RATE))
                    .prepare(preparation.toArray(Transform[]::new)).epochs(epochs).batchSize(BATCH).seed(seed)
                    .validationFraction(0).listen(diary).listen(progress).fit(Splits.of(learnedFrom)).seconds();
            learner.network().training(false);
            List<Diary.Entry> entries = diary.close();
            Evaluation learned = evaluate(learner, fresh);
            JsonObject page = new JsonObject();
            page.addProperty("drawn", drawn);
            page.addProperty("weights", learner.network().parameterCount());
            page.addProperty("steps", entries.getLast().steps());
            page.addProperty("seconds", seconds);
            page.addProperty("looks", (long) learnedFrom.size() * epochs);
            page.add("hand", result(byHand, hand));
            page.add("hand_filters", Filters.of(hand).orElseThrow().read());
            page.add("learned", result(learned, learner));
            List<Integer> shown = inTurn();
            page.add("pictures", pictures(shown, hand, learner, entries.getFirst()));
            page.add("diary", diary(entries, shown, learner));
            page.add("mistakes", mistakes(hand, learner));
            return new Told(byHand, learned, learner.classes(), entries.getLast().steps(), seconds, page);
        }
    }

    private Evaluation evaluate(Model model, Dataset pictures) {
        return Evaluation.of(model, pictures, preparation, DataLoader.Settings.evaluation(BATCH));
    }

    private static JsonObject result(Evaluation evaluation, Model model) {
        JsonObject json = new JsonObject();
        json.add("classes", GSON.toJsonTree(model.classes()));
        json.addProperty("images", evaluation.images());
        json.addProperty("right", evaluation.top1());
        json.add("confusion", GSON.toJsonTree(evaluation.confusion()));
        return json;
    }

    /** The first fresh pictures of each class, the classes taking turns. */
    private List<Integer> inTurn() {
        int[] seen = new int[fresh.classes().size()];
        List<List<Integer>> rounds = new ArrayList<>();
        for (int i = 0; i < fresh.size(); i++) {
            int round = seen[fresh.label(i)]++;
            if (round == rounds.size()) {
                rounds.add(new ArrayList<>());
            }
            rounds.get(round).add(i);
        }
        return rounds.stream().flatMap(List::stream).limit(PICTURES).toList();
    }

    private HostBatch batch(int index) {
        return PictureBatch.of(HandWiring.INPUT, fresh.image(index));
    }

    /** Each picture, and how it passes through the network made by hand, the one with random weights, the trained one. */
    private JsonArray pictures(List<Integer> shown, Model hand, Model learner, Diary.Entry start) {
        Dataset asDrawn = new AsDrawn(fresh);
        JsonArray pictures = new JsonArray();
        for (int index : shown) {
            HostBatch picture = batch(index);
            JsonObject json = new JsonObject();
            json.addProperty("picture", PngPicture.address(picture, 0));
            json.addProperty("name", fresh.classes().get(fresh.label(index)));
            JsonObject byHand = new Explanation(hand, picture, asDrawn.label(index)).passage(SHOWN_RATE);
            name(byHand, List.of(HandWiring.EDGES, HandWiring.PARTS, HandWiring.HEADS));
            json.add("hand", byHand);
            Explanation learned = new Explanation(learner, picture, fresh.label(index));
            json.add("start", OtherWeights.ask(learner, (parameter, _) -> start.weights().get(parameter.name()),
                    () -> learned.passage(SHOWN_RATE)));
            json.add("learned", learned.passage(SHOWN_RATE));
            pictures.add(json);
        }
        return pictures;
    }

    private static void name(JsonObject passage, List<List<String>> names) {
        for (int floor = 0; floor < names.size(); floor++) {
            passage.getAsJsonArray("floors").get(floor).getAsJsonObject().add("names",
                    GSON.toJsonTree(names.get(floor)));
        }
    }

    /** What the network answered as it learned, how often it was right, and what its first floor looked for. */
    private JsonArray diary(List<Diary.Entry> entries, List<Integer> shown, Model learner) {
        int sample = Math.min(DIARY_SAMPLE, fresh.size());
        int apart = fresh.size() / sample;
        Dataset judged = fresh.subset(IntStream.range(0, sample).map(i -> i * apart).toArray());
        JsonArray diary = new JsonArray();
        for (Diary.Entry entry : entries) {
            diary.add(OtherWeights.ask(learner, (parameter, _) -> entry.weights().get(parameter.name()), () -> {
                Evaluation evaluation = evaluate(learner, judged);
                JsonObject json = new JsonObject();
                json.addProperty("step", entry.steps());
                json.addProperty("right", evaluation.top1());
                json.addProperty("loss", evaluation.loss());
                json.add("answers",
                        GSON.toJsonTree(shown.stream().map(index -> answer(learner, batch(index))).toList()));
                json.add("filters", Filters.of(learner).orElseThrow().read());
                return json;
            }));
        }
        return diary;
    }

    private static float[] answer(Model model, HostBatch picture) {
        try (Scope _ = Scope.open()) {
            return Softmax.softmax(model.forward(model.prepare(picture))).toFloats();
        }
    }

    /** The first fresh pictures that one of the two networks takes for something else, and what each says. */
    private JsonArray mistakes(Model hand, Model learner) {
        Dataset asDrawn = new AsDrawn(fresh);
        JsonArray mistakes = new JsonArray();
        for (int i = 0; i < fresh.size() && mistakes.size() < MOST_MISTAKES; i++) {
            HostBatch picture = batch(i);
            int byHand = Explanation.answer(hand, picture);
            int learned = Explanation.answer(learner, picture);
            if (byHand != asDrawn.label(i) || learned != fresh.label(i)) {
                JsonObject json = new JsonObject();
                json.addProperty("picture", PngPicture.address(picture, 0));
                json.addProperty("name", fresh.classes().get(fresh.label(i)));
                json.addProperty("hand", hand.classes().get(byHand));
                json.addProperty("hand_right", byHand == asDrawn.label(i));
                json.addProperty("learned", learner.classes().get(learned));
                json.addProperty("learned_right", learned == fresh.label(i));
                mistakes.add(json);
            }
        }
        return mistakes;
    }
}
