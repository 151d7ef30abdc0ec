package dev.halcyon.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What somebody who mistyped a name may have meant. */
public final class Suggestion {
    private Suggestion() {
    }

    /**
     * The end of an error message about an unknown name: {@code ; did you mean 'resnet18'? (known: lenet, resnet18)}.
     *
     * @param name what was given
     * @param known what would have been right
     */
    public static String among(String name, Collection<String> known) {
        String guess = nearest(name, known).map(near -> "; did you mean '" + near + "'?").orElse(";");
        return guess + " (known: " + String.join(", ", known) + ")";
    }

    /** The known name at the smallest edit distance, if it is near enough to be a slip of the finger. */
    public static Optional<String> nearest(String name, Collection<String> known) {
        String given = name.toLowerCase(Locale.ROOT);
        int tolerance = Math.max(2, given.length() / 3);
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(given, candidate.toLowerCase(Locale.ROOT))))
                .filter(candidate -> distance(given, candidate.toLowerCase(Locale.ROOT)) <= tolerance);
    }

    /** Levenshtein's distance: insertions, deletions and replacements that turn one text into the other. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
