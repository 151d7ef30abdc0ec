package dev.halcyon.cpu;

/** Fused multiply-adds of single numbers, in eight chains. */
final class ScalarPeak implements PeakKernel {
    private static final int CHAINS = 8;

    @Override
    public long flops(int rounds) {
        return 2L * CHAINS * rounds;
    }

    @Override
    public void run(int rounds, long vector) {
        float a = Memory.getFloat(vector);
        float b = a / 2;
        float c0 = a;
        float c1 = a + 1;
        float c2 = a + 2;
        float c3 = a + 3;
        float c4 = a + 4;
        float c5 = a + 5;
        float c6 = a + 6;
        float c7 = a + 7;
        for (int i = 0; i < rounds; i++) {
            c0 = Math.fma(a, c0, b);
            c1 = Math.fma(a, c1, b);
            c2 = Math.fma(a, c2, b);
            c3 = Math.fma(a, c3, b);
            c4 = Math.fma(a, c4, b);
            c5 = Math.fma(a, c5, b);
            c6 = Math.fma(a, c6, b);
            c7 = Math.fma(a, c7, b);
        }
        Memory.setFloat(vector, c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7);
    }
}
