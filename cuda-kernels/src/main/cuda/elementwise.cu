// Element-wise operations: every element of the output is computed from the elements at its place alone.
//
// Nothing but memory traffic counts here: each input is read once and the output written once, in one launch. A thread
// takes the elements of one access of 16 bytes, and the grid covers the output once. Arithmetic is float32.
//
//   unary           reads x, writes y                    2 n elements moved
//   unary_gradient  reads x or y and dy, writes dx       3 n
//   binary          reads a and b, writes y              3 n, or 2 n and what the smaller operand has
//   scale_add       reads x and, unless beta is 0, y     2 n or 3 n
//   fill            writes y                             n
//
// An output may lie where an input lies: a thread has read its elements when it writes them.
#include "axes.cuh"
#include "elements.cuh"
#include "functions.cuh"

// ---- functions of one argument

template <class F, class T> __device__ void mapValues(const T* x, T* y, long long n) {
    eachShare<PACK<T>>(n, aligned(x, y), [=](auto width, long long i) {
        constexpr int N = width.value;
        float v[N];
        loadPack(v, x + i);
#pragma unroll
        for (int k = 0; k < N; k++) {
            v[k] = F::value(v[k]);
        }
        storePack(v, y + i);
    });
}

template <class F, class T> __device__ void mapGradients(const T* saved, const T* dy, T* dx, long long n) {
    eachShare<PACK<T>>(n, aligned(saved, dy, dx), [=](auto width, long long i) {
        constexpr int N = width.value;
        float s[N];
        float g[N];
        loadPack(s, saved + i);
        loadPack(g, dy + i);
#pragma unroll
        for (int k = 0; k < N; k++) {
            g[k] *= F::derivative(s[k]);
        }
        storePack(g, dx + i);
    });
}

#define UNARY_OF_TYPE(NAME, F, T, SUFFIX)                                                                              \
    extern "C" __global__ __launch_bounds__(THREADS) void unary_##NAME##_##SUFFIX(const T* x, T* y, long long n) {     \
        mapValues<F>(x, y, n);                                                                                         \
    }                                                                                                                  \
    extern "C" __global__ __launch_bounds__(THREADS) void unary_gradient_##NAME##_##SUFFIX(                            \
        const T* saved, const T* dy, T* dx, long long n) {                                                             \
        mapGradients<F>(saved, dy, dx, n);                                                                             \
    }
#define UNARY(NAME, F)                                                                                                 \
    UNARY_OF_TYPE(NAME, F, float, f32)                                                                                 \
    UNARY_OF_TYPE(NAME, F, bfloat16, bf16)

UNARY(identity, identity)
UNARY(relu, relu)
UNARY(relu6, relu6)
UNARY(gelu, gelu)
UNARY(silu, silu)
UNARY(sigmoid, logistic)
UNARY(tanh, hyperbolic_tangent)
UNARY(hard_swish, hard_swish)
UNARY(hard_sigmoid, hard_sigmoid)
UNARY(softplus, softplus)
UNARY(exp, exponential)
UNARY(log, logarithm)
UNARY(sqrt, square_root)
UNARY(square, square)
UNARY(reciprocal, reciprocal)
UNARY(abs, absolute)
UNARY(negate, negative)

// ---- functions of two arguments

struct add {
    static __device__ float of(float a, float b) {
        return a + b;
    }
};

struct subtract {
    static __device__ float of(float a, float b) {
        return a - b;
    }
};

struct multiply {
    static __device__ float of(float a, float b) {
        return a * b;
    }
};

struct divide {
    static __device__ float of(float a, float b) {
        return a / b;
    }
};

// NaN if either is
struct maximum {
    static __device__ float of(float a, float b) {
        return a > b || a != a ? a : b;
    }
};

struct minimum {
    static __device__ float of(float a, float b) {
        return a < b || a != a ? a : b;
    }
};

struct greater_equal {
    static __device__ float of(float a, float b) {
        return a >= b ? 1 : 0;
    }
};

// Elements of an operand: neighbours, or one for all.
template <int N, class T> __device__ void loadOperand(float (&x)[N], const T* from, bool neighbours) {
    if (neighbours) {
        loadPack(x, from);
    } else {
        spread(x, toFloat(*from));
    }
}

template <class F, int N> __device__ void combine(float (&a)[N], const float (&b)[N]) {
#pragma unroll
    for (int k = 0; k < N; k++) {
        a[k] = F::of(a[k], b[k]);
    }
}

// Each operand has the output's shape, with a step of 1, or is a number, with a step of 0.
template <class F, class T>
__device__ void combineAll(const T* a, int aStep, const T* b, int bStep, T* y, long long n) {
    bool packs = aligned(aStep ? a : nullptr, bStep ? b : nullptr, y);
    eachShare<PACK<T>>(n, packs, [=](auto width, long long i) {
        constexpr int N = width.value;
        float left[N];
        float right[N];
        loadOperand(left, a + i * aStep, aStep != 0);
        loadOperand(right, b + i * bStep, bStep != 0);
        combine<F>(left, right);
        storePack(left, y + i);
    });
}

