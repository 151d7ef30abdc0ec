// What becomes of the sums of a tile: C = activation(scale (alpha sum + beta C) + bias). Tiles go through shared memory, so that
// whole rows of them are written, in accesses of 16 bytes (8 for bfloat16) where C is aligned.
#pragma once

#include "functions.cuh"
#include "product.cuh"

// By the ordinals of dev.halcyon.device.Unary.
__device__ inline float activated(int unary, float x) {
    switch (unary) {
        case 1:
            return relu::value(x);
        case 2:
            return relu6::value(x);
        case 3:
            return gelu::value(x);
        case 4:
            return silu::value(x);
        case 5:
            return logistic::value(x);
        case 6:
            return hyperbolic_tangent::value(x);
        case 7:
            return hard_swish::value(x);
        case 8:
            return hard_sigmoid::value(x);
        case 9:
            return softplus::value(x);
        case 10:
            return exponential::value(x);
        case 11:
            return logarithm::value(x);
        case 12:
            return square_root::value(x);
        case 13:
            return square::value(x);
        case 14:
            return reciprocal::value(x);
        case 15:
            return absolute::value(x);
        case 16:
            return negative::value(x);
        default:
            return x;
    }
}

constexpr int IDENTITY = 0;
constexpr int RELU = 1;
constexpr int NEIGHBOURS = 4;

// Writes to shared memory in one access, which nvcc at times takes apart.

__device__ inline void storeShared(float x0, float x1, float* to) {
    asm volatile("st.shared.v2.f32 [%0], {%1, %2};" ::"r"((unsigned)__cvta_generic_to_shared(to)), "f"(x0), "f"(x1)
                 : "memory");
}

__device__ inline void storeShared(const float (&x)[NEIGHBOURS], float* to) {
    asm volatile("st.shared.v4.f32 [%0], {%1, %2, %3, %4};" ::"r"((unsigned)__cvta_generic_to_shared(to)), "f"(x[0]),
                 "f"(x[1]), "f"(x[2]), "f"(x[3])
                 : "memory");
}

// Some of four neighbours, or all of them in one access.
template <class T> __device__ void load(float (&x)[NEIGHBOURS], const T* from, int count, bool vector) {
    if (vector) {
        loadPack(x, from);
        return;
    }
#pragma unroll
    for (int k = 0; k < NEIGHBOURS; k++) {
        x[k] = k < count ? toFloat(from[k]) : 0;
    }
}

template <class T> __device__ void store(const float (&x)[NEIGHBOURS], T* to, int count, bool vector) {
    if (vector) {
        storePack(x, to);
        return;
    }
#pragma unroll
    for (int k = 0; k < NEIGHBOURS; k++) {
        if (k < count) {
            put(to + k, x[k]);
        }
    }
}

// Where a row of the product goes, in elements from the start of C; negative if nowhere.
__device__ inline long long offset(const Target& t, const Product& product, int row) {
    PixelGrid::Pixel pixel = t.grid.at(row);
    int down = pixel.row * t.strideDown + product.phaseRow;
    int right = pixel.column * t.strideRight + product.phaseColumn;
    if (down >= t.height || right >= t.width) {
        return -1;
    }
    long long line = (long long)pixel.image * t.height + down;
    return product.group * t.step + (line * t.width + right) * t.pitch;
}

__device__ inline void loadC(float (&x)[NEIGHBOURS], const Target& t, long long at, int count) {
    if (t.bfloat16s) {
        load(x, (const bfloat16*)t.c + at, count, t.vectors);
    } else {
        load(x, (const float*)t.c + at, count, t.vectors);
    }
}

__device__ inline void storeC(const float (&x)[NEIGHBOURS], const Target& t, long long at, int count) {
    if (t.bfloat16s) {
        store(x, (bfloat16*)t.c + at, count, t.vectors);
    } else {
        store(x, (float*)t.c + at, count, t.vectors);
    }
}

// Long functions are to be in a kernel once: a loop, through memory that this thread alone uses.
__device__ inline void activate(const Target& t, float (&x)[NEIGHBOURS], float* scratch) {
    storeShared(x, scratch);
#pragma unroll 1
    for (int k = 0; k < NEIGHBOURS; k++) {
        scratch[k] = activated(t.activation, scratch[k]);
    }
    loadPack(x, scratch);
}

// Four neighbouring columns of C from their sums, 16 bytes of shared memory that may be written over.
__device__ inline void finish(const Target& t, const Product& product, float* sums, int row, int column, int columns) {
    long long at = offset(t, product, row);
    if (at < 0) {
        return;
    }
    at += column;
    int count = columns - column;
    float x[NEIGHBOURS];
    float other[NEIGHBOURS];
    loadPack(x, sums);
#pragma unroll
    for (int k = 0; k < NEIGHBOURS; k++) {
        x[k] *= t.alpha;
    }
    if (t.beta != 0) {
        loadC(other, t, at, count);
#pragma unroll
        for (int k = 0; k < NEIGHBOURS; k++) {
            x[k] += t.beta * other[k];
        }
    }
    if (t.scale) {
        load(other, t.scale + product.group * columns + column, count, t.vectors);
#pragma unroll
        for (int k = 0; k < NEIGHBOURS; k++) {
            x[k] *= other[k];
        }
    }
    if (t.bias) {
        load(other, t.bias + product.group * columns + column, count, t.vectors);
#pragma unroll
        for (int k = 0; k < NEIGHBOURS; k++) {
            x[k] += other[k];
        }
    }
    if (t.activation == RELU) {
#pragma unroll
        for (int k = 0; k < NEIGHBOURS; k++) {
            x[k] = relu::value(x[k]);
        }
    } else if (t.activation != IDENTITY) {
        activate(t, x, sums);
    }
    storeC(x, t, at, count);
}

__device__ inline int sumsPitch(int columns) {
    return (columns + NEIGHBOURS - 1) / NEIGHBOURS * NEIGHBOURS;
}

// Writes four neighbouring columns of C, or their sums if those of other slices are still to be added.
__device__ inline void write(const Operands& d, const Target& t, const Place& place, float* sums, int row, int column) {
    if (!t.sums) {
        finish(t, place, sums, row, column, d.columns);
        return;
    }
    float x[NEIGHBOURS];
    loadPack(x, sums);
    storePack(x, t.sums + ((long long)place.matrix * d.rows + row) * sumsPitch(d.columns) + column);
}

constexpr int larger(int a, int b) {
    return a > b ? a : b;
}

// A tile is written in parts: 16 rows of each warp at a time. This is one part, which lies in shared memory as LINES lines
// at a distance of PITCH; line 16 i + k of it is row i WARP_ROWS + first + k of the tile.
template <int LINES, int COLUMNS, int PITCH, int WARP_ROWS, int THREADS>
__device__ void writeLines(const Operands& d, const Target& t, const Place& place, float* lines, int first) {
    constexpr int PER_LINE = COLUMNS / NEIGHBOURS;
#pragma unroll 1
    for (int i = threadIdx.x; i < LINES * PER_LINE; i += THREADS) {
        int line = i / PER_LINE;
        int inner = i % PER_LINE * NEIGHBOURS;
        int row = place.row + line / 16 * WARP_ROWS + first + line % 16;
        int column = place.column + inner;
        if (row < d.rows && column < d.columns) {
            write(d, t, place, lines + line * PITCH + inner, row, column);
        }
    }
}
