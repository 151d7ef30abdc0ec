package dev.halcyon.it.cases;

import dev.halcyon.random.RandomStream;
import java.util.Arrays;

/** How an argument of a case is filled. Draws come from Philox, so every run sees the same numbers. */
@FunctionalInterface
public interface Values {
    /** Normal with mean 0 and deviation 1: what most arguments are. */
    Values NORMAL = normal(0, 1);

    /** Makes as many numbers as asked for. */
    double[] make(RandomStream random, int count);

    /** Normal draws. */
    static Values normal(double mean, double deviation) {
        return (random, count) -> {
            double[] values = new double[count];
            Arrays.setAll(values, i -> mean + deviation * random.nextGaussian());
            return values;
        };
    }

    /** Uniform draws from [low, high). */
    static Values uniform(double low, double high) {
        return (random, count) -> {
            double[] values = new double[count];
            Arrays.setAll(values, i -> low + (high - low) * random.nextFloat());
            return values;
        };
    }

    /** Whole numbers in [low, high): indices, pixels, and values full of ties. */
    static Values whole(int low, int high) {
        return (random, count) -> {
            double[] values = new double[count];
            Arrays.setAll(values, i -> low + random.nextInt(high - low));
            return values;
        };
    }

    /** Numbers around zero in random order, each at least {@code gap} from every other and half of it from zero. */
    static Values distinct(double gap) {
        return (random, count) -> {
            int[] order = random.permutation(count);
            double[] values = new double[count];
            Arrays.setAll(values, i -> gap * (order[i] - count / 2 + 0.5));
            return values;
        };
    }

    /** The given numbers, over and over. */
    static Values listed(double... numbers) {
        return (random, count) -> {
            double[] values = new double[count];
            Arrays.setAll(values, i -> numbers[i % numbers.length]);
            return values;
        };
    }

    /** Rows of positive numbers that sum to 1. */
    static Values distributions(int width) {
        return (random, count) -> {
            double[] values = uniform(0.1, 1).make(random, count);
            for (int start = 0; start < count; start += width) {
                double sum = Arrays.stream(values, start, start + width).sum();
                for (int i = start; i < start + width; i++) {
                    values[i] /= sum;
                }
            }
            return values;
        };
    }

    /** These numbers, but for another one at {@code first} and at every {@code step}-th place from there on. */
    default Values with(double special, int first, int step) {
        return (random, count) -> {
            double[] values = make(random, count);
            for (int i = first; i < count; i += step) {
                values[i] = special;
            }
            return values;
        };
    }
}
