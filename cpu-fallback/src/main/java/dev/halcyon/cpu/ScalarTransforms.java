package dev.halcyon.cpu;

/** Winograd's maps by plain loops. */
final class ScalarTransforms implements TransformKernels {
    private static final TileKernels TILES = new ScalarTiles();

    @Override
    public void map(Map map, Runs from, Runs to, int count, int floats) {
        for (int item = 0; item < count; item++) {
            for (int x = 0; x < floats; x++) {
                long source = from.address() + item * from.next() + 4L * x;
                long target = to.address() + item * to.next() + 4L * x;
                switch (map) {
                    case INPUT -> input(source, from.step(), target, to.step());
                    case TAPS -> taps(source, from.step(), target, to.step());
                    case OUTPUT -> output(source, from.step(), target, to.step());
                    case OUTPUT_GRADIENT -> outputGradient(source, from.step(), target, to.step());
                    case TAPS_GRADIENT -> tapsGradient(source, from.step(), target, to.step());
                    case FIVE_TAPS -> fiveTaps(source, from.step(), target, to.step());
                    case TWO_OUTPUTS -> twoOutputs(source, from.step(), target, to.step());
                    case TWO_OUTPUTS_GRADIENT -> twoOutputsGradient(source, from.step(), target, to.step());
                    case FIVE_TAPS_GRADIENT -> fiveTapsGradient(source, from.step(), target, to.step());
                }
            }
        }
    }

    private static void input(long from, long step, long to, long toStep) {
        float d1 = Memory.getFloat(from + step);
        float d2 = Memory.getFloat(from + 2 * step);
        float d3 = Memory.getFloat(from + 3 * step);
        float d4 = Memory.getFloat(from + 4 * step);
        Memory.setFloat(to, Math.fma(Memory.getFloat(from), P * P * Q * Q, Math.fma(d2, -(P * P + Q * Q), d4)));
        pair(Math.fma(d2, -(Q * Q), d4), Math.fma(d1, -(Q * Q), d3), P, to + toStep, toStep);
        pair(Math.fma(d2, -(P * P), d4), Math.fma(d1, -(P * P), d3), Q, to + 3 * toStep, toStep);
        Memory.setFloat(to + 5 * toStep,
                Math.fma(d1, P * P * Q * Q, Math.fma(d3, -(P * P + Q * Q), Memory.getFloat(from + 5 * step))));
    }

    private static void taps(long from, long step, long to, long toStep) {
        float g0 = Memory.getFloat(from);
        float g1 = Memory.getFloat(from + step);
        float g2 = Memory.getFloat(from + 2 * step);
        Memory.setFloat(to, g0 * SHARE_ZERO);
        pair(Math.fma(g2, P * P, g0) * SHARE_P, g1 * SHARE_P, P, to + toStep, toStep);
        pair(Math.fma(g2, Q * Q, g0) * SHARE_Q, g1 * SHARE_Q, Q, to + 3 * toStep, toStep);
        Memory.setFloat(to + 5 * toStep, g2);
    }

    private static void output(long from, long step, long to, long toStep) {
        float m1 = Memory.getFloat(from + step);
        float m2 = Memory.getFloat(from + 2 * step);
        float m3 = Memory.getFloat(from + 3 * step);
        float m4 = Memory.getFloat(from + 4 * step);
        float evenP = m1 + m2;
        float oddP = m1 - m2;
        float evenQ = m3 + m4;
        float oddQ = m3 - m4;
        Memory.setFloat(to, Memory.getFloat(from) + evenP + evenQ);
        Memory.setFloat(to + toStep, Math.fma(oddP, P, oddQ * Q));
        Memory.setFloat(to + 2 * toStep, Math.fma(evenP, P * P, evenQ * (Q * Q)));
        Memory.setFloat(to + 3 * toStep,
                Math.fma(oddP, P * P * P, Math.fma(oddQ, Q * Q * Q, Memory.getFloat(from + 5 * step))));
    }

    private static void outputGradient(long from, long step, long to, long toStep) {
        float y0 = Memory.getFloat(from);
        float y1 = Memory.getFloat(from + step);
        float y2 = Memory.getFloat(from + 2 * step);
        float y3 = Memory.getFloat(from + 3 * step);
        Memory.setFloat(to, y0);
        pair(Math.fma(y2, P * P, y0), Math.fma(y3, P * P, y1), P, to + toStep, toStep);
        pair(Math.fma(y2, Q * Q, y0), Math.fma(y3, Q * Q, y1), Q, to + 3 * toStep, toStep);
        Memory.setFloat(to + 5 * toStep, y3);
    }

