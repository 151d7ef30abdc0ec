package dev.halcyon.report;

import com.google.gson.JsonObject;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Parameter;
import dev.halcyon.tensor.Shape;
import java.util.Base64;
import java.util.Optional;

/** What the first layer looks for: its weights as small pictures, one for each of its outputs. */
public final class Filters {
    private static final int MOST_FILTERS = 64;
    private static final int MOST_BYTES = 32_768;

    private final Parameter weight;
    private final int height;
    private final int width;
    private final int channels;
    /** Where the linear layer behind a flattened image has channels: outermost. */
    private final boolean channelsFirst;
    private final int filters;

    private Filters(Parameter weight, int height, int width, int channels, boolean channelsFirst) {
        this.weight = weight;
        this.height = height;
        this.width = width;
        this.channels = channels;
        this.channelsFirst = channelsFirst;
        int outputs = (int) weight.shape().extent(-1);
        this.filters = Math.min(Math.min(outputs, MOST_FILTERS), MOST_BYTES / (height * width * channels));
    }

    /** The filters of a network whose first layer is a convolution or a linear layer that reads the whole image. */
    public static Optional<Filters> of(Model model) {
        Parameter first = model.network().parameters().stream()
                .filter(parameter -> parameter.role() == Parameter.Role.WEIGHT).findFirst().orElseThrow();
        Shape shape = first.shape();
        Model.Input input = model.input();
        Filters filters;
        if (shape.rank() == 4) {
            filters = new Filters(first, (int) shape.extent(0), (int) shape.extent(1), (int) shape.extent(2), false);
        } else if (shape.extent(0) == (long) input.height() * input.width() * input.channels()) {
            filters = new Filters(first, input.height(), input.width(), input.channels(), true);
        } else {
            return Optional.empty();
        }
        return filters.filters > 0 && (filters.channels == 1 || filters.channels == 3)
                ? Optional.of(filters)
                : Optional.empty();
    }

    /**
     * The filters now. {@code values}: signed bytes [filter, row, column, channel] in Base64, 127 being the largest
     * absolute weight of that filter.
     */
    public JsonObject read() {
        float[] weights = weight.tensor().toFloats();
        int outputs = (int) weight.shape().extent(-1);
        int size = height * width * channels;
        byte[] values = new byte[filters * size];
        for (int filter = 0; filter < filters; filter++) {
            float largest = Float.MIN_NORMAL;
            for (int i = 0; i < size; i++) {
                largest = Math.max(largest, Math.abs(weights[i * outputs + filter]));
            }
            for (int i = 0; i < size; i++) {
                values[filter * size + i] =
                        (byte) Math.round(127 * weights[position(i) * outputs + filter] / largest);
            }
        }
        JsonObject json = new JsonObject();
        json.addProperty("name", weight.name());
        json.addProperty("count", filters);
        json.addProperty("outputs", outputs);
        json.addProperty("height", height);
        json.addProperty("width", width);
        json.addProperty("channels", channels);
        json.addProperty("values", Base64.getEncoder().encodeToString(values));
        return json;
    }

    /** Where a pixel's channel, counted [row, column, channel], is among the layer's inputs. */
    private int position(int index) {
        return channelsFirst ? index % channels * height * width + index / channels : index;
    }
}
