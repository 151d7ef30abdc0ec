package dev.halcyon.it.peer;

import java.util.Arrays;

/** Times short work: a sample repeats it until the clock's own steps and the loop around it do not count. */
final class Stopwatch {
    private static final double SAMPLE_NANOSECONDS = 2e6;
    private static final int MOST_REPETITIONS = 2000;
    /** Time before the samples, for each of them: with twenty, enough for the just-in-time compiler to be done. */
    private static final double WARMUP_NANOSECONDS = 5e7;

    private Stopwatch() {
    }

    /** Median time of one execution, in microseconds. */
    static double median(int samples, Runnable work) {
        long start = System.nanoTime();
        long executions = 0;
        do {
            work.run();
            executions++;
        } while (executions < samples || executions < MOST_REPETITIONS
                && System.nanoTime() - start < samples * WARMUP_NANOSECONDS);
        double once = (System.nanoTime() - start) / (double) executions;
        int repetitions = (int) Math.clamp(Math.ceil(SAMPLE_NANOSECONDS / once), 1, MOST_REPETITIONS);
        double[] microseconds = new double[samples];
        for (int sample = 0; sample < samples; sample++) {
            long before = System.nanoTime();
            for (int i = 0; i < repetitions; i++) {
                work.run();
            }
            microseconds[sample] = (System.nanoTime() - before) / 1e3 / repetitions;
        }
        Arrays.sort(microseconds);
        return microseconds[samples / 2];
    }
}
