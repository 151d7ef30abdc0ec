// Random numbers: Philox4x32-10 (Salmon et al., SC'11), to the bit as dev.halcyon.random.Philox draws them.
//
// A thread makes one block of four words, which are the draws of four neighbouring elements: nothing is read but
// dropout's x, y is written once (16 bytes per thread, 8 for bfloat16). Grid: one thread per four elements.
#include "elements.cuh"

constexpr int DRAWS = 4;

// The words of a block: key (seed), counter (block number, stream).
__device__ inline void philox(unsigned long long seed, unsigned long long stream, unsigned long long block,
                              unsigned (&c)[DRAWS]) {
    c[0] = (unsigned)block;
    c[1] = (unsigned)(block >> 32);
    c[2] = (unsigned)stream;
    c[3] = (unsigned)(stream >> 32);
    unsigned k0 = (unsigned)seed;
    unsigned k1 = (unsigned)(seed >> 32);
#pragma unroll
    for (int round = 0; round < 10; round++) {
        unsigned high0 = __umulhi(0xD2511F53u, c[0]);
        unsigned low0 = 0xD2511F53u * c[0];
        unsigned high1 = __umulhi(0xCD9E8D57u, c[2]);
        unsigned low1 = 0xCD9E8D57u * c[2];
        c[0] = high1 ^ c[1] ^ k0;
        c[1] = low1;
        c[2] = high0 ^ c[3] ^ k1;
        c[3] = low0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

// the upper 24 bits of a word: as many as a float32 holds
__device__ inline unsigned upper(unsigned word) {
    return word >> 8;
}

constexpr float UNIT = 0x1p-24f;

// in [0, 1)
struct Uniform {
    __device__ void operator()(const unsigned (&words)[DRAWS], float (&y)[DRAWS]) const {
#pragma unroll
        for (int k = 0; k < DRAWS; k++) {
            y[k] = upper(words[k]) * UNIT;
        }
    }
};

// Box and Muller: two draws become two normal ones, sqrt(-2 ln u) (cos, sin)(2 pi v) with u in (0, 1] and v in [0, 1).
struct Normal {
    __device__ void operator()(const unsigned (&words)[DRAWS], float (&y)[DRAWS]) const {
#pragma unroll
        for (int k = 0; k < DRAWS; k += 2) {
            float radius = sqrtf(-2 * logf((upper(words[k]) + 1) * UNIT));
            float sine;
            float cosine;
            sincospif(upper(words[k + 1]) * (2 * UNIT), &sine, &cosine);
            y[k] = radius * cosine;
            y[k + 1] = radius * sine;
        }
    }
};

// 1 where the draw lies under the threshold
struct Bernoulli {
    unsigned threshold;

    __device__ void operator()(const unsigned (&words)[DRAWS], float (&y)[DRAWS]) const {
#pragma unroll
        for (int k = 0; k < DRAWS; k++) {
            y[k] = upper(words[k]) < threshold ? 1 : 0;
        }
    }
};

// The first element of this thread's four, and how many of them there are.
struct Four {
    long long block;
    long long first;
    int count;

    __device__ explicit Four(long long n) {
        block = (long long)blockIdx.x * THREADS + threadIdx.x;
        first = block * DRAWS;
        count = (int)min(n - first, (long long)DRAWS);
    }
};

template <class T> __device__ void storeFour(const float (&v)[DRAWS], T* y, const Four& four) {
    if (four.count == DRAWS && aligned(y)) {
        storePack(v, y + four.first);
        return;
    }
#pragma unroll
    for (int k = 0; k < DRAWS; k++) {
        if (k < four.count) {
            put(y + four.first + k, v[k]);
        }
    }
}

template <class T, class Distribution>
__device__ void draw(T* y, long long n, unsigned long long seed, unsigned long long stream,
                     unsigned long long firstBlock, Distribution distribution) {
    Four four(n);
    if (four.count <= 0) {
        return;
    }
    unsigned words[DRAWS];
    philox(seed, stream, firstBlock + four.block, words);
    float v[DRAWS];
    distribution(words, v);
    storeFour(v, y, four);
}

// y = scale x where a draw lies under the threshold, else 0; x may be y
template <class T>
__device__ void dropout(const T* x, T* y, long long n, unsigned long long seed, unsigned long long stream,
                        unsigned long long firstBlock, unsigned threshold, float scale) {
    Four four(n);
    if (four.count <= 0) {
        return;
    }
    float v[DRAWS];
    if (four.count == DRAWS && aligned(x)) {
        loadPack(v, x + four.first);
    } else {
#pragma unroll
        for (int k = 0; k < DRAWS; k++) {
            v[k] = k < four.count ? toFloat(x[four.first + k]) : 0;
        }
    }
    unsigned words[DRAWS];
    philox(seed, stream, firstBlock + four.block, words);
#pragma unroll
    for (int k = 0; k < DRAWS; k++) {
        v[k] = upper(words[k]) < threshold ? scale * v[k] : 0;
    }
    storeFour(v, y, four);
}

#define DRAWS_OF_TYPE(T, SUFFIX)                                                                                       \
    extern "C" __global__ __launch_bounds__(THREADS) void uniform_##SUFFIX(                                            \
        T* y, long long n, unsigned long long seed, unsigned long long stream, unsigned long long firstBlock) {        \
        draw(y, n, seed, stream, firstBlock, Uniform());                                                               \
    }                                                                                                                  \
    extern "C" __global__ __launch_bounds__(THREADS) void normal_##SUFFIX(                                             \
        T* y, long long n, unsigned long long seed, unsigned long long stream, unsigned long long firstBlock) {        \
        draw(y, n, seed, stream, firstBlock, Normal());                                                                \
    }                                                                                                                  \
    extern "C" __global__ __launch_bounds__(THREADS) void bernoulli_##SUFFIX(                                          \
        T* y, long long n, unsigned long long seed, unsigned long long stream, unsigned long long firstBlock,          \
        unsigned threshold) {                                                                                          \
        draw(y, n, seed, stream, firstBlock, Bernoulli{threshold});                                                    \
    }                                                                                                                  \
    extern "C" __global__ __launch_bounds__(THREADS) void dropout_##SUFFIX(                                            \
        const T* x, T* y, long long n, unsigned long long seed, unsigned long long stream,                             \
        unsigned long long firstBlock, unsigned threshold, float scale) {                                              \
        dropout(x, y, n, seed, stream, firstBlock, threshold, scale);                                                  \
    }

DRAWS_OF_TYPE(float, f32)
DRAWS_OF_TYPE(bfloat16, bf16)
