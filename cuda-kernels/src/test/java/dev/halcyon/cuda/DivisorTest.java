package dev.halcyon.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.random.RandomStream;
import org.junit.jupiter.api.Test;

/** Quotients are those of a division, by the arithmetic of {@code Divisor::quotient} in axes.cuh. */
final class DivisorTest {
    private static int quotient(Divisor divisor, int n) {
        long[] words = divisor.words();
        long high = n * (words[0] >>> Integer.SIZE) >>> Integer.SIZE;
        return (int) (high + n >>> (int) words[1]);
    }

    private static void check(int divisor) {
        RandomStream random = RandomStream.of(1, divisor);
        for (int i = 0; i < 200; i++) {
            int n = random.nextInt(Integer.MAX_VALUE);
            for (int near : new int[] {i, Integer.MAX_VALUE - i, n, n / divisor * divisor,
                Math.max(0, n / divisor * divisor - 1)}) {
                assertEquals(near / divisor, quotient(new Divisor(divisor), near), near + " / " + divisor);
            }
        }
    }

    @Test
    void everyDivisorDivides() {
        for (int divisor = 1; divisor < 2000; divisor++) {
            check(divisor);
        }
        for (int bit = 1; bit < 31; bit++) {
            check(1 << bit);
            check((1 << bit) - 1);
            check((1 << bit) + 1);
        }
        check(Integer.MAX_VALUE);
    }

    @Test
    void theDivisorItselfIsInTheFirstWord() {
        assertEquals(77, (int) new Divisor(77).words()[0]);
    }

    @Test
    void zeroIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Divisor(0));
    }
}
