package dev.halcyon.train;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** How far a run has come: everything a checkpoint keeps beside tensors. */
final class Progress {
    /** Epochs that are complete. */
    int epoch;
    /** Batches of the current epoch that are done. */
    int batch;
    /** Steps of the optimiser. */
    long steps;
    /** Sum of the current epoch's losses, weighted by images. */
    double lossSum;
    /** Images of the current epoch so far. */
    long images;
    /** Seconds of training in earlier processes and this one. */
    double seconds;
    /** Images trained on, all in all. */
    long allImages;
    /** Learning rate of the last step. */
    double rate;
    /** What the schedule's rate was multiplied by in the last step. */
    double rateFactor = 1;
    /** The epoch kept so far, 0 for none. */
    int bestEpoch;
    /** Its validation accuracy. */
    double bestTop1 = Double.NEGATIVE_INFINITY;
    /** Its validation loss. */
    double bestLoss = Double.POSITIVE_INFINITY;
    final List<EpochResult> history = new ArrayList<>();

    /** Whether an epoch is to be kept rather than the one kept so far: by accuracy, among equals by loss. */
    boolean isBest(EpochResult result) {
        boolean judged = Double.isFinite(result.valTop1());
        return !judged || result.valTop1() > bestTop1 || result.valTop1() == bestTop1 && result.valLoss() < bestLoss;
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("epoch", epoch);
        json.addProperty("batch", batch);
        json.addProperty("steps", steps);
        json.addProperty("loss_sum", Double.toString(lossSum));
        json.addProperty("images", images);
        json.addProperty("seconds", seconds);
        json.addProperty("all_images", allImages);
        json.addProperty("rate", rate);
        json.addProperty("rate_factor", rateFactor);
        json.addProperty("best_epoch", bestEpoch);
        json.addProperty("best_top1", Double.toString(bestTop1));
        json.addProperty("best_loss", Double.toString(bestLoss));
        JsonArray epochs = new JsonArray();
        history.forEach(result -> epochs.add(toJson(result)));
        json.add("history", epochs);
        return json;
    }

    static Progress of(String text) {
        JsonObject json = new Gson().fromJson(text, JsonObject.class);
        Progress progress = new Progress();
        progress.epoch = json.get("epoch").getAsInt();
        progress.batch = json.get("batch").getAsInt();
        progress.steps = json.get("steps").getAsLong();
        progress.lossSum = Double.parseDouble(json.get("loss_sum").getAsString());
        progress.images = json.get("images").getAsLong();
        progress.seconds = json.get("seconds").getAsDouble();
        progress.allImages = json.get("all_images").getAsLong();
        progress.rate = json.get("rate").getAsDouble();
        progress.rateFactor = json.has("rate_factor") ? json.get("rate_factor").getAsDouble() : 1;
        progress.bestEpoch = json.get("best_epoch").getAsInt();
        progress.bestTop1 = Double.parseDouble(json.get("best_top1").getAsString());
        progress.bestLoss = Double.parseDouble(json.get("best_loss").getAsString());
        json.getAsJsonArray("history").forEach(element -> progress.history.add(fromJson(element.getAsJsonObject())));
        return progress;
    }

    /** One line of {@code metrics.jsonl}. Numbers that are not there are null. */
    static JsonObject toJson(EpochResult result) {
        JsonObject json = new JsonObject();
        json.addProperty("epoch", result.epoch());
        json.addProperty("train_loss", result.trainLoss());
        json.addProperty("val_loss", finite(result.valLoss()));
        json.addProperty("val_top1", finite(result.valTop1()));
        json.addProperty("lr", result.lr());
        json.addProperty("seconds", result.seconds());
        return json;
    }

    private static EpochResult fromJson(JsonObject json) {
        return new EpochResult(json.get("epoch").getAsInt(), json.get("train_loss").getAsDouble(),
                orNaN(json.get("val_loss")), orNaN(json.get("val_top1")), json.get("lr").getAsDouble(),
                json.get("seconds").getAsDouble());
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static double orNaN(JsonElement element) {
        return element == null || element.isJsonNull() ? Double.NaN : element.getAsDouble();
    }
}
