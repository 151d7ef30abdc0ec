// Matrices [rows, width] with something to be known per row: a team of threads takes a row, each every lanes-th
// element.
//
// A team is as many threads as a short row has elements, up to a power of two; a warp for rows of up to 256 elements,
// else a block. Its threads keep their ITEMS elements in registers, so that a row is read once however often it is gone
// through; only a row of more than 2048 elements (ITEMS is 0) is read each time. Rows that are longer than a warp rarely
// begin with a sector of memory if their length is odd: a team begins in front of its row, where the sector does.
#pragma once

#include "threads.cuh"

// A row and what of it this thread takes.
struct Row {
    long long number;
    int width;  // 0 for a team without a row, which only meets the others of its warp
    int lane;
    int lanes;  // of the team: a power of two up to 32, or THREADS
    int first;  // this thread's first element, which may lie in front of the row

    // the row of this thread's team, if the block's first one is block; a sector has that many elements
    __device__ Row(long long block, long long rows, int elements, int team, int sector) {
        number = block + threadIdx.x / team;
        width = number < rows ? elements : 0;
        lane = threadIdx.x % team;
        lanes = team;
        first = lane - (int)(number * elements % sector);
    }

    __device__ long long start() const {
        return number * width;
    }
};

// What the elements of a sector are to a team that keeps so many of each thread's: with one each, it can but begin where
// its row does.
template <class T, int ITEMS> constexpr int STEP = ITEMS == 1 ? 1 : SECTOR<T>;

// Calls body(i, j) for this thread's elements, i in the row and j among the thread's own.
template <int ITEMS, class Body> __device__ void each(const Row& row, Body body) {
    if constexpr (ITEMS == 0) {
        for (int i = row.first < 0 ? row.first + row.lanes : row.first; i < row.width; i += row.lanes) {
            body(i, 0);
        }
    } else {
#pragma unroll
        for (int j = 0; j < ITEMS; j++) {
            int i = row.first + j * row.lanes;
            if (i >= 0 && i < row.width) {
                body(i, j);
            }
        }
    }
}

// What value(i, j) gives for this thread's elements: kept, or computed each time where there are too many.
template <int ITEMS, class Value> struct Kept {
    Value value;
    float values[ITEMS == 0 ? 1 : ITEMS];

    __device__ Kept(const Row& row, Value of) : value(of) {
        if constexpr (ITEMS > 0) {
            each<ITEMS>(row, [&](int i, int j) { values[j] = value(i, j); });
        }
    }

    __device__ float at(int i, int j) const {
        return ITEMS == 0 ? value(i, j) : values[j];
    }
};

template <int ITEMS, class Value> __device__ Kept<ITEMS, Value> keep(const Row& row, Value value) {
    return Kept<ITEMS, Value>(row, value);
}

// Folds what was kept over the whole row, in an order that depends on the team alone; each thread gets the result.
template <class Fold, int ITEMS, class Value>
__device__ float fold(const Row& row, const Kept<ITEMS, Value>& kept) {
    float x = Fold::NOTHING;
    each<ITEMS>(row, [&](int i, int j) { x = Fold::join(x, kept.at(i, j)); });
    x = foldLanes<Fold>(x, min(row.lanes, WARP));
    if (row.lanes > WARP) {
        __shared__ float warps[THREADS / WARP];
        __syncthreads();  // others may still read what the fold before left there
        warps[threadIdx.x / WARP] = x;
        __syncthreads();
        x = Fold::NOTHING;
        for (float warp : warps) {
            x = Fold::join(x, warp);
        }
    }
    return x;
}

// Kernels for both types and all lengths of rows: up to 32 elements, up to 2048, any number.
#define FOR_EACH_LENGTH(KERNELS) \
    KERNELS(float, 1, f32x1)     \
    KERNELS(float, 8, f32x8)     \
    KERNELS(float, 0, f32)       \
    KERNELS(bfloat16, 1, bf16x1) \
    KERNELS(bfloat16, 8, bf16x8) \
    KERNELS(bfloat16, 0, bf16)
