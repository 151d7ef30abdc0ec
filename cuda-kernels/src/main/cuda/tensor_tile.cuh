// A tile of C on the tensor cores of compute_80. Each warp has WARP_ROWS x WARP_COLUMNS sums in fragments of 16 x 8.
//
// Shared memory holds operands as memory has them, in chunks of 16 bytes: as rows of the tile along the depth, or as
// lines of the depth along the rows. Chunks of a row or line change places by its number, so that the 8 rows that a
// fragment is made of lie in different banks; writes of whole rows are indifferent to it.
#pragma once

#include <type_traits>

#include "pipeline.cuh"
#include "target.cuh"

constexpr int CHUNK = 16;
constexpr int CHUNKS_OF_BANKS = 8;  // so many chunks lie in all banks once

// Rows of DEPTH numbers of BYTES.
template <int DEPTH, int BYTES> struct DeepLayout {
    static constexpr int CHUNKS = DEPTH * BYTES / CHUNK;

    static __device__ int chunk(int row, int index) {
        int flip = row / (CHUNKS_OF_BANKS / CHUNKS) % CHUNKS;
        return (row * CHUNKS + (index ^ flip)) * CHUNK;
    }
};

// Lines of ROWS numbers of BYTES. Fragments take 8 lines of one chunk if numbers are bfloat16, turned while they are
// loaded, or 4 lines of two chunks if they are float32, number by number.
template <int ROWS, int BYTES> struct FlatLayout {
    static constexpr int CHUNKS = ROWS * BYTES / CHUNK;

    static __device__ int chunk(int line, int index) {
        int flip = BYTES == 2 ? line % 8 : line % 4 * 2;
        return (line * CHUNKS + (index ^ flip)) * CHUNK;
    }
};

// Factors rounded to TF32 as they are taken from shared memory, where they are float32.
struct Tf32 {
    using Element = float;
    static constexpr int VECTOR = 4;
    static constexpr int DEPTH = 16;
    static constexpr int BYTES = 4;
    static constexpr bool ASYNC = true;

    static __device__ void add(float (&c)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
        addTf32(c, a, b0, b1);
    }
};

// Factors that are bfloat16 in memory.
struct Bfloat16 {
    using Element = bfloat16;
    static constexpr int VECTOR = 8;
    static constexpr int DEPTH = 32;
    static constexpr int BYTES = 2;
    static constexpr bool ASYNC = true;

    static __device__ void add(float (&c)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
        addBfloat16(c, a, b0, b1);
    }
};

// Factors that are float32 in memory, and rounded to bfloat16 on their way to shared memory.
struct RoundedBfloat16 {
    using Element = float;
    static constexpr int VECTOR = 4;
    static constexpr int DEPTH = 16;
    static constexpr int BYTES = 2;
    static constexpr bool ASYNC = false;

    static __device__ void add(float (&c)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
        addBfloat16(c, a, b0, b1);
    }
};

