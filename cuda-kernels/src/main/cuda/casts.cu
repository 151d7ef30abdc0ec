// Conversions between element types, each type to each: y[i] = (Y)x[i], as Java converts by way of double or long.
//
// Reads x once and writes y once. A thread takes the elements that fill one access of 16 bytes on the side of the
// larger ones, and the grid covers them once.
#include "elements.cuh"

// An element as a number that arithmetic knows, without loss.
__device__ inline float number(float x) {
    return x;
}
__device__ inline double number(double x) {
    return x;
}
__device__ inline float number(bfloat16 x) {
    return toFloat(x);
}
__device__ inline float number(float16 x) {
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(x.bits));
    return value;
}
__device__ inline int number(int x) {
    return x;
}
__device__ inline long long number(long long x) {
    return x;
}
__device__ inline int number(unsigned char x) {
    return x;
}

// To nearest; whole numbers of 64 bits by way of double.
__device__ inline float narrow(float x) {
    return x;
}
__device__ inline float narrow(double x) {
    return __double2float_rn(x);
}
__device__ inline float narrow(int x) {
    return __int2float_rn(x);
}
__device__ inline float narrow(long long x) {
    return __double2float_rn(__ll2double_rn(x));
}

// Java's (long): towards zero, the nearest there is beyond the range, 0 for NaN.
__device__ inline long long whole(float x) {
    return x != x ? 0 : __float2ll_rz(x);
}
__device__ inline long long whole(double x) {
    return x != x ? 0 : __double2ll_rz(x);
}
__device__ inline long long whole(int x) {
    return x;
}
__device__ inline long long whole(long long x) {
    return x;
}

template <class From> __device__ void assign(float& y, From x) {
    y = narrow(x);
}
template <class From> __device__ void assign(double& y, From x) {
    y = (double)x;
}
template <class From> __device__ void assign(bfloat16& y, From x) {
    put(&y, narrow(x));
}
template <class From> __device__ void assign(float16& y, From x) {
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(y.bits) : "f"(narrow(x)));
}
template <class From> __device__ void assign(int& y, From x) {
    y = (int)whole(x);
}
template <class From> __device__ void assign(long long& y, From x) {
    y = whole(x);
}
template <class From> __device__ void assign(unsigned char& y, From x) {
    y = (unsigned char)whole(x);
}

template <int N, class From, class To> __device__ void convert(const From* x, To* y) {
    Neighbours<From, N> from = *(const Neighbours<From, N>*)x;
    Neighbours<To, N> to;
#pragma unroll
    for (int k = 0; k < N; k++) {
        assign(to.at[k], number(from.at[k]));
    }
    *(Neighbours<To, N>*)y = to;
}

// Neighbours that fill one access of 16 bytes on the side of the larger elements.
template <class From, class To> __device__ void cast(const From* x, To* y, long long n) {
    constexpr int N = ACCESS_BYTES / (sizeof(From) > sizeof(To) ? sizeof(From) : sizeof(To));
    eachShare<N>(n, aligned(x, y), [=](auto width, long long i) { convert<width.value>(x + i, y + i); });
}

#define CAST(FROM, FROM_NAME, TO, TO_NAME)                                                                             \
    extern "C" __global__ __launch_bounds__(THREADS) void cast_##FROM_NAME##_##TO_NAME(const FROM* x, TO* y,           \
                                                                                       long long n) {                  \
        cast(x, y, n);                                                                                                 \
    }
#define CASTS(FROM, FROM_NAME)                                                                                         \
    CAST(FROM, FROM_NAME, float, float32)                                                                              \
    CAST(FROM, FROM_NAME, double, float64)                                                                             \
    CAST(FROM, FROM_NAME, bfloat16, bfloat16)                                                                          \
    CAST(FROM, FROM_NAME, float16, float16)                                                                            \
    CAST(FROM, FROM_NAME, int, int32)                                                                                  \
    CAST(FROM, FROM_NAME, long long, int64)                                                                            \
    CAST(FROM, FROM_NAME, unsigned char, uint8)

CASTS(float, float32)
CASTS(double, float64)
CASTS(bfloat16, bfloat16)
CASTS(float16, float16)
CASTS(int, int32)
CASTS(long long, int64)
CASTS(unsigned char, uint8)

