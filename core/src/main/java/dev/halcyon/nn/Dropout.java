package dev.halcyon.nn;

import dev.halcyon.autograd.ops.Randomness;
import dev.halcyon.device.Random;
import dev.halcyon.random.RandomStream;
import dev.halcyon.tensor.Tensor;

/**
 * Zeroes elements with a probability in training and scales the rest up to keep the mean (Srivastava et al. 2014).
 * Masks are a function of the seed, this layer's place in the network and how many elements it has drawn for so far.
 */
public final class Dropout extends Module {
    private final double probability;
    private long seed;
    private long drawn;

    /**
     * A dropout layer.
     *
     * @param probability of zeroing an element, in [0, 1)
     */
    public Dropout(double probability) {
        if (!(probability >= 0 && probability < 1)) {
            throw new IllegalArgumentException("dropout: expected a probability in [0, 1), found " + probability);
        }
        this.probability = probability;
    }

    @Override
    protected Tensor compute(Tensor x) {
        if (!isTraining() || probability == 0) {
            return x;
        }
        Random keep = Random.bernoulli(1 - probability, seed, RandomStream.stream("dropout/" + path()), drawn);
        drawn += (x.shape().elements() + 3) / 4 * 4;
        return Randomness.dropout(keep, x);
    }

    /** How many numbers this layer has drawn: the state that a checkpoint keeps. */
    public long drawn() {
        return drawn;
    }

    /** Goes on as if {@code count} numbers had been drawn. */
    public void drawn(long count) {
        drawn = count;
    }

    @Override
    void seeded(long newSeed) {
        seed = newSeed;
        drawn = 0;
    }
}
