package dev.halcyon.tensor;

import java.util.Optional;

/** Where and why tensors were released, for the message that a late user of them gets. */
public final class Release {
    private static final StackWalker WALKER = StackWalker.getInstance();

    private final String reason;
    private final Optional<StackWalker.StackFrame> place;

    private Release(String reason, Optional<StackWalker.StackFrame> place) {
        this.reason = reason;
        this.place = place;
    }

    /** The nearest caller outside this package and the tape, with the reason it has. */
    public static Release here(String reason) {
        return new Release(reason, WALKER.walk(frames -> frames
                .filter(frame -> !frame.getClassName().startsWith("dev.halcyon.tensor.")
                        && !frame.getClassName().equals("dev.halcyon.autograd.Tape"))
                .findFirst()));
    }

    @Override
    public String toString() {
        return reason + place.map(frame -> " at " + frame).orElse("");
    }
}
