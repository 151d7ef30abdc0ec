// Folding one number per thread into one, in a fixed order: a tree, so that rounding errors of long sums stay small.
#pragma once
#include "elements.cuh"

constexpr unsigned ALL_LANES = 0xffffffffu;

// A fold joins numbers in any grouping; `nothing` changes no other number.

struct Sum {
    static constexpr float NOTHING = 0;

    static __device__ float of(float x) {
        return x;
    }
    static __device__ float join(float a, float b) {
        return a + b;
    }
};

struct SumOfSquares : Sum {
    static __device__ float of(float x) {
        return x * x;
    }
};

// NaN if there is one
struct Max {
    static constexpr float NOTHING = -INFINITY;

    static __device__ float of(float x) {
        return x;
    }
    static __device__ float join(float a, float b) {
        return a > b || a != a ? a : b;
    }
};

// Over groups of `lanes` neighbouring threads, a power of two up to 32. All threads of the warp call it; each gets its
// group's result.
template <class Fold> __device__ float foldLanes(float x, int lanes) {
    for (int distance = lanes / 2; distance > 0; distance /= 2) {
        x = Fold::join(x, __shfl_xor_sync(ALL_LANES, x, distance));
    }
    return x;
}

// Over the THREADS threads of a block; all call it, once. The result is the first thread's.
template <class Fold> __device__ float foldBlock(float x) {
    __shared__ float warps[THREADS / WARP];
    x = foldLanes<Fold>(x, WARP);
    if (threadIdx.x % WARP == 0) {
        warps[threadIdx.x / WARP] = x;
    }
    __syncthreads();
    x = threadIdx.x < THREADS / WARP ? warps[threadIdx.x] : Fold::NOTHING;
    return foldLanes<Fold>(x, WARP);
}
