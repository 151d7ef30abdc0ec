package dev.halcyon.it.gpu;

/**
 * What a launch costs.
 *
 * @param read bytes that memory has to give: each that is read counts once, as caches keep what is read again
 * @param written bytes that it has to take
 * @param flops floating-point operations, with those on zeros that fill up tiles
 */
record Cost(long read, long written, long flops) {
    static final Cost NONE = new Cost(0, 0, 0);

    static Cost moving(long read, long written) {
        return new Cost(read, written, 0);
    }

    Cost computing(long operations) {
        return new Cost(read, written, operations);
    }

    Cost plus(Cost other) {
        return new Cost(read + other.read, written + other.written, flops + other.flops);
    }

    long bytes() {
        return read + written;
    }
}
