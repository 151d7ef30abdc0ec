package dev.halcyon.cpu.simd;

import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.RowKernels;
import dev.halcyon.cpu.ScalarRows;
import dev.halcyon.device.AdamWStep;
import dev.halcyon.device.Binary;
import dev.halcyon.device.SgdStep;
import dev.halcyon.device.Unary;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows in vectors. What is left of a row after its last whole vector goes to the plain loops, which give the same bits;
 * masks would be slower, and slow beyond use where the processor has none.
 */
public final class VectorRows implements RowKernels {
    private static final MemorySegment ALL = Memory.ALL;
    private static final ByteOrder ORDER = Memory.ORDER;
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final int L = LANES.length();
    private static final ScalarRows REST = new ScalarRows();
    private static final VectorShuffle<Float> BY_HALF = rotation(2);
    private static final VectorShuffle<Float> BY_QUARTER = rotation(4);
    private static final VectorShuffle<Float> BY_EIGHTH = rotation(8);
    private static final VectorShuffle<Float> BY_SIXTEENTH = rotation(16);
    /** Floats are added up in lanes for this many elements before the sum moves on in double precision. */
    private static final long BLOCK = 4096;
    private static final int MAGNITUDE = 0x7fffffff;
    private static final int INFINITY = 0x7f800000;

    private static VectorShuffle<Float> rotation(int parts) {
        return VectorShuffle.fromOp(LANES, lane -> (lane + L / parts) % L);
    }

    /** The kernels keep no state. */
    public VectorRows() {
    }

    @Override
    public void unary(Unary op, long x, long y, long n) {
        long whole = n - n % L;
        VectorFunctions.apply(op, x, y, whole);
        if (whole < n) {
            REST.unary(op, x + 4 * whole, y + 4 * whole, n - whole);
        }
    }

    @Override
    public void unaryGradient(Unary op, long saved, long dy, long dx, long n) {
        long whole = n - n % L;
        VectorGradients.apply(op, saved, dy, dx, whole);
        if (whole < n) {
            REST.unaryGradient(op, saved + 4 * whole, dy + 4 * whole, dx + 4 * whole, n - whole);
        }
    }

    @Override
    public void binary(Binary op, long a, int aStep, long b, int bStep, long y, long n) {
        long whole = n - n % L;
        switch (op) {
            case ADD -> add(a, aStep, b, bStep, y, whole);
            case SUBTRACT -> subtract(a, aStep, b, bStep, y, whole);
            case MULTIPLY -> multiply(a, aStep, b, bStep, y, whole);
            case DIVIDE -> divide(a, aStep, b, bStep, y, whole);
            case MAXIMUM -> maximum(a, aStep, b, bStep, y, whole);
            case MINIMUM -> minimum(a, aStep, b, bStep, y, whole);
            case GREATER_EQUAL -> greaterEqual(a, aStep, b, bStep, y, whole);
        }
        if (whole < n) {
            REST.binary(op, a + 4 * whole * aStep, aStep, b + 4 * whole * bStep, bStep, y + 4 * whole, n - whole);
        }
    }

    private static FloatVector operand(long row, int step, long i) {
        return step == 0 ? FloatVector.broadcast(LANES, Memory.getFloat(row))
                : FloatVector.fromMemorySegment(LANES, ALL, row + 4L * i, ORDER);
    }

