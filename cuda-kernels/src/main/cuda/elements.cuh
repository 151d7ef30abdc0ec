// Elements of tensors in memory and in registers. Arithmetic is float32, whatever the elements are stored in.
#pragma once

// threads of a block, in every kernel that does not say otherwise
constexpr int THREADS = 256;
constexpr int WARP = 32;
constexpr int ACCESS_BYTES = 16;
// what memory moves at least
constexpr int SECTOR_BYTES = 32;

struct bfloat16 {
    unsigned short bits;
};

struct float16 {
    unsigned short bits;
};

// how many elements one access of 16 bytes moves
template <class T> constexpr int PACK = ACCESS_BYTES / sizeof(T);

// how many a sector holds
template <class T> constexpr int SECTOR = SECTOR_BYTES / sizeof(T);

// so many elements that lie side by side and move together
template <class T, int N> struct alignas(N * sizeof(T)) Neighbours {
    T at[N];
};

__device__ inline float toFloat(float x) {
    return x;
}

__device__ inline float toFloat(bfloat16 x) {
    return __uint_as_float((unsigned)x.bits << 16);
}

// To nearest, ties to even; NaN stays NaN. Whole numbers do it on every target, at the speed of memory.
__device__ inline unsigned bfloat16Bits(float x) {
    unsigned bits = __float_as_uint(x);
    return x != x ? bits >> 16 | 0x40 : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

__device__ inline void put(float* y, float value) {
    *y = value;
}

__device__ inline void put(bfloat16* y, float value) {
    y->bits = (unsigned short)bfloat16Bits(value);
}

// whether packs at these addresses can be moved in one access
__device__ inline bool aligned(const void* a, const void* b = nullptr, const void* c = nullptr,
                               const void* d = nullptr) {
    return (((unsigned long long)a | (unsigned long long)b | (unsigned long long)c | (unsigned long long)d) %
            ACCESS_BYTES) == 0;
}

// N neighbours in one access (two for eight float32)

template <class T> __device__ void loadPack(float (&x)[1], const T* from) {
    x[0] = toFloat(*from);
}

template <class T> __device__ void storePack(const float (&x)[1], T* to) {
    put(to, x[0]);
}

__device__ inline void loadPack(float (&x)[2], const float* from) {
    float2 pack = *(const float2*)from;
    x[0] = pack.x;
    x[1] = pack.y;
}

__device__ inline void loadPack(float (&x)[4], const float* from) {
    float4 pack = *(const float4*)from;
    x[0] = pack.x;
    x[1] = pack.y;
    x[2] = pack.z;
    x[3] = pack.w;
}

__device__ inline void storePack(const float (&x)[4], float* to) {
    *(float4*)to = make_float4(x[0], x[1], x[2], x[3]);
}

__device__ inline void unpack(float& low, float& high, unsigned pair) {
    low = __uint_as_float(pair << 16);
    high = __uint_as_float(pair & 0xffff0000u);
}

__device__ inline unsigned pair(float low, float high) {
    return bfloat16Bits(low) | bfloat16Bits(high) << 16;
}

__device__ inline void loadPack(float (&x)[2], const bfloat16* from) {
    unpack(x[0], x[1], *(const unsigned*)from);
}

__device__ inline void loadPack(float (&x)[4], const bfloat16* from) {
    uint2 pack = *(const uint2*)from;
    unpack(x[0], x[1], pack.x);
    unpack(x[2], x[3], pack.y);
}

__device__ inline void storePack(const float (&x)[4], bfloat16* to) {
    *(uint2*)to = make_uint2(pair(x[0], x[1]), pair(x[2], x[3]));
}

__device__ inline void loadPack(float (&x)[8], const bfloat16* from) {
    uint4 pack = *(const uint4*)from;
    unpack(x[0], x[1], pack.x);
    unpack(x[2], x[3], pack.y);
    unpack(x[4], x[5], pack.z);
    unpack(x[6], x[7], pack.w);
}

__device__ inline void storePack(const float (&x)[8], bfloat16* to) {
    *(uint4*)to = make_uint4(pair(x[0], x[1]), pair(x[2], x[3]), pair(x[4], x[5]), pair(x[6], x[7]));
}

__device__ inline void loadPack(float (&x)[8], const float* from) {
    float4 low = *(const float4*)from;
    float4 high = *(const float4*)(from + 4);
    x[0] = low.x;
    x[1] = low.y;
    x[2] = low.z;
    x[3] = low.w;
    x[4] = high.x;
    x[5] = high.y;
    x[6] = high.z;
    x[7] = high.w;
}

template <int N> __device__ inline void spread(float (&x)[N], float value) {
#pragma unroll
    for (int k = 0; k < N; k++) {
        x[k] = value;
    }
}

// How many elements an access moves, as an argument that is known when the kernel is compiled.
template <int N> struct Width {
    static constexpr int value = N;
};

// Does something to the elements of this thread: body(width, i) for `width` neighbours from i on. With packs they are
// the N of one access, but for those that n cuts short; without, they are N single ones, and neighbours fall to
// neighbouring threads. The grid has ceil(n / (N * THREADS)) blocks.
template <int N, class Body> __device__ void eachShare(long long n, bool packs, Body body) {
    long long start = (long long)blockIdx.x * (N * THREADS);
    long long first = start + threadIdx.x * (packs ? N : 1);
    if (packs && first + N <= n) {
        body(Width<N>(), first);
        return;
    }
    long long end = min(n, start + N * THREADS);
#pragma unroll 1
    for (long long i = first; i < end; i += packs ? 1 : THREADS) {
        body(Width<1>(), i);
    }
}
