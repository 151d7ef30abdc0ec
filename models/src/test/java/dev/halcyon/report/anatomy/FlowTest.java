package dev.halcyon.report.anatomy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FlowTest {
    /** Flows 10 · 1, 10 · 2, 1 · 3, 1 · 4 of 37: the largest alone carries more than half. */
    @Test
    void aHighwayIsLoudAndTrusted() {
        assertEquals(0.25, Flow.highways(new double[] {10, 1}, new double[][] {{1, 2}, {3, 4}}));
    }

    @Test
    void equalLinksNeedHalfOfThem() {
        assertEquals(0.5, Flow.highways(new double[] {1, 1}, new double[][] {{1, 1}, {1, 1}}));
    }

    /** Two groups of one channel each: outputs 0 and 1 hear channel 0, outputs 2 and 3 channel 1. */
    @Test
    void outputsHearTheirGroupAlone() {
        assertEquals(0.25, Flow.highways(new double[] {0, 1}, new double[][] {{9, 9, 1, 1}}));
    }

    @Test
    void silenceHasNoHighways() {
        assertEquals(0, Flow.highways(new double[] {0, 0}, new double[][] {{1}, {1}}));
    }
}
