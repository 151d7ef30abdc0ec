package dev.halcyon.report.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void zeroIsInTheMiddle() {
        Histogram histogram = Histogram.aroundZero(new float[] {-0.5f, 0.25f, 2});
        assertEquals(-2, histogram.low());
        assertEquals(2, histogram.high());
        assertEquals(1, histogram.counts()[12]);
        assertEquals(1, histogram.counts()[18]);
        assertEquals(1, histogram.counts()[Histogram.BINS - 1]);
        assertEquals(3, Arrays.stream(histogram.counts()).sum());
    }

    @Test
    void whatIsNoNumberIsLeftOut() {
        Histogram histogram = Histogram.aroundZero(new float[] {Float.NaN, Float.POSITIVE_INFINITY, 1});
        assertEquals(1, histogram.high());
        assertEquals(1, Arrays.stream(histogram.counts()).sum());
    }

    @Test
    void zerosAreInABinToo() {
        assertEquals(3, Histogram.aroundZero(new float[3]).counts()[Histogram.BINS / 2]);
    }

    @Test
    void whatLiesOutsideGoesToTheEdge() {
        Histogram histogram = Histogram.between(-8, 0, new float[] {-100, -8, -0.01f, 3});
        assertEquals(2, histogram.counts()[0]);
        assertEquals(2, histogram.counts()[Histogram.BINS - 1]);
    }
}
