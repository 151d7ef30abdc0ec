package dev.halcyon.cli;

import dev.halcyon.data.Splits;
import dev.halcyon.data.Unreadable;
import dev.halcyon.models.data.DataSources;
import java.io.PrintWriter;
import java.util.List;

/** Data as commands open it: some of its classes, and a word about images that are left out. */
final class OpenedData {
    private static final int NAMES_SHOWN = 10;

    private OpenedData() {
    }

    /**
     * Opens data.
     *
     * @param classes the wanted ones, or null for all
     */
    static Splits open(String data, List<String> classes, boolean strict, PrintWriter err) {
        Unreadable unreadable = strict ? Unreadable.refused() : Unreadable.leftOut();
        Splits splits = DataSources.open(data, unreadable);
        List<String> left = unreadable.messages();
        if (!left.isEmpty()) {
            err.println(left.size() + (left.size() == 1 ? " image is" : " images are")
                    + " left out (--strict makes that an error):");
            left.stream().limit(NAMES_SHOWN).forEach(message -> err.println("  " + message));
            if (left.size() > NAMES_SHOWN) {
                err.println("  …");
            }
        }
        return classes == null ? splits : splits.onlyClasses(classes.stream().map(String::strip).toList());
    }
}
