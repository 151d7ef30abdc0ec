package dev.halcyon.data;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A collection of labelled images and its parts: one to learn from, one to choose by, one to judge by.
 *
 * @param train images to learn from
 * @param validation images by which the epoch to keep is chosen, if they are set apart
 * @param test images that are looked at once, at the end, if there are any
 */
public record Splits(Dataset train, Optional<Dataset> validation, Optional<Dataset> test) {
    /** Checks that all parts have the same classes, at least two. */
    public Splits {
        if (train.classes().size() < 2) {
            throw new DataException("expected at least two classes to tell apart, found only " + train.classes()
                    + "; put the images of each class into a folder of its own");
        }
        for (Dataset part : List.of(validation.orElse(train), test.orElse(train))) {
            if (!part.classes().equals(train.classes())) {
                throw new DataException("expected the same classes in every part, found " + train.classes() + " and "
                        + part.classes());
            }
        }
    }

    /** Images to learn from, and nothing else. */
    public static Splits of(Dataset train) {
        return new Splits(train, Optional.empty(), Optional.empty());
    }

    /** Names of the classes. */
    public List<String> classes() {
        return train.classes();
    }

    /**
     * These parts with validation images set apart from the training images, if that was not done before: a random part
     * of each class.
     *
     * @param fraction of the training images, in [0, 1); with 0 nothing changes
     */
    public Splits withValidation(double fraction, long seed) {
        if (checkedFraction(fraction) == 0 || validation.isPresent()) {
            return this;
        }
        int[] chosen = train.stratified(fraction, seed);
        if (chosen.length == 0) {
            throw new DataException("too few images to set some apart for validation: every class has only one; add"
                    + " images or use --val-fraction 0");
        }
        boolean[] apart = new boolean[train.size()];
        for (int index : chosen) {
            apart[index] = true;
        }
        int[] rest = IntStream.range(0, train.size()).filter(i -> !apart[i]).toArray();
        return new Splits(train.subset(rest), Optional.of(train.subset(chosen)), test);
    }

    /**
     * A share of images to set apart, if it is one.
     *
     * @throws IllegalArgumentException if it is not in [0, 1)
     */
    public static double checkedFraction(double fraction) {
        if (!(fraction >= 0 && fraction < 1)) {
            throw new IllegalArgumentException("validation: expected a fraction in [0, 1), found " + fraction);
        }
        return fraction;
    }

    /** The given classes of every part. */
    public Splits onlyClasses(List<String> wanted) {
        return map(part -> part.onlyClasses(wanted));
    }

    /** These parts, each changed in the same way. */
    public Splits map(UnaryOperator<Dataset> change) {
        return new Splits(change.apply(train), validation.map(change), test.map(change));
    }
}
