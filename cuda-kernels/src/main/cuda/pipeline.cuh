// The main loop of every kernel of products: tiles of the depth come to shared memory while others are multiplied.
#pragma once

#include "sources.cuh"
#include "tensor_cores.cuh"

constexpr int larger(int a, int b) {
    return a > b ? a : b;
}

// Through registers, where numbers are turned or rounded. While a block works on one tile, its threads' vectors of the
// next are on their way; two buffers take turns, with one barrier for each tile.
template <class Tile, class A, class B>
__device__ void multiplyThroughRegisters(Tile& tile, A& a, B& b, int count, char* shared) {
    typename Tile::template Vectors<A, Tile::ROWS> left;
    typename Tile::template Vectors<B, Tile::COLUMNS> right;
    if (count > 0) {
        left.fetch(a);
        right.fetch(b);
    }
#pragma unroll 1
    for (int i = 0; i < count; i++) {
        char* buffer = shared + i % 2 * Tile::BUFFER;
        left.put(buffer);
        right.put(buffer + Tile::A_BYTES);
        __syncthreads();
        if (i + 1 < count) {
            a.advance(Tile::DEPTH);
            b.advance(Tile::DEPTH);
            left.fetch(a);
            right.fetch(b);
        }
        tile.template product<A, B>(buffer, buffer + Tile::A_BYTES);
    }
}

// By asynchronous copies, which need no registers: so many tiles ahead as there are further buffers.
template <class Tile, class A, class B>
__device__ void multiplyAsync(Tile& tile, A& a, B& b, int count, char* shared) {
    constexpr int AHEAD = Tile::BUFFERS - 1;
#pragma unroll 1
    for (int i = -AHEAD; i < count; i++) {
        if (i >= 0) {
            // this thread's copies of tile i are there, then all threads', and nobody needs tile i - 1 any more
            awaitCopies<AHEAD - 1>();
            __syncthreads();
        }
        if (i + AHEAD < count) {
            char* buffer = shared + (i + AHEAD) % Tile::BUFFERS * Tile::BUFFER;
            Tile::template copy<A, Tile::ROWS>(a, buffer);
            Tile::template copy<B, Tile::COLUMNS>(b, buffer + Tile::A_BYTES);
            a.advance(Tile::DEPTH);
            b.advance(Tile::DEPTH);
        }
        commitCopies();
        if (i >= 0) {
            const char* buffer = shared + i % Tile::BUFFERS * Tile::BUFFER;
            tile.template product<A, B>(buffer, buffer + Tile::A_BYTES);
        }
    }
}
