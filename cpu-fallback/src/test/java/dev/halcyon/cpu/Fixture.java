package dev.halcyon.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.device.Backend;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.function.Function;

/** A CPU backend with what tests need around it: tensors from arrays and back, random contents, comparisons. */
final class Fixture implements AutoCloseable {
    private final Backend backend;
    private final SplittableRandom random = new SplittableRandom(7);

    Fixture(int threads) {
        backend = new CpuBackend(threads, "test");
    }

    /** Requires that a computation gives the same bits on one, two and three threads, and returns them. */
    static float[] sameOnAnyThreads(Function<Fixture, float[]> computation) {
        float[] expected = null;
        for (int threads : new int[] {1, 2, 3, 1}) {
            try (Fixture fixture = new Fixture(threads)) {
                float[] found = computation.apply(fixture);
                if (expected == null) {
                    expected = found;
                }
                for (int i = 0; i < found.length; i++) {
                    assertEquals(Float.floatToIntBits(expected[i]), Float.floatToIntBits(found[i]),
                            "element " + i + " on " + threads + " threads");
                }
            }
        }
        return expected;
    }

    Backend backend() {
        return backend;
    }

    /** A tensor of rubbish, for outputs. */
    View empty(long... extents) {
        View view = empty(DataType.FLOAT32, extents);
        backend.fill(view, Double.NaN);
        return view;
    }

    View empty(DataType type, long... extents) {
        Shape shape = Shape.of(extents);
        return new View(backend.allocate(shape.elements() * type.bytes()), 0, shape, type);
    }

    View full(double value, long... extents) {
        View view = empty(extents);
        backend.fill(view, value);
        return view;
    }

    /** Uniform in [-1, 1). */
    View random(long... extents) {
        return uniform(-1, 1, extents);
    }

    View uniform(double from, double to, long... extents) {
        float[] values = new float[(int) Shape.of(extents).elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(from, to);
        }
        return of(values, extents);
    }

    View of(float[] values, long... extents) {
        return upload(DataType.FLOAT32, MemorySegment.ofArray(values), extents);
    }

    View of(long[] values, long... extents) {
        return upload(DataType.INT64, MemorySegment.ofArray(values), extents);
    }

    View of(int[] values, long... extents) {
        return upload(DataType.INT32, MemorySegment.ofArray(values), extents);
    }

    View of(byte[] values, long... extents) {
        return upload(DataType.UINT8, MemorySegment.ofArray(values), extents);
    }

    private View upload(DataType type, MemorySegment values, long... extents) {
        View view = empty(type, extents);
        backend.upload(values, view);
        return view;
    }

    float[] floats(View view) {
        float[] values = new float[(int) view.elements()];
        backend.download(view, MemorySegment.ofArray(values));
        return values;
    }

    long[] longs(View view) {
        long[] values = new long[(int) view.elements()];
        backend.download(view, MemorySegment.ofArray(values));
        return values;
    }

    byte[] bytes(View view) {
        byte[] values = new byte[(int) view.bytes()];
        backend.download(view, MemorySegment.ofArray(values));
        return values;
    }

    /** Every element within {@code tolerance} of the expected one, relative to its size and to {@code scale}. */
    static void assertClose(double[] expected, float[] found, double tolerance, double scale) {
        assertEquals(expected.length, found.length);
        for (int i = 0; i < found.length; i++) {
            double error = Math.abs(expected[i] - found[i]);
            boolean same = Double.compare(expected[i], found[i]) == 0 || (float) expected[i] == found[i];
            assertTrue(same || error <= tolerance * Math.max(scale, Math.abs(expected[i])),
                    "element " + i + ": expected " + expected[i] + ", found " + found[i]);
        }
    }

    @Override
    public void close() {
        backend.close();
    }
}
