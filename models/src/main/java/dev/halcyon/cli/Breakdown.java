package dev.halcyon.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.halcyon.device.OperationListener;
import dev.halcyon.tensor.Shape;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Where the time of a step goes: operations of one name and shape together. */
final class Breakdown implements OperationListener {
    private final Map<Key, Total> totals = new LinkedHashMap<>();

    private record Key(String operation, List<Shape> shapes) {
    }

    private record Total(long calls, long nanoseconds, double flops, long bytes) {
        Total plus(Operation ran) {
            return new Total(calls + 1, nanoseconds + ran.nanoseconds(), flops + ran.flops(), bytes + ran.bytes());
        }
    }

    @Override
    public void ran(Operation operation) {
        Key key = new Key(operation.name(), operation.shapes());
        totals.put(key, totals.getOrDefault(key, new Total(0, 0, 0, 0)).plus(operation));
    }

    private List<Map.Entry<Key, Total>> slowestFirst() {
        return totals.entrySet().stream()
                .sorted(Comparator.comparingLong(entry -> -entry.getValue().nanoseconds)).toList();
    }

    private double share(Total total) {
        return (double) total.nanoseconds / totals.values().stream().mapToLong(Total::nanoseconds).sum();
    }

    /** Operations, the slowest first; calls and times are those of one of {@code steps}. */
    JsonArray json(int steps) {
        JsonArray rows = new JsonArray();
        slowestFirst().forEach(entry -> {
            Total total = entry.getValue();
            JsonObject row = new JsonObject();
            row.addProperty("operation", entry.getKey().operation);
            row.addProperty("shapes", shapes(entry.getKey()));
            row.addProperty("calls", Json.rounded((double) total.calls / steps));
            row.addProperty("milliseconds", Json.rounded(total.nanoseconds / 1e6 / steps));
            row.addProperty("share", Json.rounded(share(total)));
            row.addProperty("gflops_per_s", Json.rounded(total.flops / total.nanoseconds));
            row.addProperty("gbytes_per_s", Json.rounded((double) total.bytes / total.nanoseconds));
            rows.add(row);
        });
        return rows;
    }

    /** The same for people. */
    String table(int steps) {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%9s %6s %6s %8s %7s  %s%n", "ms/step",
                "share", "calls", "GFLOP/s", "GB/s", "operation"));
        slowestFirst().forEach(entry -> {
            Total total = entry.getValue();
            table.append(String.format(Locale.ROOT, "%9.3f %5.1f%% %6.1f %8.1f %7.1f  %s %s%n",
                    total.nanoseconds / 1e6 / steps, 100 * share(total), (double) total.calls / steps,
                    total.flops / total.nanoseconds, (double) total.bytes / total.nanoseconds, entry.getKey().operation,
                    shapes(entry.getKey())));
        });
        return table.toString();
    }

    private static String shapes(Key key) {
        List<Shape> shapes = key.shapes;
        int most = 4;
        String listed = shapes.stream().limit(most).map(Shape::toString).collect(Collectors.joining(" "));
        return shapes.size() <= most ? listed : listed + " and " + (shapes.size() - most) + " more";
    }
}