    private static void add(long a, int aStep, long b, int bStep, long y, long n) {
        for (long i = 0; i < n; i += L) {
            operand(a, aStep, i).add(operand(b, bStep, i)).intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
    }

    private static void subtract(long a, int aStep, long b, int bStep, long y, long n) {
        for (long i = 0; i < n; i += L) {
            operand(a, aStep, i).sub(operand(b, bStep, i)).intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
    }

    private static void multiply(long a, int aStep, long b, int bStep, long y, long n) {
        for (long i = 0; i < n; i += L) {
            operand(a, aStep, i).mul(operand(b, bStep, i)).intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
    }

    private static void divide(long a, int aStep, long b, int bStep, long y, long n) {
        for (long i = 0; i < n; i += L) {
            operand(a, aStep, i).div(operand(b, bStep, i)).intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
    }

    private static void maximum(long a, int aStep, long b, int bStep, long y, long n) {
        for (long i = 0; i < n; i += L) {
            operand(a, aStep, i).max(operand(b, bStep, i)).intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
    }

    private static void minimum(long a, int aStep, long b, int bStep, long y, long n) {
        for (long i = 0; i < n; i += L) {
            operand(a, aStep, i).min(operand(b, bStep, i)).intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
    }

    private static void greaterEqual(long a, int aStep, long b, int bStep, long y, long n) {
        for (long i = 0; i < n; i += L) {
            FloatVector left = operand(a, aStep, i);
            FloatVector.broadcast(LANES, 0).blend(1, left.compare(VectorOperators.GE, operand(b, bStep, i)))
                    .intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
    }

    @Override
    public void scaleAdd(float alpha, long x, float beta, long y, long n) {
        long whole = n - n % L;
        if (beta == 0) {
            for (long i = 0; i < whole; i += L) {
                FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER).mul(alpha).intoMemorySegment(ALL,
                        y + 4L * i, ORDER);
            }
        } else {
            for (long i = 0; i < whole; i += L) {
                FloatVector.fromMemorySegment(LANES, ALL, y + 4L * i, ORDER)
                        .fma(FloatVector.broadcast(LANES, beta),
                                FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER).mul(alpha))
                        .intoMemorySegment(ALL, y + 4L * i, ORDER);
            }
        }
        if (whole < n) {
            REST.scaleAdd(alpha, x + 4 * whole, beta, y + 4 * whole, n - whole);
        }
    }

    @Override
    public void multiplyAdd(long a, long b, long y, long n) {
        long whole = n - n % L;
        for (long i = 0; i < whole; i += L) {
            FloatVector.fromMemorySegment(LANES, ALL, a + 4L * i, ORDER)
                    .fma(FloatVector.fromMemorySegment(LANES, ALL, b + 4L * i, ORDER),
                            FloatVector.fromMemorySegment(LANES, ALL, y + 4L * i, ORDER))
                    .intoMemorySegment(ALL, y + 4L * i, ORDER);
        }
        if (whole < n) {
            REST.multiplyAdd(a + 4 * whole, b + 4 * whole, y + 4 * whole, n - whole);
        }
    }

    @Override
    public double sum(long x, long n) {
        double total = 0;
        long whole = n - n % L;
        for (long start = 0; start < whole; start += BLOCK) {
            total += sumBlock(x, start, Math.min(whole, start + BLOCK));
        }
        return total + REST.sum(x + 4 * whole, n - whole);
    }

    private static double sumBlock(long x, long start, long end) {
        FloatVector even = FloatVector.broadcast(LANES, 0);
        FloatVector odd = FloatVector.broadcast(LANES, 0);
        long i = start;
        for (; i + L < end; i += 2 * L) {
            even = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER).add(even);
            odd = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * (i + L), ORDER).add(odd);
        }
        if (i < end) {
            even = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER).add(even);
        }
        return inOrder(even.add(odd));
    }

    @Override
    public double dot(long x, long y, long n) {
        double total = 0;
        long whole = n - n % L;
        for (long start = 0; start < whole; start += BLOCK) {
            total += dotBlock(x, y, start, Math.min(whole, start + BLOCK));
        }
        return total + REST.dot(x + 4 * whole, y + 4 * whole, n - whole);
    }

    private static double dotBlock(long x, long y, long start, long end) {
        FloatVector even = FloatVector.broadcast(LANES, 0);
        FloatVector odd = FloatVector.broadcast(LANES, 0);
        long i = start;
        for (; i + L < end; i += 2 * L) {
            even = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER)
                    .fma(FloatVector.fromMemorySegment(LANES, ALL, y + 4L * i, ORDER), even);
            odd = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * (i + L), ORDER)
                    .fma(FloatVector.fromMemorySegment(LANES, ALL, y + 4L * (i + L), ORDER), odd);
        }
        if (i < end) {
            even = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER)
                    .fma(FloatVector.fromMemorySegment(LANES, ALL, y + 4L * i, ORDER), even);
        }
        return inOrder(even.add(odd));
    }

    /** Lanes added by halves, always the same way: reduceLanes would leave the order to the compiler. */
    static float inOrder(FloatVector lanes) {
        FloatVector sum = lanes.add(lanes.rearrange(BY_HALF));
        sum = sum.add(sum.rearrange(BY_QUARTER));
        if (L >= 8) {
            sum = sum.add(sum.rearrange(BY_EIGHTH));
        }
        if (L >= 16) {
            sum = sum.add(sum.rearrange(BY_SIXTEENTH));
        }
        return sum.lane(0);
    }

    /** Four maxima at a time, since each takes longer than a load; the row's last vectors may overlap. */
    @Override
    public float max(long x, long n) {
        if (n < L) {
            return REST.max(x, n);
        }
        FloatVector m0 = FloatVector.fromMemorySegment(LANES, ALL, x + 4 * (n - L), ORDER);
        FloatVector m1 = m0;
        FloatVector m2 = m0;
        FloatVector m3 = m0;
        long from = Memory.at(x);
        long i = 0;
        for (; i + 4 * L <= n; i += 4 * L) {
            m0 = FloatVector.fromMemorySegment(LANES, ALL, from + 4 * i, ORDER).max(m0);
            m1 = FloatVector.fromMemorySegment(LANES, ALL, from + 4 * (i + L), ORDER).max(m1);
            m2 = FloatVector.fromMemorySegment(LANES, ALL, from + 4 * (i + 2 * L), ORDER).max(m2);
            m3 = FloatVector.fromMemorySegment(LANES, ALL, from + 4 * (i + 3 * L), ORDER).max(m3);
        }
        for (; i + L <= n; i += L) {
            m0 = FloatVector.fromMemorySegment(LANES, ALL, from + 4 * i, ORDER).max(m0);
        }
        return m0.max(m1).max(m2.max(m3)).reduceLanes(VectorOperators.MAX);
    }

    @Override
    public void addTo(long x, long y, long n) {
        long whole = n - n % L;
        add(x, 1, y, 1, y, whole);
        if (whole < n) {
            REST.addTo(x + 4 * whole, y + 4 * whole, n - whole);
        }
    }

    @Override
    public void finish(long y, long step, long rows, long n, long bias, long residual, Unary activation) {
        int whole = Math.toIntExact(n - n % L);
        VectorEpilogue.finish(y, step, rows, whole, bias, residual, activation);
        if (whole < n) {
            REST.finish(y + 4L * whole, step, rows, n - whole, bias == 0 ? 0 : bias + 4L * whole, residual, activation);
        }
    }

    @Override
    public boolean allFinite(long x, long n) {
        IntVector largest = IntVector.zero(VectorWidth.INTS);
        long whole = n - n % L;
        for (long i = 0; i < whole; i += L) {
            largest = FloatVector.fromMemorySegment(LANES, ALL, x + 4L * i, ORDER).reinterpretAsInts().and(MAGNITUDE)
                    .max(largest);
        }
        return largest.reduceLanes(VectorOperators.MAX) < INFINITY && REST.allFinite(x + 4 * whole, n - whole);
    }

    @Override
    public void sgd(SgdStep d, long w, long g, long v, long n) {
        long whole = n - n % L;
        if (d.momentum() == 0) {
            plainStep(d, w, g, whole);
        } else {
            momentumStep(d, w, g, v, whole);
        }
        if (whole < n) {
            REST.sgd(d, w + 4 * whole, g + 4 * whole, v + 4 * whole, n - whole);
        }
    }

    private static void plainStep(SgdStep d, long w, long g, long n) {
        FloatVector rate = FloatVector.broadcast(LANES, (float) -d.rate());
        FloatVector decay = FloatVector.broadcast(LANES, (float) d.weightDecay());
        FloatVector shrink = FloatVector.broadcast(LANES, (float) (1 - d.rate() * d.decoupledDecay()));
        for (long i = 0; i < n; i += L) {
            FloatVector weight = FloatVector.fromMemorySegment(LANES, ALL, w + 4L * i, ORDER);
            FloatVector step = weight.fma(decay, FloatVector.fromMemorySegment(LANES, ALL, g + 4L * i, ORDER));
            step.fma(rate, weight.mul(shrink)).intoMemorySegment(ALL, w + 4L * i, ORDER);
            FloatVector.broadcast(LANES, 0).intoMemorySegment(ALL, g + 4L * i, ORDER);
        }
    }

    private static void momentumStep(SgdStep d, long w, long g, long v, long n) {
        FloatVector rate = FloatVector.broadcast(LANES, (float) -d.rate());
        FloatVector decay = FloatVector.broadcast(LANES, (float) d.weightDecay());
        FloatVector shrink = FloatVector.broadcast(LANES, (float) (1 - d.rate() * d.decoupledDecay()));
        FloatVector momentum = FloatVector.broadcast(LANES, (float) d.momentum());
        boolean nesterov = d.nesterov();
        for (long i = 0; i < n; i += L) {
            FloatVector weight = FloatVector.fromMemorySegment(LANES, ALL, w + 4L * i, ORDER);
            FloatVector step = weight.fma(decay, FloatVector.fromMemorySegment(LANES, ALL, g + 4L * i, ORDER));
            FloatVector velocity = FloatVector.fromMemorySegment(LANES, ALL, v + 4L * i, ORDER).fma(momentum, step);
            velocity.intoMemorySegment(ALL, v + 4L * i, ORDER);
            step = nesterov ? velocity.fma(momentum, step) : velocity;
            step.fma(rate, weight.mul(shrink)).intoMemorySegment(ALL, w + 4L * i, ORDER);
            FloatVector.broadcast(LANES, 0).intoMemorySegment(ALL, g + 4L * i, ORDER);
        }
    }

    @Override
    public void adamW(AdamWStep d, long w, long g, long first, long second, long n) {
        FloatVector shrink = FloatVector.broadcast(LANES, (float) (1 - d.rate() * d.weightDecay()));
        FloatVector rate = FloatVector.broadcast(LANES, (float) (-d.rate() / (1 - Math.pow(d.beta1(), d.step()))));
        FloatVector root = FloatVector.broadcast(LANES, (float) (1 / (1 - Math.pow(d.beta2(), d.step()))));
        FloatVector epsilon = FloatVector.broadcast(LANES, (float) d.epsilon());
        FloatVector keepFirst = FloatVector.broadcast(LANES, (float) d.beta1());
        FloatVector takeFirst = FloatVector.broadcast(LANES, (float) (1 - d.beta1()));
        FloatVector keepSecond = FloatVector.broadcast(LANES, (float) d.beta2());
        FloatVector takeSecond = FloatVector.broadcast(LANES, (float) (1 - d.beta2()));
        long whole = n - n % L;
        for (long i = 0; i < whole; i += L) {
            FloatVector gradient = FloatVector.fromMemorySegment(LANES, ALL, g + 4L * i, ORDER);
            FloatVector m = FloatVector.fromMemorySegment(LANES, ALL, first + 4L * i, ORDER).fma(keepFirst,
                    gradient.mul(takeFirst));
            FloatVector s = FloatVector.fromMemorySegment(LANES, ALL, second + 4L * i, ORDER).fma(keepSecond,
                    gradient.mul(gradient).mul(takeSecond));
            m.intoMemorySegment(ALL, first + 4L * i, ORDER);
            s.intoMemorySegment(ALL, second + 4L * i, ORDER);
            FloatVector step = m.div(s.mul(root).sqrt().add(epsilon));
            step.fma(rate, FloatVector.fromMemorySegment(LANES, ALL, w + 4L * i, ORDER).mul(shrink))
                    .intoMemorySegment(ALL, w + 4L * i, ORDER);
            FloatVector.broadcast(LANES, 0).intoMemorySegment(ALL, g + 4L * i, ORDER);
        }
        if (whole < n) {
            REST.adamW(d, w + 4 * whole, g + 4 * whole, first + 4 * whole, second + 4 * whole, n - whole);
        }
    }
}
