// Where the elements of a tile of A or B lie. A tile has some rows (of A; columns of B) and some depth; the threads of
// a block share it in vectors of 16 bytes, which lie along the depth or along the rows, as memory has it. Each source
// says where a thread's vectors are, null where there are zeros, and steps to the next tile of the depth; `any` is some
// address in the same memory.
#pragma once

#include "product.cuh"

// Four numbers of an operand, which no thread writes, as they lie in memory; zeros from null.

__device__ inline float4 fourOrZero(const float* from) {
    return from ? __ldg((const float4*)from) : make_float4(0, 0, 0, 0);
}

__device__ inline uint2 fourOrZero(const bfloat16* from) {
    return from ? __ldg((const uint2*)from) : make_uint2(0, 0);
}

__device__ inline void unpack(float (&x)[4], float4 four) {
    x[0] = four.x;
    x[1] = four.y;
    x[2] = four.z;
    x[3] = four.w;
}

__device__ inline void unpack(float (&x)[4], uint2 four) {
    unpack(x[0], x[1], four.x);
    unpack(x[2], x[3], four.y);
}

// Vectors along the depth: a thread's have the same depth and several rows.
template <class T, int VECTOR, int ROWS, int DEPTH, int THREADS> struct AlongDepth {
    using Element = T;
    static constexpr bool DEEP = true;
    static constexpr int ALL_ROWS = ROWS;
    static_assert(THREADS >= ROWS, "a thread finds the corner of a row");
    static constexpr int PER_ROW = DEPTH / VECTOR;
    static constexpr int STEP = THREADS / PER_ROW;
    static constexpr int COUNT = ROWS / STEP;

    static __device__ int depth(int = 0) {
        return threadIdx.x % PER_ROW * VECTOR;
    }
    static __device__ int row(int i) {
        return threadIdx.x / PER_ROW + i * STEP;
    }
};

// Vectors along the rows: a thread's have the same rows and several depths.
template <class T, int VECTOR, int ROWS, int DEPTH, int THREADS> struct AlongRows {
    using Element = T;
    static constexpr bool DEEP = false;
    static constexpr int PER_LINE = ROWS / VECTOR;
    static constexpr int STEP = THREADS / PER_LINE;
    static constexpr int COUNT = DEPTH / STEP;

    static __device__ int row(int = 0) {
        return threadIdx.x % PER_LINE * VECTOR;
    }
    static __device__ int depth(int i) {
        return threadIdx.x / PER_LINE + i * STEP;
    }
};

// The taps that a pass reads along one axis: tap t sees image position (pixel) scale + origin + t step, and is tap
// first + t every of the kernel.
struct Taps {
    int count;
    int scale;
    int origin;
    int step;
    int first;
    int every;

    // all taps, from output pixels to the image
    static __device__ Taps ofOutput(const Windows& a) {
        return {a.kernel, a.stride, -a.padding, a.dilation, 0, 1};
    }

    // From the image pixels phase, phase + stride, ... to the output: those taps t with phase + padding - t dilation
    // divisible by the stride. They come at equal distances, and see outputs at equal distances, backwards.
    static __device__ Taps ofPhase(const Windows& a, int phase) {
        int first = 0;
        while (first < a.kernel && (phase + a.padding - first * a.dilation) % a.stride != 0) {
            first++;
        }
        int every = 1;
        while (every * a.dilation % a.stride != 0) {
            every++;
        }
        int count = first < a.kernel ? (a.kernel - first + every - 1) / every : 0;
        return {count, 1, (phase + a.padding - first * a.dilation) / a.stride, -every * a.dilation / a.stride, first,
                every};
    }
};

// A position in the depth of taps x channels, which only grows. It is past the end where row is the number of tap rows.
struct TapWalk {
    int row;
    int column;
    int channel;

    __device__ TapWalk(int depth, int channels, int columns) {
        int tap = depth / channels;
        channel = depth - tap * channels;
        row = tap / max(columns, 1);
        column = tap - row * columns;
    }

    __device__ void advance(int by, int channels, int columns) {
        channel += by;
        while (channel >= channels) {
            channel -= channels;
            if (++column == columns) {
                column = 0;
                row++;
            }
        }
    }
};

// far above every image
constexpr int NOWHERE = -(1 << 30);

// What the first tap would see for each row of a tile: which place of the image, and where that lies.
template <int ROWS> struct Corners {
    const void* at[ROWS];
    int2 place[ROWS];  // column and row
};

