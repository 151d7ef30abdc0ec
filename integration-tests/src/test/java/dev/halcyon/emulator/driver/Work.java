package dev.halcyon.emulator.driver;

/** What a stream does in its turn. */
interface Work {
    /**
     * Does it.
     *
     * @throws DriverError if it fails, which ends its context
     */
    void execute();
}
