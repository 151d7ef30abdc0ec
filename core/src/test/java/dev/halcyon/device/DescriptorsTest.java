package dev.halcyon.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.ShapeException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class DescriptorsTest {
    /** Memory that is never touched. */
    private record Nowhere(long bytes) implements Buffer {
    }

    @Test
    void convolutionsOfKnownNetworksHaveTheirShapes() {
        assertEquals(Shape.of(1, 112, 112, 64),
                Conv2d.of(2, 3).outputShape(Shape.of(1, 224, 224, 3), Shape.of(7, 7, 3, 64)));
        assertEquals(Shape.of(8, 16, 16, 32),
                Conv2d.of(2, 1).grouped(32).outputShape(Shape.of(8, 32, 32, 32), Shape.of(3, 3, 1, 32)));
        assertEquals(Shape.of(1, 28, 28, 5),
                Conv2d.of(1, 2).dilated(2).outputShape(Shape.of(1, 28, 28, 1), Shape.of(3, 3, 1, 5)));
        assertEquals(118_013_952, Conv2d.of(2, 3).multiplyAdds(Shape.of(1, 224, 224, 3), Shape.of(7, 7, 3, 64)));
    }

    @Property(tries = 300)
    void windowsAreAsManyAsFit(@ForAll @IntRange(min = 1, max = 40) int size,
            @ForAll @IntRange(min = 1, max = 7) int kernel, @ForAll @IntRange(min = 1, max = 4) int stride,
            @ForAll @IntRange(max = 4) int padding, @ForAll @IntRange(min = 1, max = 3) int dilation) {
        int count = 0;
        for (int start = -padding; start + dilation * (kernel - 1) < size + padding; start += stride) {
            count++;
        }
        Conv2d d = Conv2d.of(stride, padding).dilated(dilation);
        Shape x = Shape.of(1, size, size, 1);
        Shape w = Shape.of(kernel, kernel, 1, 1);
        if (count == 0) {
            assertThrows(ShapeException.class, () -> d.outputShape(x, w));
        } else {
            assertEquals(Shape.of(1, count, count, 1), d.outputShape(x, w));
        }
    }

    @Test
    void poolingHasItsShapes() {
        assertEquals(Shape.of(2, 56, 56, 64), Pool2d.of(3, 2, 1).outputShape(Shape.of(2, 112, 112, 64)));
        Shape x = Shape.of(2, 7, 5, 9);
        assertEquals(Shape.of(2, 1, 1, 9), Pool2d.global(x).outputShape(x));
        assertThrows(IllegalArgumentException.class, () -> Pool2d.of(2, 2, 2));
    }

    @Test
    void productsHaveTheirShapes() {
        assertEquals(Shape.of(2, 5), Gemm.PLAIN.outputShape(Shape.of(2, 3), Shape.of(3, 5)));
        assertEquals(Shape.of(2, 5), Gemm.of(true, true).outputShape(Shape.of(3, 2), Shape.of(5, 3)));
        assertEquals(Shape.of(4, 2, 5), Gemm.of(false, true).outputShape(Shape.of(4, 2, 3), Shape.of(4, 5, 3)));
        ShapeException refusal = assertThrows(ShapeException.class,
                () -> Gemm.of(true, false).outputShape(Shape.of(2, 3), Shape.of(3, 5)));
        assertEquals("gemm: expected inner extents that agree, [m, k transposed] and [k, n], found [2, 3] and [3, 5]"
                + " (2 against 3)", refusal.getMessage());
        assertEquals(1, Gemm.PLAIN.accumulate().beta());
    }

    @Test
    void reductionsKeepFoldedAxes() {
        assertEquals(Shape.of(2, 1, 4, 1), Reduce.of(Reduce.Kind.SUM).outputShape(Shape.of(2, 3, 4, 5), 1, -1));
        assertThrows(IllegalArgumentException.class, () -> new Reduce(Reduce.Kind.MAX, true));
    }

    @Test
    void regionsAreComparedByContentAndCannotBeChanged() {
        long[] from = {1, 2};
        Region region = new Region(from, new long[] {0, 0}, new long[] {3, 4});
        from[0] = 9;
        assertEquals(new Region(new long[] {1, 2}, new long[] {0, 0}, new long[] {3, 4}), region);
        assertNotEquals(new Region(new long[] {1, 2}, new long[] {0, 1}, new long[] {3, 4}), region);
    }

    @Test
    void regionsLieWithinWhatTheyAreCopiedFromAndTo() {
        Region region = new Region(new long[] {1, 2}, new long[] {0, 0}, new long[] {3, 4});
        region.checkSource("slice", Shape.of(4, 6));
        region.checkDestination("pad", Shape.of(3, 4));
        assertThrows(ShapeException.class, () -> region.checkSource("slice", Shape.of(4, 5)));
        assertThrows(ShapeException.class, () -> region.checkDestination("pad", Shape.of(12)));
        Region beyond = new Region(new long[] {Long.MAX_VALUE}, new long[] {-1}, new long[] {1});
        assertThrows(ShapeException.class, () -> beyond.checkSource("slice", Shape.of(4)));
        assertThrows(ShapeException.class, () -> beyond.checkDestination("pad", Shape.of(4)));
    }

    @Test
    void viewsStayWithinTheirBuffer() {
        Buffer buffer = new Nowhere(64);
        View view = new View(buffer, 16, Shape.of(3, 4), DataType.FLOAT32);
        assertEquals(48, view.bytes());
        assertEquals(new View(buffer, 32, Shape.of(4), DataType.FLOAT32), view.row(1));
        assertEquals(Shape.of(12), view.as(Shape.of(12)).shape());
        assertThrows(IndexOutOfBoundsException.class, () -> view.row(3));
        assertThrows(IndexOutOfBoundsException.class, () -> new View(buffer, 20, Shape.of(3, 4), DataType.FLOAT32));
        assertThrows(IndexOutOfBoundsException.class, () -> new View(buffer, -4, Shape.of(1), DataType.FLOAT32));
        assertThrows(ArithmeticException.class, () -> new View(buffer, 0, Shape.of(1L << 62), DataType.FLOAT32));
    }

    @Test
    void normalizationsAreComparedByContent() {
        NormalizeImages one = new NormalizeImages(new float[] {0.5f}, new float[] {0.2f});
        assertEquals(one, new NormalizeImages(new float[] {0.5f}, new float[] {0.2f}));
        assertEquals(one.hashCode(), new NormalizeImages(new float[] {0.5f}, new float[] {0.2f}).hashCode());
        assertNotEquals(one, new NormalizeImages(new float[] {0.4f}, new float[] {0.2f}));
        assertTrue(one.toString().contains("0.5"));
    }
}
