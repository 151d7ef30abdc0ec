package dev.halcyon.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PhiloxTest {
    /** The three vectors "philox4x32 10" of Random123's kat_vectors; the counter is given as stream and index. */
    @Test
    void givesTheKnownAnswersOfRandom123() {
        assertBlock(0L, 0L, 0L, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        assertBlock(-1L, -1L, -1L, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
        assertBlock(0x299f31d0a4093822L, 0x0370734413198a2eL, 0x85a308d3243f6a88L, 0xd16cfe09, 0x94fdcceb, 0x5001e420,
                0x24126ea1);
    }

    private static void assertBlock(long seed, long stream, long index, int... expected) {
        int[] words = new int[4];
        Philox.block(seed, stream, index, words);
        assertArrayEquals(expected, words);
    }

    @Test
    void uniformLiesInTheHalfOpenUnitInterval() {
        assertEquals(0f, Philox.uniform(0));
        assertEquals(0f, Philox.uniform(0xff));
        assertEquals(0x1p-24f, Philox.uniform(0x100));
        assertEquals(1 - 0x1p-24f, Philox.uniform(-1));
    }

    @Test
    void bernoulliIsCertainAtTheEnds() {
        assertFalse(Philox.bernoulli(0, Philox.threshold(0)));
        assertTrue(Philox.bernoulli(-1, Philox.threshold(1)));
        assertTrue(Philox.bernoulli(0x7fffffff, Philox.threshold(0.5)));
        assertFalse(Philox.bernoulli(0x80000000, Philox.threshold(0.5)));
    }

    @Test
    void gaussianPairsLieOnTheCircleOfBoxAndMuller() {
        int even = 0x40000000;
        int odd = 0x12345678;
        double cosine = Philox.cosineGaussian(even, odd);
        double sine = Philox.sineGaussian(even, odd);
        double u = 0.25 + 0x1p-24;
        assertEquals(-2 * Math.log(u), cosine * cosine + sine * sine, 1e-12);
        assertEquals(Math.tan(2 * Math.PI * Philox.uniform(odd)), sine / cosine, 1e-12);
        assertEquals(0, Math.abs(Philox.cosineGaussian(-1, odd)), "the largest word is u = 1");
        assertTrue(Double.isFinite(Philox.cosineGaussian(0, 0)), "the smallest word is no zero");
    }
}
