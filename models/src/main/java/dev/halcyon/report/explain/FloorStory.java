package dev.halcyon.report.explain;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.halcyon.nn.Model;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What one floor said on the way up, and was told on the way down. */
final class FloorStory {
    private static final int MOST_CHANNELS = 8;
    private static final int MOST_LISTENED_TO = 5;

    private final Floor floor;
    private final Model.Input input;
    private final boolean showsFilters;

    /**
     * Of a floor.
     *
     * @param first whether the floor sees the picture itself, and its filters can be shown
     */
    FloorStory(Floor floor, Model.Input input, boolean first) {
        this.floor = floor;
        this.input = input;
        int colours = (int) floor.weightShape().extent(2);
        this.showsFilters = first && floor.weightShape().extent(0) > 1 && (colours == 1 || colours == 3);
    }

    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("name", floor.name());
        json.addProperty("kind", floor.kind());
        json.addProperty("rows", floor.rows());
        json.addProperty("columns", floor.columns());
        json.addProperty("channels", floor.channels());
        json.addProperty("inputs", floor.inputShape().extent(2));
        json.addProperty("function", floor.becomes().function().name().toLowerCase(Locale.ROOT));
        JsonArray loudest = new JsonArray();
        largest(floor.channels(),
                channel -> floor.activation()[floor.loudestPlace(channel) * floor.channels() + channel])
                .forEach(channel -> loudest.add(voice(channel)));
        json.add("loudest", loudest);
        json.add("blamed", blamed());
        return json;
    }

    private interface Size {
        double of(int channel);
    }

    private static List<Integer> largest(int count, Size size) {
        return IntStream.range(0, count).boxed()
                .sorted(Comparator.comparingDouble((Integer channel) -> size.of(channel)).reversed())
                .limit(MOST_CHANNELS).toList();
    }

    private JsonObject voice(int channel) {
        int place = floor.loudestPlace(channel);
        JsonObject json = new JsonObject();
        json.addProperty("channel", channel);
        json.addProperty("activation", floor.activation()[place * floor.channels() + channel]);
        json.add("map", Bytes.of(floor.rows(), floor.columns(), channel(floor.activation(), channel)));
        JsonArray patch = new JsonArray();
        patch.add(floor.field().rows().from(place / floor.columns(), input.height()));
        patch.add(floor.field().columns().from(place % floor.columns(), input.width()));
        patch.add(floor.field().rows().to(place / floor.columns(), input.height()));
        patch.add(floor.field().columns().to(place % floor.columns(), input.width()));
        json.add("patch", patch);
        listenedTo(json, place, channel);
        if (showsFilters) {
            json.add("filter", filter(channel));
        }
        return json;
    }

    /**
     * The largest contributions either way, the other ones together, and what bias, norm and shortcut add: all that the
     * activation function is given.
     */
    private void listenedTo(JsonObject json, int place, int channel) {
        double[] contributions = floor.contributions(place, channel);
        double given = floor.given(place, channel);
        double others = 0;
        JsonArray shown = new JsonArray();
        int[] taken = new int[2];
        List<Integer> order = IntStream.range(0, contributions.length).boxed()
                .sorted(Comparator.comparingDouble(i -> -Math.abs(contributions[i]))).toList();
        for (int i : order) {
            int direction = contributions[i] > 0 ? 1 : 0;
            if (contributions[i] != 0 && taken[direction]++ < MOST_LISTENED_TO) {
                JsonArray entry = new JsonArray();
                entry.add(i);
                entry.add(contributions[i]);
                shown.add(entry);
            } else {
                others += contributions[i];
            }
        }
        json.add("contributions", shown);
        json.addProperty("others", others);
        double shortcut = floor.shortcut(place, channel);
        json.addProperty("shortcut", shortcut);
        json.addProperty("bias", given - shortcut - Arrays.stream(contributions).sum());
        json.addProperty("sum", given);
    }

    private JsonObject filter(int channel) {
        int kernelRows = (int) floor.weightShape().extent(0);
        int kernelColumns = (int) floor.weightShape().extent(1);
        int colours = (int) floor.weightShape().extent(2);
        double[] values = new double[kernelRows * kernelColumns * colours];
        for (int i = 0; i < values.length; i++) {
            values[i] = floor.weight()[i * floor.channels() + channel];
        }
        JsonObject json = Bytes.of(kernelRows, kernelColumns * colours, values);
        json.addProperty("colours", colours);
        return json;
    }

    private JsonObject blamed() {
        double[] blame = floor.blame();
        double rest = 1;
        JsonArray channels = new JsonArray();
        for (int channel : largest(blame.length, c -> blame[c])) {
            JsonObject entry = new JsonObject();
            entry.addProperty("channel", channel);
            entry.addProperty("share", blame[channel]);
            entry.addProperty("pull", floor.pull(channel));
            entry.add("map", Bytes.of(floor.rows(), floor.columns(), channel(floor.gradient(), channel)));
            channels.add(entry);
            rest -= blame[channel];
        }
        JsonObject json = new JsonObject();
        json.add("channels", channels);
        json.addProperty("rest", rest);
        return json;
    }

    private double[] channel(float[] values, int channel) {
        double[] chosen = new double[floor.rows() * floor.columns()];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = values[i * floor.channels() + channel];
        }
        return chosen;
    }
}
