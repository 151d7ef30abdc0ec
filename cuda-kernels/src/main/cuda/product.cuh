// What the kernels of convolutions and matrix products are told: C = activation(scale (alpha A B + beta C) + bias),
// where scale and bias belong to columns, and a pass of a convolution is such a product whose operands are found by
// index arithmetic (implicit gemm), without a copy:
//
//   pass             rows of C         columns of C    depth, the terms of a sum
//   forward          output pixels     outputs         taps x inputs
//   input gradient   input pixels      inputs          taps x outputs
//   weight gradient  taps x inputs     outputs         output pixels
//
// A matrix product is a convolution with one tap: A B is its forward pass, A B' its input gradient, A' B its weight
// gradient. Groups, and the matrices of a batch, are products of their own.
#pragma once

#include "axes.cuh"
#include "elements.cuh"

// Pixels in rows, or whatever else is counted in two places.
struct PixelGrid {
    Divisor height;
    Divisor width;

    struct Pixel {
        int image;
        int row;
        int column;
    };

    __device__ Pixel at(int index) const {
        int line = (int)width.quotient(index);
        int image = (int)height.quotient(line);
        return {image, line - image * (int)height.value, index - line * (int)width.value};
    }
};

// Along one axis of a convolution: output o sees image position o stride - padding + t dilation through its tap t.
struct Windows {
    int image;
    int output;
    int kernel;
    int stride;
    int padding;
    int dilation;
};

// The operands. Sizes count elements. Channels are those of one group as they are stored: multiples of what one access
// of 16 bytes moves, which the host sees to by zeros in a copy where they are not.
struct Operands {
    const void* a;
    const void* b;
    long long aStep;  // from one group to the next
    long long bStep;
    int aPitch;  // from one pixel, or row, to the next
    int bPitch;
    int rows;  // of C, for one group
    int columns;
    int depth;  // the most there is; some phases of an input gradient have less
    int inputs;
    int outputs;
    Windows vertical;
    Windows horizontal;
    PixelGrid pixels;  // that stand behind A's rows, or behind its depth in a weight gradient
    int slices;        // into which the depth is cut; each leaves sums of its own
    int sliceDepth;    // a multiple of every tile's depth
};

// Where C goes. Row r of the product is pixel (i, p, q) of the grid, and goes to image i, row p strideDown + down and
// column q strideRight + right, or nowhere if that lies outside the image.
struct Target {
    void* c;
    const float* scale;  // one for each column of each group, or null
    const float* bias;   // the same
    const void* residual;  // what is added to C's elements, of C's shape and type, or null
    float* sums;         // of each slice, where the depth is cut into such: each as C is; or null
    long long sumsStep;  // from one slice to the next
    long long step;      // from one group to the next
    int pitch;           // from one pixel to the next
    int height;
    int width;
    int strideDown;
    int strideRight;
    PixelGrid grid;
    float alpha;
    float beta;
    int activation;  // ordinal of dev.halcyon.device.Unary
    int bfloat16s;   // C's elements are bfloat16, not float32
    int vectors;     // four neighbours are aligned to their size
};

// Which of the products of a launch: the group and, of an input gradient with strides, which pixels.
struct Product {
    int group;
    int phaseRow;
    int phaseColumn;

    __device__ Product(int index, int phasesDown, int phasesRight) {
        int row = index / phasesRight;
        phaseColumn = index % phasesRight;
        phaseRow = row % phasesDown;
        group = row / phasesDown;
    }
};

// What one block computes: a tile of C from one slice of the depth. Blocks with the same rows of A are neighbours, so
// that A is read from memory once.
struct Place : Product {
    int row;
    int column;
    int slice;
    int depth;  // where the slice begins

    __device__ Place(const Operands& d, const Target& t, int tileRows, int tileColumns)
        : Place(d, t, tileRows, tileColumns, (d.rows + tileRows - 1) / tileRows,
                (d.columns + tileColumns - 1) / tileColumns) {
    }

  private:
    // of a product that is `down` x `across` tiles
    __device__ Place(const Operands& d, const Target& t, int tileRows, int tileColumns, int down, int across)
        : Product(blockIdx.x / across / down / d.slices, t.strideDown, t.strideRight) {
        column = blockIdx.x % across * tileColumns;
        row = blockIdx.x / across % down * tileRows;
        slice = blockIdx.x / across / down % d.slices;
        depth = slice * d.sliceDepth;
    }
};
