package dev.halcyon.emulator.driver;

/**
 * Waits for another stream.
 *
 * @param other stream
 * @param works that it has to have done
 */
record EventWait(Stream other, long works) implements Work {
    @Override
    public void execute() {
        other.finish(works);
    }
}