    private static void tapsGradient(long from, long step, long to, long toStep) {
        float m1 = Memory.getFloat(from + step);
        float m2 = Memory.getFloat(from + 2 * step);
        float m3 = Memory.getFloat(from + 3 * step);
        float m4 = Memory.getFloat(from + 4 * step);
        float evenP = (m1 + m2) * SHARE_P;
        float oddP = (m1 - m2) * SHARE_P;
        float evenQ = (m3 + m4) * SHARE_Q;
        float oddQ = (m3 - m4) * SHARE_Q;
        Memory.setFloat(to, Math.fma(Memory.getFloat(from), SHARE_ZERO, evenP + evenQ));
        Memory.setFloat(to + toStep, Math.fma(oddP, P, oddQ * Q));
        Memory.setFloat(to + 2 * toStep,
                Math.fma(evenP, P * P, Math.fma(evenQ, Q * Q, Memory.getFloat(from + 5 * step))));
    }

    private static void fiveTaps(long from, long step, long to, long toStep) {
        float g0 = Memory.getFloat(from);
        float g1 = Memory.getFloat(from + step);
        float g2 = Memory.getFloat(from + 2 * step);
        float g3 = Memory.getFloat(from + 3 * step);
        float g4 = Memory.getFloat(from + 4 * step);
        Memory.setFloat(to, g0 * SHARE_ZERO);
        pair(Math.fma(Math.fma(g4, P * P, g2), P * P, g0) * SHARE_P, Math.fma(g3, P * P, g1) * SHARE_P, P, to + toStep,
                toStep);
        pair(Math.fma(Math.fma(g4, Q * Q, g2), Q * Q, g0) * SHARE_Q, Math.fma(g3, Q * Q, g1) * SHARE_Q, Q,
                to + 3 * toStep, toStep);
        Memory.setFloat(to + 5 * toStep, g4);
    }

    private static void twoOutputs(long from, long step, long to, long toStep) {
        float m1 = Memory.getFloat(from + step);
        float m2 = Memory.getFloat(from + 2 * step);
        float m3 = Memory.getFloat(from + 3 * step);
        float m4 = Memory.getFloat(from + 4 * step);
        Memory.setFloat(to, Memory.getFloat(from) + (m1 + m2) + (m3 + m4));
        Memory.setFloat(to + toStep, Math.fma(m1 - m2, P, Math.fma(m3 - m4, Q, Memory.getFloat(from + 5 * step))));
    }

    private static void twoOutputsGradient(long from, long step, long to, long toStep) {
        float y0 = Memory.getFloat(from);
        float y1 = Memory.getFloat(from + step);
        Memory.setFloat(to, y0);
        pair(y0, y1, P, to + toStep, toStep);
        pair(y0, y1, Q, to + 3 * toStep, toStep);
        Memory.setFloat(to + 5 * toStep, y1);
    }

    private static void fiveTapsGradient(long from, long step, long to, long toStep) {
        float m1 = Memory.getFloat(from + step);
        float m2 = Memory.getFloat(from + 2 * step);
        float m3 = Memory.getFloat(from + 3 * step);
        float m4 = Memory.getFloat(from + 4 * step);
        float evenP = (m1 + m2) * SHARE_P;
        float oddP = (m1 - m2) * (SHARE_P * P);
        float evenQ = (m3 + m4) * SHARE_Q;
        float oddQ = (m3 - m4) * (SHARE_Q * Q);
        Memory.setFloat(to, Math.fma(Memory.getFloat(from), SHARE_ZERO, evenP + evenQ));
        Memory.setFloat(to + toStep, oddP + oddQ);
        float squareP = evenP * (P * P);
        float squareQ = evenQ * (Q * Q);
        Memory.setFloat(to + 2 * toStep, squareP + squareQ);
        Memory.setFloat(to + 3 * toStep, Math.fma(oddP, P * P, oddQ * (Q * Q)));
        Memory.setFloat(to + 4 * toStep,
                Math.fma(squareP, P * P, Math.fma(squareQ, Q * Q, Memory.getFloat(from + 5 * step))));
    }

    /** A polynomial's values at a point and at its negative, from its even part and its odd part over the point. */
    private static void pair(float even, float odd, float point, long to, long toStep) {
        Memory.setFloat(to, Math.fma(odd, point, even));
        Memory.setFloat(to + toStep, Math.fma(odd, -point, even));
    }

    @Override
    public void addProducts(int vectors, long a, long b, int depth, long start, long startStep, long c, long cStep) {
        for (int row = 0; row < TileKernels.ROWS; row++) {
            for (int column = 0; column < vectors * TILES.lanes(); column++) {
                float sum = Memory.getFloat(start + row * startStep + 4L * column);
                for (int k = 0; k < depth; k++) {
                    sum = Math.fma(Memory.getFloat(a + k * TERM_BYTES + 4L * row),
                            Memory.getFloat(b + k * TERM_BYTES + 4L * column), sum);
                }
                Memory.setFloat(c + row * cStep + 4L * column, sum);
            }
        }
    }
}
