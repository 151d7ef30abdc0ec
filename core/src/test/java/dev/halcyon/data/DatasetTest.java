package dev.halcyon.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private static int number(Dataset dataset, int index) {
        return dataset.image(index).at(0, 0, 0);
    }

    private static Set<Integer> numbers(Dataset dataset) {
        Set<Integer> numbers = new HashSet<>();
        IntStream.range(0, dataset.size()).forEach(i -> numbers.add(number(dataset, i)));
        return numbers;
    }

    @Test
    void subsetsKeepTheGivenOrder() {
        Dataset subset = NumberedImages.of(10).subset(new int[] {7, 2, 4});
        assertEquals(3, subset.size());
        assertEquals(7, number(subset, 0));
        assertEquals(1, subset.label(0));
        assertEquals("numbered[4]", subset.name(2));
        assertEquals(List.of("a", "b", "c"), subset.classes());
    }

    @Test
    void chosenClassesAreNumberedInTheGivenOrder() {
        Dataset chosen = NumberedImages.of(9).onlyClasses(List.of("c", "a"));
        assertEquals(List.of("c", "a"), chosen.classes());
        assertEquals(Set.of(0, 2, 3, 5, 6, 8), numbers(chosen));
        for (int i = 0; i < chosen.size(); i++) {
            assertEquals(number(chosen, i) % 3 == 2 ? 0 : 1, chosen.label(i));
        }
        assertArrayEquals(new int[] {3, 3}, chosen.countPerClass());
    }

    @Test
    void anUnknownOrRepeatedClassIsRefused() {
        Dataset birds = new NumberedImages(4, 1, 1, 1, List.of("bird", "dog"), Set.of());
        String message = assertThrows(DataException.class, () -> birds.onlyClasses(List.of("brid"))).getMessage();
        assertTrue(message.startsWith("unknown class 'brid'; did you mean 'bird'?"), message);
        assertThrows(DataException.class, () -> birds.onlyClasses(List.of("dog", "dog")));
    }

    @Test
    void aStratifiedPartHasItsShareOfEveryClass() {
        Dataset dataset = NumberedImages.of(300);
        int[] part = dataset.stratified(0.1, 3);
        assertArrayEquals(new int[] {10, 10, 10}, dataset.subset(part).countPerClass());
        assertArrayEquals(part, dataset.stratified(0.1, 3));
        assertFalse(Arrays.equals(part, dataset.stratified(0.1, 4)));
    }

    @Test
    void aStratifiedPartTakesAtLeastOneAndLeavesAtLeastOne() {
        assertArrayEquals(new int[] {1, 1, 1}, part(6, 0.01));
        assertArrayEquals(new int[] {0, 0, 0}, part(3, 0.5));
        assertArrayEquals(new int[] {1, 1, 1}, part(6, 0.99));
    }

    private static int[] part(int size, double fraction) {
        Dataset dataset = NumberedImages.of(size);
        return dataset.subset(dataset.stratified(fraction, 1)).countPerClass();
    }

    @Test
    void validationImagesAreSetApart() {
        Splits splits = Splits.of(NumberedImages.of(60)).withValidation(0.25, 1);
        Set<Integer> train = numbers(splits.train());
        Set<Integer> validation = numbers(splits.validation().orElseThrow());
        assertEquals(45, train.size());
        assertEquals(15, validation.size());
        train.addAll(validation);
        assertEquals(60, train.size());
    }

    @Test
    void validationImagesThatAreThereAreKept() {
        Dataset images = NumberedImages.of(6);
        Splits splits = new Splits(images, Optional.of(images), Optional.empty());
        assertSame(splits, splits.withValidation(0.5, 1));
        Splits none = Splits.of(images);
        assertSame(none, none.withValidation(0, 1));
        assertThrows(IllegalArgumentException.class, () -> none.withValidation(1, 1));
        assertThrows(DataException.class, () -> Splits.of(NumberedImages.of(3)).withValidation(0.5, 1));
    }

    @Test
    void partsMustAgreeOnClasses() {
        Dataset abc = NumberedImages.of(3);
        Dataset ab = new NumberedImages(2, 1, 1, 1, List.of("a", "b"), Set.of());
        Dataset one = new NumberedImages(2, 1, 1, 1, List.of("a"), Set.of());
        assertThrows(DataException.class, () -> new Splits(abc, Optional.empty(), Optional.of(ab)));
        assertThrows(DataException.class, () -> Splits.of(one));
        assertEquals(List.of("b", "a"), new Splits(abc, Optional.of(abc), Optional.of(abc))
                .onlyClasses(List.of("b", "a")).test().orElseThrow().classes());
    }
}
