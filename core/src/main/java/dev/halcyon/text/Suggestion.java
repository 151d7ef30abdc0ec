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
        String guess = nearest(name, known).map(near -> "; did you mean '" + near + "'?").orElse("");
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

    /**
     * Damerau and Levenshtein's distance: insertions, deletions, replacements and exchanges of neighbours that turn one
     * text into the other.
     */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                boolean exchanged = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
                if (exchanged) {
                    cost[i][j] = Math.min(cost[i][j], 1 + cost[i - 2][j - 2]);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
