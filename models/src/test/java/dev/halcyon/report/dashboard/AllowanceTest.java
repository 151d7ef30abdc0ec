package dev.halcyon.report.dashboard;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AllowanceTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void quickLooksComeOnceASecond() {
        Allowance allowance = new Allowance(5);
        assertTrue(allowance.isDue(5));
        allowance.spent(10, 1000);
        assertFalse(allowance.isDue(SECOND - 1));
        assertTrue(allowance.isDue(SECOND + 10));
    }

    @Test
    void longLooksComeSoRarelyThatTheyTakeLessThanAHundredth() {
        Allowance allowance = new Allowance(0);
        for (int look = 0; look < 4; look++) {
            allowance.spent(SECOND, SECOND);
        }
        assertFalse(allowance.isDue(100 * SECOND));
        assertTrue(allowance.isDue(200 * SECOND));
    }

    @Test
    void firstLooksThatTakeLongDoNotPutOffTheNextForMinutes() {
        Allowance allowance = new Allowance(0);
        for (int look = 1; look <= 3; look++) {
            allowance.spent(look * SECOND, SECOND / 2);
            assertFalse(allowance.isDue((look + 4) * SECOND));
            assertTrue(allowance.isDue((look + 5) * SECOND));
        }
    }
}
