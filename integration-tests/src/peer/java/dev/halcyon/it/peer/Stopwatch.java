package dev.halcyon.it.peer;

import java.util.Arrays;

/** Times short work: a sample repeats it until the clock's own steps and the loop around it do not count. */
final class Stopwatch {
    private static final double SAMPLE_NANOSECONDS = 2e6;
    private static final int MOST_REPETITIONS = 2000;

    private Stopwatch() {
    }

    /**
     * Median time of one execution, in microseconds.
     *
     * @param warmup seconds of work before the samples: enough for the just-in-time compiler to be done, where there is
     *        one
     */
    static double median(double warmup, int samples, Runnable work) {
        long start = System.nanoTime();
        long executions = 0;
        do {
            work.run();
            executions++;
        } while (executions < samples || System.nanoTime() - start < 1e9 * warmup);
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
