// The three passes of a convolution over any kind of tile, see product.cuh. A block computes one tile of C.
#pragma once

#include "sources.cuh"
#include "target.cuh"

template <class Tile, class A, class B>
__device__ void multiply(const Operands& d, const Target& t, const Place& place, A& a, B& b, int depth) {
    __shared__ float4 shared[Tile::SHARED / sizeof(float4)];
    int terms = max(0, min(depth - place.depth, d.sliceDepth));
    Tile tile;
    tile.multiply(a, b, (terms + Tile::DEPTH - 1) / Tile::DEPTH, (char*)shared);
    writeTile(tile, d, t, place, (float*)shared);
}

template <class Tile> __device__ void forward(const Operands& d, const Target& t) {
    __shared__ Corners<Tile::ROWS> corners;
    Place place(d, t, Tile::ROWS, Tile::COLUMNS);
    Taps down = Taps::ofOutput(d.vertical);
    Taps right = Taps::ofOutput(d.horizontal);
    PatchRows<typename Tile::template Deep<Tile::ROWS>> a(d, place, corners, down, right, d.vertical.image,
                                                          d.horizontal.image, d.inputs);
    MatrixColumns<typename Tile::template Flat<Tile::COLUMNS>> b(d, place);
    multiply<Tile>(d, t, place, a, b, d.depth);
}

// Pixels at a distance of the stride see the same taps. Each such phase is a product of its own, without strides.
template <class Tile> __device__ void inputGradient(const Operands& d, const Target& t) {
    __shared__ Corners<Tile::ROWS> corners;
    __shared__ Taps down;
    __shared__ Taps right;
    Place place(d, t, Tile::ROWS, Tile::COLUMNS);
    if (threadIdx.x == 0) {
        down = Taps::ofPhase(d.vertical, place.phaseRow);
        right = Taps::ofPhase(d.horizontal, place.phaseColumn);
    }
    __syncthreads();
    PatchRows<typename Tile::template Deep<Tile::ROWS>> a(d, place, corners, down, right, d.vertical.output,
                                                          d.horizontal.output, d.outputs);
    WeightRows<typename Tile::template Deep<Tile::COLUMNS>> b(d, place, a.at, down, right);
    multiply<Tile>(d, t, place, a, b, down.count * right.count * d.outputs);
}

template <class Tile> __device__ void weightGradient(const Operands& d, const Target& t) {
    Place place(d, t, Tile::ROWS, Tile::COLUMNS);
    PatchColumns<typename Tile::template Flat<Tile::ROWS>> a(d, place);
    MatrixColumns<typename Tile::template Flat<Tile::COLUMNS>> b(d, place);
    multiply<Tile>(d, t, place, a, b, d.depth);
}

#define PASS(pass, name, tile, residents)                                                              \
    extern "C" __global__ void __launch_bounds__(tile::THREADS, residents)                             \
        pass##_##name(const Operands d, const Target t) {                                              \
        pass<tile>(d, t);                                                                              \
    }

#define PASSES(name, tile, residents)           \
    PASS(forward, name, tile, residents)        \
    PASS(inputGradient, name, tile, residents)  \
    PASS(weightGradient, name, tile, residents)
