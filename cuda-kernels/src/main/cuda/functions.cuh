// Functions of one number and their derivatives, side by side. A derivative is computed from the argument x or the
// value y, as dev.halcyon.device.Unary says. CUDA's own functions are used, not the fast ones: a few units in the last
// place. Only where a divisor lies between 1 and 2 is the fast division taken, which there is as good.
#pragma once

// max(x, 0), and NaN where x is NaN
__device__ inline float notBelowZero(float x) {
    return x <= 0 ? 0 : x;
}

// max(min(x, 6), 0), and NaN where x is NaN
__device__ inline float upToSix(float x) {
    return x <= 0 ? 0 : x >= 6 ? 6 : x;
}

// 1 / (1 + e^-x); the exponent is never positive, so that nothing overflows and small values keep their digits
__device__ inline float sigmoid(float x) {
    float e = expf(-fabsf(x));
    return __fdividef(x < 0 ? e : 1, 1 + e);
}

// sigmoid(x) and 1 - sigmoid(x), both with all their digits
struct Gate {
    float open;
    float shut;

    __device__ explicit Gate(float x) {
        float e = expf(-fabsf(x));
        float large = __fdividef(1, 1 + e);
        float small = e * large;
        open = x < 0 ? small : large;
        shut = x < 0 ? large : small;
    }
};

struct identity {
    static __device__ float value(float x) {
        return x;
    }
    static __device__ float derivative(float) {
        return 1;
    }
};

struct relu {
    static __device__ float value(float x) {
        return notBelowZero(x);
    }
    static __device__ float derivative(float y) {
        return y > 0 ? 1 : 0;
    }
};

struct relu6 {
    static __device__ float value(float x) {
        return upToSix(x);
    }
    static __device__ float derivative(float y) {
        return y > 0 && y < 6 ? 1 : 0;
    }
};

// x/2 (1 + tanh u) = x sigmoid(2 u) with u = sqrt(2/pi) (x + 0.044715 x^3)
struct gelu {
    static constexpr double TWICE_ROOT = 1.5957691216057308;  // 2 sqrt(2/pi)
    static constexpr float SCALE = (float)TWICE_ROOT;
    static constexpr float CUBE = (float)(TWICE_ROOT * 0.044715);

    static __device__ float value(float x) {
        return x * sigmoid(x * (SCALE + CUBE * x * x));
    }
    static __device__ float derivative(float x) {
        float square = x * x;
        Gate gate(x * (SCALE + CUBE * square));
        float slope = gate.open * gate.shut;
        // far out the slope is zero, and the square may overflow
        return slope == 0 ? gate.open : gate.open + x * slope * (SCALE + 3 * CUBE * square);
    }
};

struct silu {
    static __device__ float value(float x) {
        return x * sigmoid(x);
    }
    static __device__ float derivative(float x) {
        Gate gate(x);
        return gate.open * (1 + x * gate.shut);
    }
};

struct logistic {
    static __device__ float value(float x) {
        return sigmoid(x);
    }
    static __device__ float derivative(float y) {
        return y * (1 - y);
    }
};

struct hyperbolic_tangent {
    static __device__ float value(float x) {
        return tanhf(x);
    }
    static __device__ float derivative(float y) {
        return 1 - y * y;
    }
};

struct hard_swish {
    static __device__ float value(float x) {
        return x * upToSix(x + 3) / 6;
    }
    static __device__ float derivative(float x) {
        return x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6;
    }
};

struct hard_sigmoid {
    static __device__ float value(float x) {
        return upToSix(x + 3) / 6;
    }
    static __device__ float derivative(float y) {
        return y > 0 && y < 1 ? 1.0f / 6 : 0;
    }
};

// ln(1 + e^x) without overflow
struct softplus {
    static __device__ float value(float x) {
        return notBelowZero(x) + log1pf(expf(-fabsf(x)));
    }
    static __device__ float derivative(float x) {
        return sigmoid(x);
    }
};

struct exponential {
    static __device__ float value(float x) {
        return expf(x);
    }
    static __device__ float derivative(float y) {
        return y;
    }
};

struct logarithm {
    static __device__ float value(float x) {
        return logf(x);
    }
    static __device__ float derivative(float x) {
        return 1 / x;
    }
};

struct square_root {
    static __device__ float value(float x) {
        return sqrtf(x);
    }
    static __device__ float derivative(float y) {
        return 1 / (2 * y);
    }
};

struct square {
    static __device__ float value(float x) {
        return x * x;
    }
    static __device__ float derivative(float x) {
        return 2 * x;
    }
};

struct reciprocal {
    static __device__ float value(float x) {
        return 1 / x;
    }
    static __device__ float derivative(float y) {
        return -y * y;
    }
};

struct absolute {
    static __device__ float value(float x) {
        return fabsf(x);
    }
    static __device__ float derivative(float x) {
        return x > 0 ? 1 : x < 0 ? -1 : x;  // zero and NaN as they are
    }
};

struct negative {
    static __device__ float value(float x) {
        return -x;
    }
    static __device__ float derivative(float) {
        return -1;
    }
};
