package dev.halcyon.emulator.driver;

/** Frees memory in the order of a stream. */
record OrderedFree(Device device, long address) implements Work {
    @Override
    public void execute() {
        device.free(address);
    }
}
