package dev.halcyon.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class ShapeTest {
    @Test
    void extentsAreCountedFromBothEnds() {
        Shape images = Shape.of(8, 32, 30, 3);
        assertEquals(4, images.rank());
        assertEquals(8 * 32 * 30 * 3, images.elements());
        assertEquals(8, images.extent(0));
        assertEquals(3, images.extent(-1));
        assertEquals(30, images.extent(-2));
        assertEquals(2, images.axis(-2));
        assertEquals(32 * 30, images.product(1, 3));
        assertEquals("[8, 32, 30, 3]", images.toString());
    }

    @Test
    void aScalarHasOneElementAndNoAxis() {
        assertEquals(1, Shape.SCALAR.elements());
        assertEquals(0, Shape.SCALAR.rank());
        assertEquals(Shape.SCALAR, Shape.of());
        assertThrows(ShapeException.class, () -> Shape.SCALAR.extent(0));
    }

    @Test
    void nobodyCanChangeAShape() {
        long[] given = {2, 3};
        Shape shape = Shape.of(given);
        given[0] = 9;
        shape.extents()[1] = 9;
        assertArrayEquals(new long[] {2, 3}, shape.extents());
    }

    @Test
    void oneExtentCanBeReplacedOrPutBefore() {
        assertEquals(Shape.of(2, 7), Shape.of(2, 3).with(-1, 7));
        assertEquals(Shape.of(5, 2, 3), Shape.of(2, 3).prepend(5));
        assertNotEquals(Shape.of(2, 3), Shape.of(3, 2));
        assertEquals(Shape.of(2, 3).hashCode(), Shape.of(2, 3).hashCode());
    }

    @Test
    void emptyAndOverflowingShapesAreRefused() {
        assertThrows(ShapeException.class, () -> Shape.of(4, 0));
        assertThrows(ShapeException.class, () -> Shape.of(-1));
        assertThrows(ArithmeticException.class, () -> Shape.of(1L << 40, 1L << 40));
        assertEquals(1L << 40, Shape.of(1L << 20, 1L << 20).elements());
    }

    @Test
    void broadcastFollowsTheInnermostAxes() {
        assertEquals(Shape.of(5, 3, 4), Shape.broadcast("add", Shape.of(5, 1, 4), Shape.of(3, 1)));
        assertEquals(Shape.of(7), Shape.broadcast("add", Shape.SCALAR, Shape.of(7)));
        ShapeException refusal = assertThrows(ShapeException.class,
                () -> Shape.broadcast("add", Shape.of(2, 3), Shape.of(2)));
        assertEquals("add: expected shapes that agree or are 1 in every axis, found [2, 3] and [2]",
                refusal.getMessage());
    }

    @Property(tries = 200)
    void broadcastIsSymmetricAndNeutralToItself(@ForAll @Size(max = 5) List<@LongRange(min = 1, max = 6) Long> sizes,
            @ForAll @IntRange(max = 31) int ones) {
        long[] extents = sizes.stream().mapToLong(Long::longValue).toArray();
        Shape full = Shape.of(extents);
        long[] thinned = extents.clone();
        for (int axis = 0; axis < thinned.length; axis++) {
            thinned[axis] = (ones >> axis & 1) == 1 ? 1 : thinned[axis];
        }
        Shape thin = Shape.of(thinned);
        assertEquals(full, Shape.broadcast("test", full, thin));
        assertEquals(full, Shape.broadcast("test", thin, full));
        assertEquals(full, Shape.broadcast("test", full, full));
        assertEquals(Arrays.stream(extents).reduce(1, (a, b) -> a * b), full.elements());
    }
}