// Pixels as rows, what their taps see as depth: A of the forward pass and of the input gradient. The corners are in
// shared memory, which has more room than the registers.
template <class Along> struct PatchRows : Along {
    using T = typename Along::Element;
    const Operands& d;
    Corners<Along::ALL_ROWS>& corners;
    TapWalk at;
    const Taps& down;
    const Taps& right;
    int height;
    int width;
    int channels;

    __device__ PatchRows(const Operands& d, const Place& place, Corners<Along::ALL_ROWS>& corners, const Taps& down,
                         const Taps& right, int height, int width, int channels)
        : d(d), corners(corners), at(place.depth + Along::depth(), channels, right.count), down(down), right(right),
          height(height), width(width), channels(channels) {
        if (threadIdx.x < Along::ALL_ROWS) {
            find(place, threadIdx.x);
        }
        __syncthreads();
    }

    __device__ void find(const Place& place, int row) {
        PixelGrid::Pixel pixel = d.pixels.at(place.row + row);
        // rows beyond the last see nothing
        int top = place.row + row < d.rows ? pixel.row * down.scale + down.origin : NOWHERE;
        int left = pixel.column * right.scale + right.origin;
        long long line = (long long)pixel.image * height + top;
        corners.at[row] = (const T*)d.a + place.group * d.aStep + (line * width + left) * d.aPitch;
        corners.place[row] = {left, top};
    }

    __device__ const void* any() const {
        return d.a;
    }

    __device__ const T* vector(int i) const {
        int2 corner = corners.place[Along::row(i)];
        int below = at.row * down.step;
        int beside = at.column * right.step;
        bool inside = at.row < down.count && (unsigned)(corner.y + below) < (unsigned)height &&
                      (unsigned)(corner.x + beside) < (unsigned)width;
        int offset = (below * width + beside) * d.aPitch + at.channel;
        return inside ? (const T*)corners.at[Along::row(i)] + offset : nullptr;
    }

    __device__ void advance(int by) {
        at.advance(by, channels, right.count);
    }
};

// Pixels as depth, what one tap sees as rows: A of the weight gradient.
template <class Along> struct PatchColumns : Along {
    using T = typename Along::Element;
    const Operands& d;
    const T* a;
    int top;
    int left;
    int pixel;

    __device__ PatchColumns(const Operands& d, const Place& place) : d(d), pixel(place.depth + Along::depth(0)) {
        int row = place.row + Along::row();
        int tap = row / d.inputs;
        int channel = row - tap * d.inputs;
        int tapRow = tap / d.horizontal.kernel;
        // rows beyond the last see nothing
        top = row < d.rows ? tapRow * d.vertical.dilation - d.vertical.padding : NOWHERE;
        left = (tap - tapRow * d.horizontal.kernel) * d.horizontal.dilation - d.horizontal.padding;
        a = (const T*)d.a + place.group * d.aStep + channel;
    }

    __device__ const void* any() const {
        return d.a;
    }

    __device__ const T* vector(int i) const {
        PixelGrid::Pixel at = d.pixels.at(pixel + i * Along::STEP);
        int row = at.row * d.vertical.stride + top;
        int column = at.column * d.horizontal.stride + left;
        bool inside = pixel + i * Along::STEP < d.depth && (unsigned)row < (unsigned)d.vertical.image &&
                      (unsigned)column < (unsigned)d.horizontal.image;
        long long line = (long long)at.image * d.vertical.image + row;
        return inside ? a + (line * d.horizontal.image + column) * d.aPitch : nullptr;
    }

    __device__ void advance(int by) {
        pixel += by;
    }
};

// A matrix [depth, columns] as it lies: B of the forward pass and of the weight gradient.
template <class Along> struct MatrixColumns : Along {
    using T = typename Along::Element;
    const Operands& d;
    const T* b;
    long long pitch;
    int left;  // of the depth, from this thread's first vector on

    __device__ MatrixColumns(const Operands& d, const Place& place) : d(d) {
        int column = place.column + Along::row();
        int depth = place.depth + Along::depth(0);
        pitch = d.bPitch;
        left = column < d.columns ? d.depth - depth : 0;
        b = (const T*)d.b + place.group * d.bStep + column + depth * pitch;
    }

    __device__ const void* any() const {
        return d.b;
    }

    __device__ const T* vector(int i) const {
        return i * Along::STEP < left ? b + i * Along::STEP * pitch : nullptr;
    }

    __device__ void advance(int by) {
        left -= by;
        b += by * pitch;
    }
};

// Weights [taps, inputs, outputs] with taps x outputs as depth and inputs as columns: B of the input gradient. The walk
// through the depth is that of A.
template <class Along> struct WeightRows : Along {
    using T = typename Along::Element;
    const Operands& d;
    const TapWalk& at;
    const Taps& down;
    const Taps& right;
    const T* b;
    int left;  // columns, from this thread's first vector on

    __device__ WeightRows(const Operands& d, const Place& place, const TapWalk& at, const Taps& down,
                          const Taps& right)
        : d(d), at(at), down(down), right(right) {
        int column = place.column + Along::row(0);
        left = d.columns - column;
        b = (const T*)d.b + place.group * d.bStep + (long long)column * d.bPitch;
    }

    __device__ const void* any() const {
        return d.b;
    }

    __device__ const T* vector(int i) const {
        int tap = (down.first + at.row * down.every) * d.horizontal.kernel + right.first + at.column * right.every;
        bool inside = i * Along::STEP < left && at.row < down.count;
        return inside ? b + (long long)(tap * d.inputs + i * Along::STEP) * d.bPitch + at.channel : nullptr;
    }

    __device__ void advance(int) {
    }
};
