package dev.halcyon.data;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** What happens when images of a collection cannot be read: they are noted and left out, or refused. */
public final class Unreadable {
    private final boolean refused;
    private final Set<String> messages = new ConcurrentSkipListSet<>();

    private Unreadable(boolean refused) {
        this.refused = refused;
    }

    /** They are left out, and noted. */
    public static Unreadable leftOut() {
        return new Unreadable(false);
    }

    /** The first one is an error. */
    public static Unreadable refused() {
        return new Unreadable(true);
    }

    /**
     * Takes note of one.
     *
     * @throws DataException if they are refused
     */
    void found(DataException problem) {
        if (refused) {
            throw problem;
        }
        messages.add(problem.getMessage());
    }

    /** One line for each that was left out, in alphabetical order: its name and what is wrong. */
    public List<String> messages() {
        return List.copyOf(messages);
    }
}
