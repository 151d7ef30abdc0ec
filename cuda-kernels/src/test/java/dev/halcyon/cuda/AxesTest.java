package dev.halcyon.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Walks with few axes, and in parts, visit what the walk they were made of visits. */
final class AxesTest {
    private static Axes broadcast(Shape a, Shape b) {
        Shape y = Shape.broadcast("test", a, b);
        return Axes.of(y.extents(), Axes.steps(a, y), Axes.steps(b, y));
    }

    private static void check(Axes axes, long[] extents, long[] a, long[] b) {
        assertArrayEquals(extents, axes.extents());
        assertArrayEquals(a, axes.a());
        assertArrayEquals(b, axes.b());
    }

    @Test
    void axesThatGoOnAlikeAreOne() {
        check(broadcast(Shape.of(2, 3, 4), Shape.of(2, 3, 4)), new long[] {24}, new long[] {1}, new long[] {1});
        check(broadcast(Shape.of(8, 6, 6, 5), Shape.of(5)), new long[] {288, 5}, new long[] {5, 1}, new long[] {0, 1});
        check(broadcast(Shape.of(4, 1, 1, 8), Shape.of(4, 6, 6, 8)), new long[] {4, 36, 8}, new long[] {8, 0, 1},
                new long[] {288, 8, 1});
        check(broadcast(Shape.of(7, 1), Shape.of(1, 19)), new long[] {7, 19}, new long[] {1, 0}, new long[] {0, 1});
        check(broadcast(Shape.SCALAR, Shape.of(1, 1)), new long[] {1}, new long[] {1}, new long[] {1});
    }

    @Test
    void groupsOfNeighboursNeedStepsThatAreMultiples() {
        Axes axes = broadcast(Shape.of(4, 1, 1, 8), Shape.of(4, 6, 6, 8));
        assertTrue(axes.inGroupsOf(4));
        check(axes.grouped(4), new long[] {4, 36, 2}, new long[] {2, 0, 1}, new long[] {72, 2, 1});
        assertFalse(axes.inGroupsOf(16));
        assertFalse(broadcast(Shape.of(3, 8), Shape.of(2, 1, 1)).inGroupsOf(16));
        assertFalse(new Axes(new long[] {3, 8}, new long[] {9, 1}, new long[] {8, 1}).inGroupsOf(2));
    }

    @Test
    void partsVisitEverythingOnce() {
        Axes axes = broadcast(Shape.of(3, 1, 5, 1, 2, 1), Shape.of(1, 4, 1, 3, 1, 2));
        List<long[]> whole = visited(axes);
        for (long most : new long[] {1, 2, 5, 7, 60, 359, 360, 1000}) {
            List<long[]> places = new ArrayList<>();
            axes.parts(most, (part, start, aStart, bStart) -> {
                assertTrue(part.elements() <= most);
                assertEquals(places.size(), start);
                visited(part).forEach(place -> places.add(new long[] {aStart + place[0], bStart + place[1]}));
            });
            assertArrayEquals(whole.toArray(), places.toArray(), "parts of " + most);
        }
    }

    @Test
    void moreAxesThanAKernelTakesAreWalkedOneByOne() {
        long[] extents = new long[Axes.MOST + 2];
        Arrays.fill(extents, 2);
        long[] a = new long[extents.length];
        long[] b = new long[extents.length];
        Arrays.setAll(a, axis -> 3L << extents.length - axis);
        Arrays.setAll(b, axis -> axis % 2 == 0 ? 0 : 1);
        Axes axes = Axes.of(extents, a, b);
        assertEquals(extents.length, axes.extents().length);
        List<long[]> places = new ArrayList<>();
        axes.parts(Divisor.LIMIT, (part, start, aStart, bStart) -> {
            assertTrue(part.extents().length <= Axes.MOST);
            visited(part).forEach(place -> places.add(new long[] {aStart + place[0], bStart + place[1]}));
        });
        assertArrayEquals(visited(axes).toArray(), places.toArray());
    }

    /** Where both tensors are, step by step. */
    private static List<long[]> visited(Axes axes) {
        List<long[]> places = new ArrayList<>();
        for (long index = 0; index < axes.elements(); index++) {
            long rest = index;
            long[] place = new long[2];
            for (int axis = axes.last(); axis >= 0; axis--) {
                place[0] += rest % axes.extents()[axis] * axes.a()[axis];
                place[1] += rest % axes.extents()[axis] * axes.b()[axis];
                rest /= axes.extents()[axis];
            }
            places.add(place);
        }
        return places;
    }
}
