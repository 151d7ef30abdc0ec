package dev.halcyon.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final double EXACT = 1e-12;

    @Test
    void constantStaysAndStepDrops() {
        assertEquals(0.3, Schedule.constant(0.3).rate(7.5, 10), EXACT);
        Schedule step = Schedule.step(0.1, 30, 0.1);
        assertEquals(0.1, step.rate(29.99, 90), EXACT);
        assertEquals(0.01, step.rate(30, 90), EXACT);
        assertEquals(0.001, step.rate(89, 90), EXACT);
    }

    @Test
    void cosineFallsFromThePeakToZero() {
        Schedule cosine = Schedule.cosine(0.4);
        assertEquals(0.4, cosine.rate(0, 10), EXACT);
        assertEquals(0.2, cosine.rate(5, 10), EXACT);
        assertEquals(0, cosine.rate(10, 10), EXACT);
    }

    @Test
    void oneCycleRisesToItsPeakAndFalls() {
        Schedule cycle = Schedule.oneCycle(1);
        assertEquals(0.04, cycle.rate(0, 10), EXACT);
        assertEquals(1, cycle.rate(3, 10), EXACT);
        assertEquals(1e-4, cycle.rate(10, 10), EXACT);
        assertTrue(cycle.rate(1, 10) < cycle.rate(2, 10));
        assertTrue(cycle.rate(4, 10) > cycle.rate(5, 10));
    }

    @Test
    void warmUpRisesFromZeroBeforeAny() {
        Schedule warmed = Schedule.constant(0.2).warmUp(4);
        assertEquals(0, warmed.rate(0, 10), EXACT);
        assertEquals(0.1, warmed.rate(2, 10), EXACT);
        assertEquals(0.2, warmed.rate(4, 10), EXACT);
    }
}
