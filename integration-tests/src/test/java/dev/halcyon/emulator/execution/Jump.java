package dev.halcyon.emulator.execution;

/** A place in the code, whose position is known once all of it is there. */
final class Jump {
    private int position = -1;

    /** Index of the step that stands there. */
    int position() {
        return position;
    }

    boolean placed() {
        return position >= 0;
    }

    void place(int index) {
        position = index;
    }
}
