package dev.halcyon.cpu;

/** Measures what the processor's arithmetic units can do. */
final class Peak {
    private static final int ROUNDS = 200_000;
    private static final int REPETITIONS = 60;
    private static final long STRIDE = 256;

    private Peak() {
    }

    /** The best rate of all threads together, in 10⁹ floating-point operations a second. */
    static double measure(Workers workers) {
        PeakKernel kernel = Vectorization.peak();
        double best = 0;
        try (Scratch memory = new Scratch()) {
            long base = memory.request(STRIDE * workers.threads());
            for (int repetition = 0; repetition < REPETITIONS; repetition++) {
                long start = System.nanoTime();
                workers.run(workers.threads(), (chunk, worker) -> {
                    long vector = base + STRIDE * chunk;
                    for (int i = 0; i < STRIDE / Float.BYTES; i++) {
                        Memory.setFloat(vector + 4L * i, 0.5f);
                    }
                    kernel.run(ROUNDS, vector);
                });
                best = Math.max(best, (double) kernel.flops(ROUNDS) * workers.threads() / (System.nanoTime() - start));
            }
        }
        return best;
    }
}
