package dev.halcyon.emulator.arithmetic;

import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The operands on which instructions are tried: where arithmetic has its corners, and draws from a fixed seed. */
final class Edges {
    private static final long SEED = 20;

    private Edges() {
    }

    /** Float32 numbers: corners of both signs, NaN, and draws from all bit patterns and from around 1. */
    static float[] floats(int draws) {
        DoubleStream corners = DoubleStream.of(0, Float.MIN_VALUE, 3 * Float.MIN_VALUE,
                Math.nextDown(Float.MIN_NORMAL), Float.MIN_NORMAL, Math.nextUp(Float.MIN_NORMAL), 0x1p-75, 0x1.8p-63,
                1 / 3f, 0.5, Math.nextDown(1f), 1, Math.nextUp(1f), 1 + 0x1p-12, 1.5, 2.5, 3, 0x1p23 + 0.5f, 0x1p24,
                0x1p24 + 2, 65504, 65520, 0x1p31, 0x1p64, 0x1p126, 0x1.000002p126, Math.nextDown(Float.MAX_VALUE),
                Float.MAX_VALUE, Float.POSITIVE_INFINITY);
        Random random = new Random(SEED);
        DoubleStream drawn = IntStream.range(0, draws).mapToDouble(
                i -> i % 2 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) random.nextGaussian());
        return narrow(DoubleStream.concat(DoubleStream.concat(corners.flatMap(Edges::bothSigns), drawn),
                DoubleStream.of(Double.NaN)).toArray());
    }

    /** The numbers of this list that are not NaN, and few enough to try all triples. */
    static float[] fewFloats() {
        return narrow(DoubleStream
                .of(0, Float.MIN_VALUE, Float.MIN_NORMAL, 0x1.000002p-75, 1 / 3f, Math.nextDown(1f), 1,
                        Math.nextUp(1f), 1 + 0x1p-12, 0x1p24, 0x1.fffffep126, Float.MAX_VALUE, Float.POSITIVE_INFINITY)
                .flatMap(Edges::bothSigns).toArray());
    }

    /** Float64 numbers: corners of both signs, NaN, and draws. */
    static double[] doubles(int draws) {
        DoubleStream corners = DoubleStream.of(0, Double.MIN_VALUE, Math.nextDown(Double.MIN_NORMAL),
                Double.MIN_NORMAL, 0x1p-540, Float.MIN_VALUE / 2.0, 0x1.0000008p-130, 1 / 3.0, 0.5, Math.nextDown(1.0),
                1, Math.nextUp(1.0), 1 + 0x1p-24, 1.5, 3, 0x1p53, 65519.999, 0x1p63, 0x1p64, 0x1.ffffffp127, 0x1p520,
                Double.MAX_VALUE, Double.POSITIVE_INFINITY);
        Random random = new Random(SEED);
        DoubleStream drawn = IntStream.range(0, draws).mapToDouble(
                i -> i % 2 == 0 ? Double.longBitsToDouble(random.nextLong()) : random.nextGaussian());
        return DoubleStream.concat(DoubleStream.concat(corners.flatMap(Edges::bothSigns), drawn),
                DoubleStream.of(Double.NaN)).toArray();
    }

    /** 32-bit patterns: numbers around zero, powers of two and the ends of both ranges, and draws. */
    static int[] ints(int draws) {
        IntStream corners = IntStream.of(0, 1, 2, 3, 7, 31, 32, 33, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffff,
                0x800000, 0xffffff, 0x1000001, 0x7ffffffe, 0x7fffffff, 0x80000000, 0x80000001, 0x55555555, 0xdeadbeef);
        IntStream negated = IntStream.of(1, 2, 3, 31, 32, 33, 255, 0x7fff, 0x8000, 0x800000).map(i -> -i);
        return IntStream.concat(IntStream.concat(corners, negated), new Random(SEED).ints(draws)).toArray();
    }

    /** 64-bit patterns: numbers around zero, powers of two and the ends of all ranges, and draws. */
    static long[] longs(int draws) {
        LongStream powers = IntStream.of(7, 8, 15, 16, 24, 31, 32, 53, 54, 62, 63).mapToLong(i -> 1L << i)
                .flatMap(power -> LongStream.of(power - 1, power, power + 1, -power - 1, -power, 1 - power));
        LongStream halfway = LongStream.of(0, 1, -1, 2047, 2049, 2051, 0x1000001, 0x1000003, 0x20000000000001L,
                0x7fffffbfffffffffL, 0x7fffffc000000000L, 0x7ffffffffffffe00L, 0xffffff7fffffffffL, 0xffffff8000000000L,
                0xfffffffffffffbffL, 0xfffffffffffffc00L);
        return LongStream.concat(LongStream.concat(powers, halfway), new Random(SEED).longs(draws)).toArray();
    }

    private static DoubleStream bothSigns(double x) {
        return DoubleStream.of(x, -x);
    }

    private static float[] narrow(double[] numbers) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }
}
