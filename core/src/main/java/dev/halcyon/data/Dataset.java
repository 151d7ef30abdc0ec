package dev.halcyon.data;

import dev.halcyon.random.RandomStream;
import dev.halcyon.text.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Labelled images with random access. Safe for use by several threads. */
public interface Dataset {
    /** Number of images. */
    int size();

    /** Names of the classes; a label is an index into this list. */
    List<String> classes();

    /** Class of image {@code index}. */
    int label(int index);

    /**
     * Reads image {@code index}.
     *
     * @throws DataException if it cannot be read; the message names it
     */
    Image image(int index);

    /** Where image {@code index} came from, for messages. */
    String name(int index);

    /** The images of the given indices, in that order. */
    default Dataset subset(int[] indices) {
        return new Subset(this, indices.clone(), classes(), null);
    }

    /**
     * The images of some classes, which are numbered anew in the given order.
     *
     * @throws DataException if there is no such class, with the nearest one in the message, or one is named twice
     */
    default Dataset onlyClasses(List<String> wanted) {
        int[] relabelled = new int[classes().size()];
        Arrays.fill(relabelled, -1);
        for (int i = 0; i < wanted.size(); i++) {
            int old = classes().indexOf(wanted.get(i));
            if (old < 0) {
                throw new DataException(
                        "unknown class '" + wanted.get(i) + "'" + Suggestion.among(wanted.get(i), classes()));
            }
            if (relabelled[old] >= 0) {
                throw new DataException("class '" + wanted.get(i) + "' is asked for twice");
            }
            relabelled[old] = i;
        }
        int[] kept = IntStream.range(0, size()).filter(i -> relabelled[label(i)] >= 0).toArray();
        return new Subset(this, kept, List.copyOf(wanted), relabelled);
    }

    /** Number of images of each class. */
    default int[] countPerClass() {
        int[] counts = new int[classes().size()];
        for (int i = 0; i < size(); i++) {
            counts[label(i)]++;
        }
        return counts;
    }

    /**
     * Indices of a random part of every class: {@code fraction} of its images, rounded down but at least one where the
     * class has two or more. A function of the seed.
     */
    default int[] stratified(double fraction, long seed) {
        List<Integer> chosen = new ArrayList<>();
        int[] counts = countPerClass();
        int[] order = RandomStream.of(seed, RandomStream.stream("split")).permutation(size());
        int[] taken = new int[counts.length];
        for (int index : order) {
            int label = label(index);
            int wanted = counts[label] < 2 ? 0 : Math.max(1, (int) (fraction * counts[label]));
            if (taken[label] < wanted) {
                taken[label]++;
                chosen.add(index);
            }
        }
        return chosen.stream().mapToInt(Integer::intValue).sorted().toArray();
    }
}