// Operands are stretched along some axes. The innermost two are rows; of them `axes` has as many as make a slab, and what
// comes at the same place of one slab after the other is a thread's: N neighbours of a row, along which each operand goes
// on or stays. It finds its place once, and reads once what is the same for all rows.
struct Slabs {
    long long elements;  // of all rows
    long long a;         // from one slab to the next, 0 where it is stretched
    long long b;
    Divisor size;  // elements of a slab
};

template <class F, int N, class T>
__device__ void combineStretched(const T* a, const T* b, T* y, unsigned n, const Slabs& slabs, const Axes& axes) {
    unsigned index = (blockIdx.x * THREADS + threadIdx.x) * N;
    if (index >= n) {
        return;
    }
    long long aOffset;
    long long bOffset;
    axes.offsets(index, aOffset, bOffset);
    a += aOffset;
    b += bOffset;
    unsigned before = slabs.size.quotient(index);
    y += before * slabs.elements;
    const Axis& inner = axes.axis[axes.count - 1];
    float left[N];
    float right[N];
    loadOperand(left, a, inner.a == 1);
    loadOperand(right, b, inner.b == 1);
    for (long long at = index - before * slabs.size.value; at < slabs.elements; at += slabs.size.value) {
        float result[N];
#pragma unroll
        for (int k = 0; k < N; k++) {
            result[k] = F::of(left[k], right[k]);
        }
        if (at + slabs.size.value < slabs.elements) {
            a += slabs.a;
            b += slabs.b;
            if (slabs.a != 0) {
                loadOperand(left, a, inner.a == 1);
            }
            if (slabs.b != 0) {
                loadOperand(right, b, inner.b == 1);
            }
        }
        storePack(result, y + at);
    }
}

#define BINARY_OF_TYPE(NAME, T, SUFFIX)                                                                                \
    extern "C" __global__ __launch_bounds__(THREADS) void binary_##NAME##_##SUFFIX(                                    \
        const T* a, int aStep, const T* b, int bStep, T* y, long long n) {                                             \
        combineAll<NAME>(a, aStep, b, bStep, y, n);                                                                    \
    }                                                                                                                  \
    extern "C" __global__ __launch_bounds__(THREADS) void stretched_##NAME##_##SUFFIX(                                 \
        const T* a, const T* b, T* y, unsigned n, bool packs, const __grid_constant__ Slabs slabs,                     \
        const __grid_constant__ Axes axes) {                                                                           \
        if (packs) {                                                                                                   \
            combineStretched<NAME, PACK<T>>(a, b, y, n, slabs, axes);                                                  \
        } else {                                                                                                       \
            combineStretched<NAME, 1>(a, b, y, n, slabs, axes);                                                        \
        }                                                                                                              \
    }
#define BINARY(NAME)                                                                                                   \
    BINARY_OF_TYPE(NAME, float, f32)                                                                                   \
    BINARY_OF_TYPE(NAME, bfloat16, bf16)

BINARY(add)
BINARY(subtract)
BINARY(multiply)
BINARY(divide)
BINARY(maximum)
BINARY(minimum)
BINARY(greater_equal)

// ---- y = alpha x + beta y

template <class T> __device__ void scaleAdd(float alpha, const T* x, float beta, T* y, long long n) {
    eachShare<PACK<T>>(n, aligned(x, y), [=](auto width, long long i) {
        constexpr int N = width.value;
        float v[N];
        float before[N] = {};
        loadPack(v, x + i);
        if (beta != 0) {  // else y may hold anything, NaN too
            loadPack(before, y + i);
        }
#pragma unroll
        for (int k = 0; k < N; k++) {
            v[k] = alpha * v[k] + beta * before[k];
        }
        storePack(v, y + i);
    });
}

extern "C" __global__ __launch_bounds__(THREADS) void scale_add_f32(float alpha, const float* x, float beta, float* y,
                                                                    long long n) {
    scaleAdd(alpha, x, beta, y, n);
}

extern "C" __global__ __launch_bounds__(THREADS) void scale_add_bf16(float alpha, const bfloat16* x, float beta,
                                                                     bfloat16* y, long long n) {
    scaleAdd(alpha, x, beta, y, n);
}

// ---- the same element all over

// Works on 16-byte words of memory, whatever the element: the pattern is made of whole elements. The words at the ends
// may lie partly outside y and are written byte by byte.
extern "C" __global__ __launch_bounds__(THREADS) void fill(char* y, long long bytes, unsigned long long pattern) {
    long long before = (unsigned long long)y % ACCESS_BYTES;
    long long start = ((long long)blockIdx.x * THREADS + threadIdx.x) * ACCESS_BYTES - before;
    if (start >= 0 && start + ACCESS_BYTES <= bytes) {
        *(ulonglong2*)(y + start) = make_ulonglong2(pattern, pattern);
        return;
    }
    long long end = min(start + ACCESS_BYTES, bytes);
#pragma unroll 1
    for (long long i = max(start, 0LL); i < end; i++) {
        y[i] = (char)(pattern >> (i + before) % 8 * 8);
    }
}
