package dev.halcyon.report.explain;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.halcyon.autograd.ops.Reductions;
import dev.halcyon.data.HostBatch;
import dev.halcyon.nn.Model;
import dev.halcyon.report.OtherWeights;
import dev.halcyon.report.PngPicture;
import dev.halcyon.tensor.Scope;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/** Everything that the page about one picture tells, as JSON. */
public final class Explanation {
    private static final Gson GSON = new Gson();
    /** Draws the weights of the network that knows nothing. */
    private static final long RANDOM_SEED = 1;

    private final Model model;
    private final HostBatch picture;
    private final int label;

    /**
     * About one picture.
     *
     * @param picture a batch of one, from {@link dev.halcyon.models.PictureBatch}
     * @param label the true class
     */
    public Explanation(Model model, HostBatch picture, int label) {
        this.model = model;
        this.picture = picture;
        this.label = label;
    }

    /** The class that a model takes a picture for. */
    public static int answer(Model model, HostBatch picture) {
        model.network().training(false);
        try (Scope _ = Scope.open()) {
            return Math.toIntExact(Reductions.argMax(model.forward(model.prepare(picture))).toLongs()[0]);
        }
    }

    /**
     * Computes all of it.
     *
     * @param rate the learning rate of the step that is tried
     */
    public JsonObject compute(double rate) {
        JsonObject json = passage(rate);
        json.addProperty("height", model.input().height());
        json.addProperty("width", model.input().width());
        json.addProperty("picture", PngPicture.address(picture, 0));
        json.add("looked", looked());
        return json;
    }

    /** The way up, the way down and what one step changes, without the picture and where the network looked. */
    public JsonObject passage(double rate) {
        Passage passage = Passage.of(model, picture, label);
        JsonObject json = new JsonObject();
        json.addProperty("model", model.architecture());
        json.add("classes", GSON.toJsonTree(model.classes()));
        json.addProperty("truth", label);
        json.add("probabilities", GSON.toJsonTree(passage.probabilities()));
        json.addProperty("loss", passage.loss());
        JsonArray floors = new JsonArray();
        for (int i = 0; i < passage.floors().size(); i++) {
            floors.add(new FloorStory(passage.floors().get(i), model.input(), i == 0).json());
        }
        json.add("floors", floors);
        json.add("update", update(Update.of(model, picture, passage.gradients(), rate)));
        return json;
    }

    private JsonObject update(Update update) {
        JsonObject json = new JsonObject();
        json.addProperty("rate", update.rate());
        json.add("probabilities", GSON.toJsonTree(update.probabilities()));
        JsonArray changes = new JsonArray();
        for (Update.Change change : update.changes()) {
            JsonObject entry = new JsonObject();
            entry.addProperty("name", change.name());
            entry.add("index", GSON.toJsonTree(change.index()));
            entry.addProperty("before", change.before());
            entry.addProperty("after", change.after());
            changes.add(entry);
        }
        json.add("changes", changes);
        return json;
    }

    /** What three ways of asking show. */
    private record Maps(Optional<Attribution.Heat> gradCam, Attribution.IntegratedGradients integrated,
            Attribution.Heat occlusion) {
    }

    private Maps maps() {
        Attribution attribution = new Attribution(model, picture, label);
        return new Maps(attribution.gradCam(), attribution.integratedGradients(), attribution.occlusion());
    }

    /**
     * The maps, and beside them those of the same network with random weights: a way of asking that shows the same for
     * both tells nothing of what was learned (Adebayo et al., NeurIPS 2018).
     */
    private JsonArray looked() {
        Maps learned = maps();
        Maps random = OtherWeights.ask(model, (parameter, own) -> OtherWeights.drawn(parameter, own, RANDOM_SEED),
                this::maps);
        JsonArray ways = new JsonArray();
        learned.gradCam.ifPresent(heat -> ways.add(way("Grad-CAM", heat, random.gradCam.orElseThrow())));
        JsonObject way = way("integrated gradients", learned.integrated.heat(), random.integrated.heat());
        way.addProperty("gain", learned.integrated.gain());
        way.addProperty("gap", learned.integrated.gap());
        ways.add(way);
        ways.add(way("occlusion", learned.occlusion, random.occlusion));
        return ways;
    }

    private static JsonObject way(String name, Attribution.Heat learned, Attribution.Heat random) {
        JsonObject json = new JsonObject();
        json.addProperty("name", name);
        json.add("learned", heat(learned));
        json.add("random", heat(random));
        double likeness = new SpearmansCorrelation().correlation(learned.values(), random.values());
        json.addProperty("likeness", Double.isFinite(likeness) ? likeness : 0);
        return json;
    }

    /** Signed bytes in Base64, 127 being the largest absolute value, which is told beside. */
    private static JsonObject heat(Attribution.Heat heat) {
        JsonObject json = Bytes.of(heat.rows(), heat.columns(), heat.values());
        json.addProperty("sum", IntStream.range(0, heat.values().length).mapToDouble(i -> heat.values()[i]).sum());
        return json;
    }
}
