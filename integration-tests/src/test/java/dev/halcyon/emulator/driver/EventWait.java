package dev.halcyon.emulator.driver;

/**
 * Waits for another stream.
 *
 * @param stream that waits
 * @param other stream
 * @param works that the other has to have done
 */
record EventWait(Stream stream, Stream other, long works) implements Work {
    @Override
    public void execute() {
        try {
            other.finish(works);
        } catch (DriverError e) {
            // a context that fails, perhaps on another device, does not take those along that wait for it
            if (other.context() == stream.context()) {
                throw e;
            }
        }
    }
}
