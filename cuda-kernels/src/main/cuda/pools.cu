// Pooling of images [n, h, w, c] and its gradients.
//
//                              reads                        writes                   a thread has
//     maxPool                  x                            y, a byte per output     a pack of outputs
//     maxPoolGradient          dy and the bytes             dx                       a pack of inputs
//     averagePool              x                            y                        a pack of outputs
//     averagePoolGradient      dy                           dx                       a pack of inputs
//     globalAverage            x                            y                        every lanes-th pixel of an image
//
// Each is one launch with blocks of 256 threads. A thread gathers: forward from its window, backward from the outputs
// whose windows its input lies in, so that each element is written once and sums have a fixed order. Neighbours have
// neighbouring channels; windows that overlap find each other's elements in the cache.
#include "channels.cuh"

// Made by dev.halcyon.cuda.Pools.
struct Windows {
    long long packs;  // of the outputs forward, of the inputs backward
    int units;        // packs of a pixel
    int height;       // of the images
    int width;
    int rows;  // of outputs
    int columns;
    int kernelHeight;
    int kernelWidth;
    int strideHeight;
    int strideWidth;
    int paddingHeight;
    int paddingWidth;
    int unused;
};

// Where a pack lies.
struct Pixel {
    long long image;
    int row;
    int column;
    int unit;

    __device__ Pixel(long long pack, int height, int width, int units) {
        long long pixel = pack / units;
        long long line = pixel / width;
        image = line / height;
        row = (int)(line - image * height);
        column = (int)(pixel - line * width);
        unit = (int)(pack - pixel * units);
    }
};

// Calls body(pack, place) for the inputs of an output's window; place is the input's number in the window.
template <class Body> __device__ void eachInput(const Windows& w, long long output, Body body) {
    Pixel y(output, w.rows, w.columns, w.units);
    int top = y.row * w.strideHeight - w.paddingHeight;
    int left = y.column * w.strideWidth - w.paddingWidth;
    int bottom = min(w.height, top + w.kernelHeight);
    int right = min(w.width, left + w.kernelWidth);
    for (int row = max(0, top); row < bottom; row++) {
        long long line = (y.image * w.height + row) * w.width;
        for (int column = max(0, left); column < right; column++) {
            body((line + column) * w.units + y.unit, (row - top) * w.kernelWidth + column - left);
        }
    }
}

// Calls body(pack, place) for the outputs whose windows an input lies in; place is its number in that window.
template <class Body> __device__ void eachOutput(const Windows& w, long long input, Body body) {
    Pixel x(input, w.height, w.width, w.units);
    int down = x.row + w.paddingHeight;
    int across = x.column + w.paddingWidth;
    int top = down < w.kernelHeight ? 0 : (down - w.kernelHeight) / w.strideHeight + 1;
    int left = across < w.kernelWidth ? 0 : (across - w.kernelWidth) / w.strideWidth + 1;
    int bottom = min(w.rows - 1, down / w.strideHeight);
    int right = min(w.columns - 1, across / w.strideWidth);
    for (int row = top; row <= bottom; row++) {
        long long line = (x.image * w.rows + row) * w.columns;
        int place = (down - row * w.strideHeight) * w.kernelWidth + across;
        for (int column = left; column <= right; column++) {
            body((line + column) * w.units + x.unit, place - column * w.strideWidth);
        }
    }
}

// ---- bytes, as many as a pack has elements

template <int N> struct Bytes;

template <> struct Bytes<1> {
    using Word = unsigned char;
};

template <> struct Bytes<4> {
    using Word = unsigned;
};

template <> struct Bytes<8> {
    using Word = unsigned long long;
};

// ---- maximum

// The first of the largest in the window; NaN is larger than everything.
template <class T, int N>
__device__ void maxPool(const T* __restrict__ x, T* __restrict__ y, unsigned char* __restrict__ argument,
                        const Windows& w, long long pack) {
    float largest[N];
    typename Bytes<N>::Word places = 0;
    spread(largest, -INFINITY);
    bool first = true;
    eachInput(w, pack, [&](long long from, int place) {
        float x_[N];
        loadPack(x_, x + from * N);
#pragma unroll
        for (int k = 0; k < N; k++) {
            bool larger = !(x_[k] <= largest[k]) && largest[k] == largest[k];
            if (first || larger) {
                largest[k] = x_[k];
                typename Bytes<N>::Word others = places & ~((typename Bytes<N>::Word)0xff << 8 * k);
                places = others | (typename Bytes<N>::Word)place << 8 * k;
            }
        }
        first = false;
    });
    storePack(largest, y + pack * N);
    *(typename Bytes<N>::Word*)(argument + pack * N) = places;
}