template <class Arithmetic, int ROWS_, int COLUMNS_, int WARP_ROWS_, int WARP_COLUMNS> struct TensorTile {
    using T = typename Arithmetic::Element;
    static constexpr int ROWS = ROWS_;
    static constexpr int COLUMNS = COLUMNS_;
    static constexpr int WARP_ROWS = WARP_ROWS_;
    static constexpr int DEPTH = Arithmetic::DEPTH;
    static constexpr int BYTES = Arithmetic::BYTES;
    static constexpr int WARPS_ACROSS = COLUMNS / WARP_COLUMNS;
    static constexpr int THREADS = ROWS / WARP_ROWS * WARPS_ACROSS * 32;
    static constexpr int A_BYTES = ROWS * DEPTH * BYTES;
    static constexpr int BUFFER = A_BYTES + COLUMNS * DEPTH * BYTES;
    // one is multiplied while the others are filled; a third if there is room for it in every block of a multiprocessor
    static constexpr int BUFFERS = Arithmetic::ASYNC && 3 * BUFFER <= 40 << 10 ? 3 : 2;
    // two chunks along the depth make one product of fragments
    static constexpr int STEPS = DEPTH * BYTES / (2 * CHUNK);
    static constexpr int STEP_DEPTH = DEPTH / STEPS;
    static constexpr int DOWN = WARP_ROWS / 16;
    static constexpr int ACROSS = WARP_COLUMNS / 16;
    static constexpr int LINES = ROWS / WARP_ROWS * 16;
    static constexpr int PITCH = COLUMNS + 8;  // lines side by side in different banks
    static constexpr int SHARED = larger(BUFFERS * BUFFER, LINES * PITCH * (int)sizeof(float));

    template <int N> using Deep = AlongDepth<T, Arithmetic::VECTOR, N, DEPTH, THREADS>;
    template <int N> using Flat = AlongRows<T, Arithmetic::VECTOR, N, DEPTH, THREADS>;
    template <class Source, int N>
    using Layout = std::conditional_t<Source::DEEP, DeepLayout<DEPTH, BYTES>, FlatLayout<N, BYTES>>;

    float sums[DOWN][2 * ACROSS][4] = {};
    int warpRow;
    int warpColumn;
    int lane;

    __device__ TensorTile() {
        int warp = threadIdx.x / 32;
        lane = threadIdx.x % 32;
        warpRow = warp / WARPS_ACROSS * WARP_ROWS;
        warpColumn = warp % WARPS_ACROSS * WARP_COLUMNS;
    }

    // Where vector i of this thread belongs in a buffer.
    template <class Source, int N> static __device__ int slot(int i) {
        constexpr int NUMBERS = CHUNK / BYTES;
        int line = Source::DEEP ? Source::row(i) : Source::depth(i);
        int inner = Source::DEEP ? Source::depth(0) : Source::row(0);
        return Layout<Source, N>::chunk(line, inner / NUMBERS) + inner % NUMBERS * BYTES;
    }

    template <class A, class B> __device__ void multiply(A& a, B& b, int tiles, char* shared) {
        if constexpr (Arithmetic::ASYNC) {
            multiplyAsync(*this, a, b, tiles, shared);
        } else {
            multiplyThroughRegisters(*this, a, b, tiles, shared);
        }
    }

    template <class Source, int N> static __device__ void copy(const Source& source, char* buffer) {
#pragma unroll
        for (int i = 0; i < Source::COUNT; i++) {
            copyAsync(buffer + slot<Source, N>(i), source.vector(i), source.any());
        }
    }

    template <class Source, int N> struct Vectors {
        float x[Source::COUNT][4];

        __device__ void fetch(const Source& source) {
#pragma unroll
            for (int i = 0; i < Source::COUNT; i++) {
                unpack(x[i], fourOrZero(source.vector(i)));
            }
        }

        __device__ void put(char* buffer) const {
#pragma unroll
            for (int i = 0; i < Source::COUNT; i++) {
                *(uint2*)(buffer + slot<Source, N>(i)) =
                    make_uint2(toBfloat16s(x[i][0], x[i][1]), toBfloat16s(x[i][2], x[i][3]));
            }
        }
    };

    template <class A, class B> __device__ void product(const char* a, const char* b) {
#pragma unroll
        for (int step = 0; step < STEPS; step++) {
            unsigned y[ACROSS][4];
#pragma unroll
            for (int j = 0; j < ACROSS; j++) {
                right<Layout<B, COLUMNS>, B::DEEP>(y[j], b, step, warpColumn + 16 * j);
            }
#pragma unroll
            for (int i = 0; i < DOWN; i++) {
                unsigned x[4];
                left<Layout<A, ROWS>, A::DEEP>(x, a, step, warpRow + 16 * i);
#pragma unroll
                for (int j = 0; j < ACROSS; j++) {
                    Arithmetic::add(sums[i][2 * j], x, y[j][0], y[j][1]);
                    Arithmetic::add(sums[i][2 * j + 1], x, y[j][2], y[j][3]);
                }
            }
        }
    }

    // Sixteen rows of A: the first eight and the others of the first half of the depth, then those of the second half.
    template <class A, bool DEEP> __device__ void left(unsigned (&x)[4], const char* a, int step, int row) const {
        if constexpr (DEEP) {
            loadMatrices(x, a + A::chunk(row + lane % 16, 2 * step + lane / 16));
        } else if constexpr (BYTES == 2) {
            loadTransposed(x, a + A::chunk(step * STEP_DEPTH + lane / 16 * 8 + lane % 8, row / 8 + lane / 8 % 2));
        } else {
#pragma unroll
            for (int k = 0; k < 4; k++) {
                x[k] = number<A>(a, step * STEP_DEPTH + k / 2 * 4 + lane % 4, row + k % 2 * 8 + lane / 4);
            }
        }
        round(x);
    }

    // Sixteen columns of B: both halves of the depth for the first eight, then for the others.
    template <class B, bool DEEP> __device__ void right(unsigned (&y)[4], const char* b, int step, int column) const {
        if constexpr (DEEP) {
            loadMatrices(y, b + B::chunk(column + lane / 16 * 8 + lane % 8, 2 * step + lane / 8 % 2));
        } else if constexpr (BYTES == 2) {
            loadTransposed(y, b + B::chunk(step * STEP_DEPTH + lane / 8 % 2 * 8 + lane % 8, column / 8 + lane / 16));
        } else {
#pragma unroll
            for (int k = 0; k < 4; k++) {
                y[k] = number<B>(b, step * STEP_DEPTH + k % 2 * 4 + lane % 4, column + k / 2 * 8 + lane / 4);
            }
        }
        round(y);
    }

    template <class Flat> static __device__ unsigned number(const char* tile, int line, int row) {
        return *(const unsigned*)(tile + Flat::chunk(line, row / 4) + row % 4 * 4);
    }

    static __device__ void round(unsigned (&x)[4]) {
        if constexpr (BYTES == 4) {
#pragma unroll
            for (int k = 0; k < 4; k++) {
                x[k] = toTf32(x[k]);
            }
        }
    }

    // Puts a part of the sums where writeLines expects them.
    __device__ void spread(int part, float* lines) const {
        float* to = lines + (warpRow / WARP_ROWS * 16 + lane / 4) * PITCH + warpColumn + lane % 4 * 2;
#pragma unroll
        for (int j = 0; j < 2 * ACROSS; j++) {
            const float(&fragment)[4] = sums[part][j];
            storeShared(fragment[0], fragment[1], to + 8 * j);
            storeShared(fragment[2], fragment[3], to + 8 * PITCH + 8 * j);
        }
    }
};
