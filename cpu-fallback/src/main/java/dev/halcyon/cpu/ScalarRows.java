package dev.halcyon.cpu;

import dev.halcyon.device.AdamWStep;
import dev.halcyon.device.Binary;
import dev.halcyon.device.SgdStep;
import dev.halcyon.device.Unary;

/** Rows by plain loops. */
final class ScalarRows implements RowKernels {
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
    public void sgd(SgdStep d, long w, long g, long v, long n) {
        for (long i = 0; i < 4 * n; i += 4) {
            double weight = Memory.getFloat(w + i);
            double step = Memory.getFloat(g + i) + d.weightDecay() * weight;
            if (d.momentum() != 0) {
                double velocity = d.momentum() * Memory.getFloat(v + i) + step;
                Memory.setFloat(v + i, (float) velocity);
                step = d.nesterov() ? step + d.momentum() * velocity : velocity;
            }
            double shrunk = weight * (1 - d.rate() * d.decoupledDecay());
            Memory.setFloat(w + i, (float) (shrunk - d.rate() * step));
            Memory.setFloat(g + i, 0);
        }
    }

    @Override
    public void adamW(AdamWStep d, long w, long g, long first, long second, long n) {
        double correction1 = 1 - Math.pow(d.beta1(), d.step());
        double correction2 = 1 - Math.pow(d.beta2(), d.step());
        for (long i = 0; i < 4 * n; i += 4) {
            double gradient = Memory.getFloat(g + i);
            double m = d.beta1() * Memory.getFloat(first + i) + (1 - d.beta1()) * gradient;
            double s = d.beta2() * Memory.getFloat(second + i) + (1 - d.beta2()) * gradient * gradient;
            Memory.setFloat(first + i, (float) m);
            Memory.setFloat(second + i, (float) s);
            double shrunk = Memory.getFloat(w + i) * (1 - d.rate() * d.weightDecay());
            double step = m / correction1 / (Math.sqrt(s / correction2) + d.epsilon());
            Memory.setFloat(w + i, (float) (shrunk - d.rate() * step));
            Memory.setFloat(g + i, 0);
        }
    }
}
