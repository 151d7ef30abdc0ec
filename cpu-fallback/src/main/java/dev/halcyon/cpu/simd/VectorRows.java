package dev.halcyon.cpu.simd;

import static dev.halcyon.cpu.simd.VectorMath.splat;

import dev.halcyon.cpu.Memory;
import dev.halcyon.cpu.RowKernels;
import dev.halcyon.device.AdamWStep;
import dev.halcyon.device.Binary;
import dev.halcyon.device.SgdStep;
import dev.halcyon.device.Unary;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Rows in vectors; the last one of a row is masked, so that all elements take the same path. */
public final class VectorRows implements RowKernels {
    private static final VectorSpecies<Float> LANES = VectorWidth.FLOATS;
    private static final int L = LANES.length();
    private static final VectorShuffle<Float> BY_HALF = rotation(2);
    private static final VectorShuffle<Float> BY_QUARTER = rotation(4);
    private static final VectorShuffle<Float> BY_EIGHTH = rotation(8);
    private static final VectorShuffle<Float> BY_SIXTEENTH = rotation(16);
    /** Floats are added up in lanes for this many elements before the sum moves on in double precision. */
    private static final long BLOCK = 4096;

    private static VectorShuffle<Float> rotation(int parts) {
        return VectorShuffle.fromOp(LANES, lane -> (lane + L / parts) % L);
    }

    /** The kernels keep no state. */
    public VectorRows() {
    }

    @Override
    public void unary(Unary op, long x, long y, long n) {
        if (op == Unary.RELU) {
            relu(x, y, n);
            return;
        }
        for (long i = 0; i < n; i += L) {
            VectorMask<Float> mask = LANES.indexInRange(i, n);
            store(VectorFunctions.value(op, load(x, i, mask)), y, i, mask);
        }
    }

    private static void relu(long x, long y, long n) {
        long i = 0;
        for (; i <= n - L; i += L) {
            load(x, i).max(0).intoMemorySegment(Memory.ALL, y + 4 * i, Memory.ORDER);
        }
        VectorMask<Float> mask = LANES.indexInRange(i, n);
        store(load(x, i, mask).max(0), y, i, mask);
    }

    @Override
    public void unaryGradient(Unary op, long saved, long dy, long dx, long n) {
        for (long i = 0; i < n; i += L) {
            VectorMask<Float> mask = LANES.indexInRange(i, n);
            store(VectorFunctions.gradient(op, load(saved, i, mask), load(dy, i, mask)), dx, i, mask);
        }
    }

    @Override
    public void binary(Binary op, long a, int aStep, long b, int bStep, long y, long n) {
        FloatVector aAll = splat(Memory.getFloat(a));
        FloatVector bAll = splat(Memory.getFloat(b));
        for (long i = 0; i < n; i += L) {
            VectorMask<Float> mask = LANES.indexInRange(i, n);
            FloatVector left = aStep == 0 ? aAll : load(a, i, mask);
            FloatVector right = bStep == 0 ? bAll : load(b, i, mask);
            store(combine(op, left, right), y, i, mask);
        }
    }

    private static FloatVector combine(Binary op, FloatVector a, FloatVector b) {
        return switch (op) {
            case ADD -> a.add(b);
            case SUBTRACT -> a.sub(b);
            case MULTIPLY -> a.mul(b);
            case DIVIDE -> a.div(b);
            case MAXIMUM -> a.max(b);
            case MINIMUM -> a.min(b);
            case GREATER_EQUAL -> splat(0).blend(1, a.compare(VectorOperators.GE, b));
        };
    }

    @Override
    public void scaleAdd(float alpha, long x, float beta, long y, long n) {
        FloatVector factor = splat(alpha);
        FloatVector keep = splat(beta);
        for (long i = 0; i < n; i += L) {
            VectorMask<Float> mask = LANES.indexInRange(i, n);
            FloatVector term = load(x, i, mask).mul(factor);
            store(beta == 0 ? term : load(y, i, mask).fma(keep, term), y, i, mask);
        }
    }

    @Override
    public void multiplyAdd(long a, long b, long y, long n) {
        for (long i = 0; i < n; i += L) {
            VectorMask<Float> mask = LANES.indexInRange(i, n);
            store(load(a, i, mask).fma(load(b, i, mask), load(y, i, mask)), y, i, mask);
        }
    }

