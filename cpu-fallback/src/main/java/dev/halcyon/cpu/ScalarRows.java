package dev.halcyon.cpu;

import dev.halcyon.device.AdamWStep;
import dev.halcyon.device.Binary;
import dev.halcyon.device.SgdStep;
import dev.halcyon.device.Unary;

/** Rows by plain loops, with the roundings of the vector kernels wherever no sum is involved. */
public final class ScalarRows implements RowKernels {
    /** The kernels keep no state. */
    public ScalarRows() {
    }

    @Override
    public void unary(Unary op, long x, long y, long n) {
        for (long i = 0; i < 4 * n; i += 4) {
            Memory.setFloat(y + i, ScalarFunctions.value(op, Memory.getFloat(x + i)));
        }
    }

    @Override
    public void unaryGradient(Unary op, long saved, long dy, long dx, long n) {
        for (long i = 0; i < 4 * n; i += 4) {
            float gradient = ScalarFunctions.gradient(op, Memory.getFloat(saved + i), Memory.getFloat(dy + i));
            Memory.setFloat(dx + i, gradient);
        }
    }

    @Override
    public void binary(Binary op, long a, int aStep, long b, int bStep, long y, long n) {
        for (long i = 0; i < 4 * n; i += 4) {
            float left = Memory.getFloat(a + i * aStep);
            float right = Memory.getFloat(b + i * bStep);
            Memory.setFloat(y + i, switch (op) {
                case ADD -> left + right;
                case SUBTRACT -> left - right;
                case MULTIPLY -> left * right;
                case DIVIDE -> left / right;
                case MAXIMUM -> Math.max(left, right);
                case MINIMUM -> Math.min(left, right);
                case GREATER_EQUAL -> left >= right ? 1 : 0;
            });
        }
    }

    @Override
    public void scaleAdd(float alpha, long x, float beta, long y, long n) {
        for (long i = 0; i < 4 * n; i += 4) {
            float term = alpha * Memory.getFloat(x + i);
            Memory.setFloat(y + i, beta == 0 ? term : Math.fma(beta, Memory.getFloat(y + i), term));
        }
    }

    @Override
    public void multiplyAdd(long a, long b, long y, long n) {
        for (long i = 0; i < 4 * n; i += 4) {
            Memory.setFloat(y + i, Math.fma(Memory.getFloat(a + i), Memory.getFloat(b + i), Memory.getFloat(y + i)));
        }
    }

    @Override
    public double sum(long x, long n) {
        double sum = 0;
        for (long i = 0; i < 4 * n; i += 4) {
            sum += Memory.getFloat(x + i);
        }
        return sum;
    }

    @Override
    public double dot(long x, long y, long n) {
        double sum = 0;
        for (long i = 0; i < 4 * n; i += 4) {
            sum += (double) Memory.getFloat(x + i) * Memory.getFloat(y + i);
        }
        return sum;
    }

    @Override
    public float max(long x, long n) {
        float max = Float.NEGATIVE_INFINITY;
        for (long i = 0; i < 4 * n; i += 4) {
            max = Math.max(max, Memory.getFloat(x + i));
        }
        return max;
    }

    @Override
    public void addTo(long x, long y, long n) {
        for (long i = 0; i < 4 * n; i += 4) {
            Memory.setFloat(y + i, Memory.getFloat(x + i) + Memory.getFloat(y + i));
        }
    }

    @Override
    public void finish(long y, long step, long rows, long n, long bias, long residual, Unary activation) {
        float floor = ChannelKernels.floor(activation);
        float ceiling = ChannelKernels.ceiling(activation);
        for (long row = 0; row < rows; row++) {
            for (long i = 0; i < 4 * n; i += 4) {
                long at = y + row * step + i;
                float value = Memory.getFloat(at);
                if (bias != 0) {
                    value += Memory.getFloat(bias + i);
                }
                if (residual != 0) {
                    value += Memory.getFloat(at + residual);
                }
                Memory.setFloat(at, value < floor ? floor : value > ceiling ? ceiling : value);
            }
        }
    }

    @Override
    public boolean allFinite(long x, long n) {
        boolean finite = true;
        for (long i = 0; i < 4 * n; i += 4) {
            finite &= Float.isFinite(Memory.getFloat(x + i));
        }
        return finite;
    }

    @Override
    public void sgd(SgdStep d, long w, long g, long v, long n) {
        float rate = (float) -d.rate();
        float decay = (float) d.weightDecay();
        float shrink = (float) (1 - d.rate() * d.decoupledDecay());
        float momentum = (float) d.momentum();
        for (long i = 0; i < 4 * n; i += 4) {
            float weight = Memory.getFloat(w + i);
            float step = Math.fma(weight, decay, Memory.getFloat(g + i));
            if (momentum != 0) {
                float velocity = Math.fma(Memory.getFloat(v + i), momentum, step);
                Memory.setFloat(v + i, velocity);
                step = d.nesterov() ? Math.fma(velocity, momentum, step) : velocity;
            }
            Memory.setFloat(w + i, Math.fma(step, rate, weight * shrink));
            Memory.setFloat(g + i, 0);
        }
    }

    @Override
    public void adamW(AdamWStep d, long w, long g, long first, long second, long n) {
        float shrink = (float) (1 - d.rate() * d.weightDecay());
        float rate = (float) (-d.rate() / (1 - Math.pow(d.beta1(), d.step())));
        float root = (float) (1 / (1 - Math.pow(d.beta2(), d.step())));
        float keepFirst = (float) d.beta1();
        float takeFirst = (float) (1 - d.beta1());
        float keepSecond = (float) d.beta2();
        float takeSecond = (float) (1 - d.beta2());
        for (long i = 0; i < 4 * n; i += 4) {
            float gradient = Memory.getFloat(g + i);
            float m = Math.fma(Memory.getFloat(first + i), keepFirst, gradient * takeFirst);
            float s = Math.fma(Memory.getFloat(second + i), keepSecond, gradient * gradient * takeSecond);
            Memory.setFloat(first + i, m);
            Memory.setFloat(second + i, s);
            float step = m / ((float) Math.sqrt(s * root) + (float) d.epsilon());
            Memory.setFloat(w + i, Math.fma(step, rate, Memory.getFloat(w + i) * shrink));
            Memory.setFloat(g + i, 0);
        }
    }
}
