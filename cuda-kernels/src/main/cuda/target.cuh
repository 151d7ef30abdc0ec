// What becomes of the sums of a tile: C = activation(scale (alpha sum + beta C) + bias + residual). Tiles go through
// shared memory, so that whole rows of them are written, in accesses of 16 bytes (8 for bfloat16) where C is aligned.
#pragma once

#include "activations.cuh"
#include "product.cuh"

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

// Columns of C that a thread writes at a time: neighbours where they are aligned, otherwise one, so that threads side
// by side write side by side.
__device__ inline int width(const Target& t) {
    return t.vectors ? NEIGHBOURS : 1;
}

template <class Body> __device__ void eachColumn(const Target& t, Body body) {
#pragma unroll
    for (int k = 0; k < NEIGHBOURS; k++) {
        if (k < width(t)) {
            body(k);
        }
    }
}

template <class T> __device__ void load(float (&x)[NEIGHBOURS], const T* from, int width) {
    if (width == NEIGHBOURS) {
        loadPack(x, from);
    } else {
        x[0] = toFloat(*from);
    }
}

template <class T> __device__ void store(const float (&x)[NEIGHBOURS], T* to, int width) {
    if (width == NEIGHBOURS) {
        storePack(x, to);
    } else {
        put(to, x[0]);
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

// From C, or from what has its shape and type.
__device__ inline void loadLikeC(float (&x)[NEIGHBOURS], const Target& t, const void* from, long long at) {
    if (t.bfloat16s) {
        load(x, (const bfloat16*)from + at, width(t));
    } else {
        load(x, (const float*)from + at, width(t));
    }
}

__device__ inline void storeC(const float (&x)[NEIGHBOURS], const Target& t, long long at) {
    if (t.bfloat16s) {
        store(x, (bfloat16*)t.c + at, width(t));
    } else {
        store(x, (float*)t.c + at, width(t));
    }
}

// Puts a thread's columns into shared memory.
__device__ inline void keep(const Target& t, const float (&x)[NEIGHBOURS], float* to) {
    if (t.vectors) {
        storeShared(x, to);
    } else {
        to[0] = x[0];
    }
}

// Long functions are to be in a kernel once: a loop, through memory that this thread alone uses.
__device__ inline void activate(const Target& t, float (&x)[NEIGHBOURS], float* scratch) {
    keep(t, x, scratch);
#pragma unroll 1
    for (int k = 0; k < width(t); k++) {
        scratch[k] = activated(t.activation, scratch[k]);
    }
    load(x, scratch, width(t));
}

// The elements of C that a thread writes, from `at` on, which belong to columns from `column` of all groups on. Their sums
// are in shared memory and may be written over.
__device__ inline void finish(const Target& t, float* sums, long long at, int column) {
    float x[NEIGHBOURS] = {};
    float other[NEIGHBOURS] = {};
    load(x, sums, width(t));
    eachColumn(t, [&](int k) { x[k] *= t.alpha; });
    if (t.beta != 0) {
        loadLikeC(other, t, t.c, at);
        eachColumn(t, [&](int k) { x[k] += t.beta * other[k]; });
    }
    if (t.scale) {
        load(other, t.scale + column, width(t));
        eachColumn(t, [&](int k) { x[k] *= other[k]; });
    }
    if (t.bias) {
        load(other, t.bias + column, width(t));
        eachColumn(t, [&](int k) { x[k] += other[k]; });
    }
    if (t.residual) {
        loadLikeC(other, t, t.residual, at);
        eachColumn(t, [&](int k) { x[k] += other[k]; });
    }
    if (t.activation == RELU) {
        eachColumn(t, [&](int k) { x[k] = relu::value(x[k]); });
    } else if (t.activation == RELU6) {
        eachColumn(t, [&](int k) { x[k] = relu6::value(x[k]); });
    } else if (t.activation != IDENTITY) {
        activate(t, x, sums);
    }
    storeC(x, t, at);
}

// Writes columns of C, or their sums if those of other slices are still to be added.
__device__ inline void write(const Operands& d, const Target& t, const Place& place, float* sums, int row, int column) {
    long long at = offset(t, place, row);
    if (at < 0) {
        return;
    }
    at += column;
    if (!t.sums) {
        finish(t, sums, at, place.group * d.columns + column);
        return;
    }
    float x[NEIGHBOURS] = {};
    load(x, sums, width(t));
    store(x, t.sums + place.slice * t.sumsStep + at, width(t));
}

// A tile is written in parts: 16 rows of each warp at a time, which lie in shared memory as LINES lines at a distance
// of PITCH. Line 16 i + k is row i WARP_ROWS + first + k of the tile.
template <class Tile>
__device__ void writeLines(const Operands& d, const Target& t, const Place& place, float* lines, int first) {
    int each = width(t);
#pragma unroll 1
    for (int i = threadIdx.x * each; i < Tile::LINES * Tile::COLUMNS; i += Tile::THREADS * each) {
        int line = i / Tile::COLUMNS;
        int row = place.row + line / 16 * Tile::WARP_ROWS + first + line % 16;
        int column = place.column + i % Tile::COLUMNS;
        if (row < d.rows && column < d.columns) {
            write(d, t, place, lines + line * Tile::PITCH + i % Tile::COLUMNS, row, column);
        }
    }
}

template <class Tile>
__device__ void writeTile(const Tile& tile, const Operands& d, const Target& t, const Place& place, float* lines) {
#pragma unroll 1
    for (int part = 0; part < Tile::WARP_ROWS / 16; part++) {
        __syncthreads();
#pragma unroll
        for (int i = 0; i < Tile::WARP_ROWS / 16; i++) {
            // a tile is in registers, which have no index
            if (i == part) {
                tile.spread(i, lines);
            }
        }
        __syncthreads();
        writeLines<Tile>(d, t, place, lines, 16 * part);
    }
}
