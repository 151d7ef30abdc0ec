// A tile of C in float32 arithmetic, for every target: ROWS x COLUMNS sums, DEPTH products of each at a time.
//
// Each thread has HEIGHT x 8 sums in registers, so that a number read from shared memory is used 4 or 8 times.
//
// Both operands lie in shared memory as [depth][rows]. Those that lie along the depth in memory are turned on the way:
// lanes side by side write one row at different depths. One or two bits of the row are flipped by the depth, which
// sends these to different banks and leaves the banks of all other accesses as different as they were.
#pragma once

#include "pipeline.cuh"
#include "target.cuh"

constexpr int BANKS = 32;

template <class T, int ROWS_, int COLUMNS_, int DEPTH_, int HEIGHT> struct FloatTile {
    static constexpr int ROWS = ROWS_;
    static constexpr int COLUMNS = COLUMNS_;
    static constexpr int DEPTH = DEPTH_;
    static constexpr int WIDTH = 8;
    static constexpr int THREADS = ROWS * COLUMNS / (HEIGHT * WIDTH);
    static constexpr int A_BYTES = DEPTH * ROWS * (int)sizeof(float);
    static constexpr int BUFFER = A_BYTES + DEPTH * COLUMNS * (int)sizeof(float);
    // the lanes of a warp are 4 x 8, each with blocks of 4 x 4 sums at distances of 16 rows and 32 columns
    static constexpr int WARP_ROWS = 4 * HEIGHT;
    static constexpr int WARP_COLUMNS = 8 * WIDTH;
    static constexpr int WARPS_ACROSS = COLUMNS / WARP_COLUMNS;
    static constexpr int LINES = ROWS / WARP_ROWS * 16;
    static constexpr int PITCH = COLUMNS;
    static constexpr int SHARED = larger(2 * BUFFER, LINES * PITCH * (int)sizeof(float));

    template <int N> using Deep = AlongDepth<T, 4, N, DEPTH, THREADS>;
    template <int N> using Flat = AlongRows<T, 4, N, DEPTH, THREADS>;

    float sums[HEIGHT / 4][4][WIDTH / 4][4] = {};
    int row;  // of this thread's first sum
    int column;

    __device__ FloatTile() {
        int warp = threadIdx.x / 32;
        int lane = threadIdx.x % 32;
        row = warp / WARPS_ACROSS * WARP_ROWS + lane / 8 * 4;
        column = warp % WARPS_ACROSS * WARP_COLUMNS + lane % 8 * 4;
    }

    static __device__ int flipped(int row, int depth) {
        return row ^ depth / 4 * (BANKS / (DEPTH / 4));
    }

    // A thread's vectors of one operand, on their way to shared memory.
    template <class Source, int N> struct Vectors {
        decltype(fourOrZero((const T*)nullptr)) fours[Source::COUNT];

        __device__ void fetch(const Source& source) {
#pragma unroll
            for (int i = 0; i < Source::COUNT; i++) {
                fours[i] = fourOrZero(source.vector(i));
            }
        }

        __device__ void put(char* buffer) const {
            float* tile = (float*)buffer;
#pragma unroll
            for (int i = 0; i < Source::COUNT; i++) {
                float x[4];
                unpack(x, fours[i]);
                if constexpr (Source::DEEP) {
                    float* to = tile + Source::depth() * N + flipped(Source::row(i), Source::depth());
#pragma unroll
                    for (int k = 0; k < 4; k++) {
                        to[k * N] = x[k];
                    }
                } else {
                    int depth = Source::depth(i);
                    storeShared(x, tile + depth * N + flipped(Source::row(), depth));
                }
            }
        }
    };

    template <class A, class B> __device__ void multiply(A& a, B& b, int tiles, char* shared) {
        multiplyThroughRegisters(*this, a, b, tiles, shared);
    }

    template <class A, class B> __device__ void product(const char* a, const char* b) {
#pragma unroll 1
        for (int depth = 0; depth < DEPTH; depth += 4) {
            const float* left = (const float*)a + depth * ROWS;
            const float* right = (const float*)b + depth * COLUMNS;
#pragma unroll 2
            for (int k = 0; k < 4; k++) {
                float x[HEIGHT / 4][4];
                float y[WIDTH / 4][4];
#pragma unroll
                for (int i = 0; i < HEIGHT / 4; i++) {
                    loadPack(x[i], left + k * ROWS + flipped(row + 16 * i, depth));
                }
#pragma unroll
                for (int j = 0; j < WIDTH / 4; j++) {
                    loadPack(y[j], right + k * COLUMNS + flipped(column + 32 * j, depth));
                }
                add(x, y);
            }
        }
    }

    __device__ void add(const float (&x)[HEIGHT / 4][4], const float (&y)[WIDTH / 4][4]) {
#pragma unroll
        for (int i = 0; i < HEIGHT; i++) {
#pragma unroll
            for (int j = 0; j < WIDTH; j++) {
                float& sum = sums[i / 4][i % 4][j / 4][j % 4];
                sum = __fmaf_rn(x[i / 4][i % 4], y[j / 4][j % 4], sum);
            }
        }
    }

    // Puts a part of the sums where writeLines expects them.
    __device__ void spread(int part, float* lines) const {
        int line = row / WARP_ROWS * 16 + row % 16;
#pragma unroll
        for (int i = 0; i < 4; i++) {
#pragma unroll
            for (int j = 0; j < WIDTH / 4; j++) {
                storeShared(sums[part][i][j], lines + (line + i) * PITCH + column + 32 * j);
            }
        }
    }
};
