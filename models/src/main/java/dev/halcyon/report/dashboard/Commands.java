package dev.halcyon.report.dashboard;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.halcyon.train.TrainingControl;
import java.util.Optional;

/** What viewers may do to a run. A command is a JSON object such as {@code {"action": "rate", "factor": 0.5}}. */
final class Commands {
    private static final double LEAST_FACTOR = 1e-4;
    private static final double LARGEST_FACTOR = 1e4;
    private static final String EXPECTED =
            "expected an action: pause, proceed, stop-after-epoch, go-on-after-epoch, or rate"
                    + " with a factor from 0.0001 to 10000";

    private final TrainingControl control;
    private final Runnable changed;

    /**
     * Commands to a run.
     *
     * @param changed is run after each command that was obeyed
     */
    Commands(TrainingControl control, Runnable changed) {
        this.control = control;
        this.changed = changed;
    }

    /** Does what a viewer asks for; returns what is wrong with it, or an empty text. */
    String obey(String text) {
        JsonElement parsed;
        try {
            parsed = JsonParser.parseString(text);
        } catch (JsonParseException _) {
            return EXPECTED;
        }
        if (!(parsed instanceof JsonObject command) || !(command.get("action") instanceof JsonPrimitive action)) {
            return EXPECTED;
        }
        switch (action.getAsString()) {
            case "pause" -> control.pause();
            case "proceed" -> control.proceed();
            case "stop-after-epoch" -> control.stopAfterEpoch(true);
            case "go-on-after-epoch" -> control.stopAfterEpoch(false);
            case "rate" -> {
                Optional<Double> factor = factor(command);
                if (factor.isEmpty()) {
                    return EXPECTED;
                }
                control.rateFactor(factor.get());
            }
            default -> {
                return EXPECTED;
            }
        }
        changed.run();
        return "";
    }

    private static Optional<Double> factor(JsonObject command) {
        if (command.get("factor") instanceof JsonPrimitive factor && factor.isNumber()) {
            double value = factor.getAsDouble();
            return value >= LEAST_FACTOR && value <= LARGEST_FACTOR ? Optional.of(value) : Optional.empty();
        }
        return Optional.empty();
    }
}
