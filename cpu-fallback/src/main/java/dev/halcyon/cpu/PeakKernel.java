package dev.halcyon.cpu;

/** A loop that does nothing but arithmetic, as fast as the processor can. */
public interface PeakKernel {
    /** Floating-point operations of a run. */
    long flops(int rounds);

    /**
     * Runs.
     *
     * @param vector memory of one vector: factors below 1, which are overwritten
     */
    void run(int rounds, long vector);
}