    @Override
    public double sum(long x, long n) {
        double total = 0;
        for (long start = 0; start < n; start += BLOCK) {
            long end = Math.min(n, start + BLOCK);
            FloatVector lanes = splat(0);
            for (long i = start; i < end; i += L) {
                lanes = lanes.add(load(x, i, LANES.indexInRange(i, end)));
            }
            total += inOrder(lanes);
        }
        return total;
    }

    @Override
    public double dot(long x, long y, long n) {
        double total = 0;
        for (long start = 0; start < n; start += BLOCK) {
            long end = Math.min(n, start + BLOCK);
            FloatVector lanes = splat(0);
            for (long i = start; i < end; i += L) {
                VectorMask<Float> mask = LANES.indexInRange(i, end);
                lanes = load(x, i, mask).fma(load(y, i, mask), lanes);
            }
            total += inOrder(lanes);
        }
        return total;
    }

    /** Lanes added by halves, always the same way: reduceLanes would leave the order to the compiler. */
    private static double inOrder(FloatVector lanes) {
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

    @Override
    public float max(long x, long n) {
        FloatVector largest = splat(Float.NEGATIVE_INFINITY);
        for (long i = 0; i < n; i += L) {
            VectorMask<Float> mask = LANES.indexInRange(i, n);
            largest = largest.max(splat(Float.NEGATIVE_INFINITY).blend(load(x, i, mask), mask));
        }
        return largest.reduceLanes(VectorOperators.MAX);
    }

    @Override
    public void sgd(SgdStep d, long w, long g, long v, long n) {
        FloatVector rate = splat((float) -d.rate());
        FloatVector decay = splat((float) d.weightDecay());
        FloatVector shrink = splat((float) (1 - d.rate() * d.decoupledDecay()));
        FloatVector momentum = splat((float) d.momentum());
        boolean moving = d.momentum() != 0;
        for (long i = 0; i < n; i += L) {
            VectorMask<Float> mask = LANES.indexInRange(i, n);
            FloatVector weight = load(w, i, mask);
            FloatVector step = weight.fma(decay, load(g, i, mask));
            if (moving) {
                FloatVector velocity = load(v, i, mask).fma(momentum, step);
                store(velocity, v, i, mask);
                step = d.nesterov() ? velocity.fma(momentum, step) : velocity;
            }
            store(step.fma(rate, weight.mul(shrink)), w, i, mask);
            store(splat(0), g, i, mask);
        }
    }

    @Override
    public void adamW(AdamWStep d, long w, long g, long first, long second, long n) {
        FloatVector shrink = splat((float) (1 - d.rate() * d.weightDecay()));
        FloatVector rate = splat((float) (-d.rate() / (1 - Math.pow(d.beta1(), d.step()))));
        FloatVector root = splat((float) (1 / (1 - Math.pow(d.beta2(), d.step()))));
        FloatVector epsilon = splat((float) d.epsilon());
        for (long i = 0; i < n; i += L) {
            VectorMask<Float> mask = LANES.indexInRange(i, n);
            FloatVector gradient = load(g, i, mask);
            FloatVector m = load(first, i, mask).mul((float) d.beta1())
                    .add(gradient.mul((float) (1 - d.beta1())));
            FloatVector s = load(second, i, mask).mul((float) d.beta2())
                    .add(gradient.mul(gradient).mul((float) (1 - d.beta2())));
            store(m, first, i, mask);
            store(s, second, i, mask);
            FloatVector step = m.div(s.mul(root).sqrt().add(epsilon));
            store(step.fma(rate, load(w, i, mask).mul(shrink)), w, i, mask);
            store(splat(0), g, i, mask);
        }
    }

    private static FloatVector load(long row, long i) {
        return FloatVector.fromMemorySegment(LANES, Memory.ALL, row + 4 * i, Memory.ORDER);
    }

    private static FloatVector load(long row, long i, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(LANES, Memory.ALL, row + 4 * i, Memory.ORDER, mask);
    }

    private static void store(FloatVector value, long row, long i, VectorMask<Float> mask) {
        value.intoMemorySegment(Memory.ALL, row + 4 * i, Memory.ORDER, mask);
    }
}