template <class T, int N>
__device__ void maxPoolGradient(const unsigned char* __restrict__ argument, const T* __restrict__ dy,
                                T* __restrict__ dx, const Windows& w, long long pack) {
    float sum[N] = {};
    eachOutput(w, pack, [&](long long from, int place) {
        float dy_[N];
        loadPack(dy_, dy + from * N);
        auto places = *(const typename Bytes<N>::Word*)(argument + from * N);
#pragma unroll
        for (int k = 0; k < N; k++) {
            sum[k] += (places >> 8 * k & 0xff) == place ? dy_[k] : 0;
        }
    });
    storePack(sum, dx + pack * N);
}

// ---- average

// to = share times the sum of what each(windows, pack, ..) gathers
template <class T, int N, class Each>
__device__ void gather(const T* __restrict__ from, T* __restrict__ to, float share, long long pack, Each each) {
    float sum[N] = {};
    each([&](long long at, int) {
        float x[N];
        loadPack(x, from + at * N);
#pragma unroll
        for (int k = 0; k < N; k++) {
            sum[k] += x[k];
        }
    });
#pragma unroll
    for (int k = 0; k < N; k++) {
        sum[k] *= share;
    }
    storePack(sum, to + pack * N);
}

// The average of each channel over the rows of one image [rows, channels]; a block has one tile of one image.
template <class T, int N>
__device__ void globalAverage(const T* __restrict__ x, T* __restrict__ y, float share, const Division& d,
                              int tiles) {
    long long image = blockIdx.x / tiles;
    Place<N> place(d, blockIdx.x % tiles, 0);
    Sums<N> all;
    if (place.active) {
        eachBatch(place, d.packs, [&](const Batch<N>& batch) {
            float x_[AT_ONCE<N>][N];
            batch.load(x_, x + image * d.rows * d.packs * N);
#pragma unroll
            for (int i = 0; i < AT_ONCE<N>; i++) {
#pragma unroll
                for (int k = 0; k < N; k++) {
                    all.first[k] += x_[i][k];
                }
            }
        });
    }
    mergeLanes(all, place);
    if (place.active && place.lane == 0) {
#pragma unroll
        for (int k = 0; k < N; k++) {
            all.first[k] *= share;
        }
        storePack(all.first, y + (image * d.packs + place.pack) * N);
    }
}

// ---- kernels: for both types, each with packs of 16 bytes and, where views are not aligned to that, of one element

#define KERNEL extern "C" __global__ void __launch_bounds__(THREADS, 2)

#define KERNELS(T, N, SUFFIX)                                                                                          \
    KERNEL max_pool_##SUFFIX(const T* x, T* y, unsigned char* argument, Windows w) {                                   \
        long long pack = blockIdx.x * (long long)THREADS + threadIdx.x;                                                \
        if (pack < w.packs) {                                                                                          \
            maxPool<T, N>(x, y, argument, w, pack);                                                                    \
        }                                                                                                              \
    }                                                                                                                  \
    KERNEL max_pool_gradient_##SUFFIX(const unsigned char* argument, const T* dy, T* dx, Windows w) {                  \
        long long pack = blockIdx.x * (long long)THREADS + threadIdx.x;                                                \
        if (pack < w.packs) {                                                                                          \
            maxPoolGradient<T, N>(argument, dy, dx, w, pack);                                                          \
        }                                                                                                              \
    }                                                                                                                  \
    KERNEL average_pool_##SUFFIX(const T* x, T* y, float share, Windows w) {                                           \
        long long pack = blockIdx.x * (long long)THREADS + threadIdx.x;                                                \
        if (pack < w.packs) {                                                                                          \
            gather<T, N>(x, y, share, pack, [&](auto body) { eachInput(w, pack, body); });                             \
        }                                                                                                              \
    }                                                                                                                  \
    KERNEL average_pool_gradient_##SUFFIX(const T* dy, T* dx, float share, Windows w) {                                \
        long long pack = blockIdx.x * (long long)THREADS + threadIdx.x;                                                \
        if (pack < w.packs) {                                                                                          \
            gather<T, N>(dy, dx, share, pack, [&](auto body) { eachOutput(w, pack, body); });                          \
        }                                                                                                              \
    }                                                                                                                  \
    KERNEL global_average_##SUFFIX(const T* x, T* y, float share, Division d, int tiles) {                             \
        globalAverage<T, N>(x, y, share, d, tiles);                                                                    \
    }

KERNELS(float, 1, f32)
KERNELS(float, 4, f32x4)
KERNELS(bfloat16, 1, bf16)
KERNELS(bfloat16, 8, bf16x8)
