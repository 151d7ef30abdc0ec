package dev.halcyon.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.RealDistribution;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;

/** The seeds are fixed, so a statistical test passes always or never. */
class RandomStreamTest {
    private static final double LEAST_P = 0.001;

    @Test
    void drawsTheWordsOfSuccessiveBlocks() {
        RandomStream random = RandomStream.of(7, 9);
        int[] words = new int[4];
        for (int block = 0; block < 3; block++) {
            Philox.block(7, 9, block, words);
            for (int word : words) {
                assertEquals(word, random.nextInt());
            }
        }
    }

    @Test
    void namesStreamsByFnv1a() {
        assertEquals(0xcbf29ce484222325L, RandomStream.stream(""));
        assertEquals(0xaf63dc4c8601ec8cL, RandomStream.stream("a"));
        assertEquals(0x85944171f73967e8L, RandomStream.stream("foobar"));
    }

    @Test
    void givesEveryOccasionAStreamOfItsOwn() {
        Set<Long> streams = new HashSet<>();
        for (String purpose : new String[] {"shuffle", "augment", "dropout"}) {
            for (int epoch = 0; epoch < 50; epoch++) {
                for (int sample = 0; sample < 1000; sample++) {
                    streams.add(RandomStream.stream(purpose, epoch, sample));
                }
            }
        }
        assertEquals(3 * 50 * 1000, streams.size());
    }

    @Test
    void neighbouringStreamsAndSeedsDrawDifferently() {
        assertNotEquals(RandomStream.of(1, 1).nextInt(), RandomStream.of(1, 2).nextInt());
        assertNotEquals(RandomStream.of(1, 1).nextInt(), RandomStream.of(2, 1).nextInt());
    }

    @Test
    void wholeNumbersAreUniform() {
        for (int bound : new int[] {2, 3, 10, 257}) {
            RandomStream random = RandomStream.of(bound, RandomStream.stream("chi-square"));
            long[] counts = new long[bound];
            for (int i = 0; i < 1000 * bound; i++) {
                counts[random.nextInt(bound)]++;
            }
            assertUniform(counts);
        }
    }

    @Test
    void wholeNumbersRefuseAnEmptyRange() {
        assertThrows(IllegalArgumentException.class, () -> RandomStream.of(1, 1).nextInt(0));
        assertEquals(0, RandomStream.of(1, 1).nextInt(1));
    }

    @Test
    void fractionsAreUniform() {
        RandomStream random = RandomStream.of(11, 0);
        assertDistributed(new UniformRealDistribution(0, 1), DoubleStream.generate(random::nextFloat));
    }

    @Test
    void gaussiansAreNormal() {
        RandomStream random = RandomStream.of(12, 0);
        assertDistributed(new NormalDistribution(0, 1), DoubleStream.generate(random::nextGaussian));
    }

    @Test
    void chancesComeAsOftenAsAsked() {
        RandomStream random = RandomStream.of(13, 0);
        int draws = 100_000;
        long hits = IntStream.range(0, draws).filter(i -> random.nextBoolean(0.3)).count();
        double deviation = Math.sqrt(draws * 0.3 * 0.7);
        assertEquals(0.3 * draws, hits, 3.3 * deviation);
    }

    @Test
    void permutationsHaveEveryNumberOnce() {
        int[] order = RandomStream.of(5, 5).permutation(1000);
        int[] sorted = order.clone();
        Arrays.sort(sorted);
        assertArrayEquals(IntStream.range(0, 1000).toArray(), sorted);
        assertArrayEquals(order, RandomStream.of(5, 5).permutation(1000));
        assertEquals(0, RandomStream.of(5, 5).permutation(0).length);
    }

    @Test
    void allPermutationsAreEquallyLikely() {
        RandomStream random = RandomStream.of(14, 0);
        long[] counts = new long[4 * 4 * 4];
        for (int i = 0; i < 24_000; i++) {
            int[] order = random.permutation(4);
            counts[order[0] * 16 + order[1] * 4 + order[2]]++;
        }
        long[] possible = Arrays.stream(counts).filter(count -> count > 0).toArray();
        assertEquals(24, possible.length);
        assertUniform(possible);
    }

    private static void assertUniform(long[] counts) {
        double[] expected = new double[counts.length];
        Arrays.fill(expected, (double) Arrays.stream(counts).sum() / counts.length);
        double p = new ChiSquareTest().chiSquareTest(expected, counts);
        assertTrue(p > LEAST_P, () -> "chi-square p = " + p);
    }

    private static void assertDistributed(RealDistribution distribution, DoubleStream draws) {
        double p = new KolmogorovSmirnovTest().kolmogorovSmirnovTest(distribution, draws.limit(5000).toArray());
        assertTrue(p > LEAST_P, () -> "Kolmogorov-Smirnov p = " + p);
    }
}
