// Pooling of images [n, h, w, c] and its gradients.
//
//                              reads                        writes                   a thread has
//     maxPool                  x                            y, a byte per output     a pack of outputs
//     maxPoolGradient          dy and the bytes             dx                       a pack of inputs
//     averagePool              x                            y                        a pack of outputs
//     averagePoolGradient      dy                           dx                       a pack of inputs
//     .. of narrow pixels      the same                     the same                 a column of some windows
//
// Each is one launch with blocks of 256 threads. A thread gathers: forward from its window, backward from the outputs
// whose windows its input lies in, so that each element is written once and sums have a fixed order. Neighbours have
// neighbouring channels; windows that overlap find each other's elements in the cache.
#include "elements.cuh"
#include "threads.cuh"

// Made by dev.halcyon.cuda.Pools.
struct Windows {
    long long packs;  // of the outputs forward, of the inputs backward; or warps, see below
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
    int together;  // windows of a run, see below
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

// ---- windows side by side, in pixels of few channels
//
// Where windows neither overlap nor leave gaps, and one has no more elements across than a warp has lanes, a thread for
// each output would have a warp leave out every other pixel. So a warp takes RUNS runs of whole windows from a row of
// outputs: of each row of pixels a run is as many neighbouring elements, one to a lane. The lanes of a window put together
// what they have; the first lanes of the warp, one for each output of all runs, write or read what belongs to outputs.
//
//     lane of a run         0 .. c-1 | c .. 2c-1 | ..        c channels; kernelWidth columns of window 0, then of window 1
constexpr int RUNS = 2;

struct Run {
    bool there;  // warps beyond the last only do what they do together
    int lane;
    int window;   // lanes of a window
    int outputs;  // of a run
    long long image;
    int row;     // of outputs, or one that would follow the last
    int column;  // of outputs, where the first run begins

    // w.packs warps, of which an image has `down` rows with `across` windows
    __device__ Run(const Windows& w, int down, int across) {
        int warps = (across + RUNS * w.together - 1) / (RUNS * w.together);
        long long warp = (blockIdx.x * (long long)THREADS + threadIdx.x) / WARP;
        long long line = warp / warps;
        there = warp < w.packs;
        lane = (int)threadIdx.x % WARP;
        window = w.units * w.kernelWidth;
        outputs = w.units * w.together;
        image = line / down;
        row = (int)(line - image * down);
        column = (int)(warp - line * warps) * RUNS * w.together;
    }

    // this lane's element of a run in a row of pixels, or -1
    __device__ long long input(const Windows& w, int run, int below) const {
        int down = row * w.strideHeight - w.paddingHeight + below;
        int left = (column + run * w.together) * w.strideWidth - w.paddingWidth;
        bool inside = there && lane < window * w.together && (unsigned)down < (unsigned)w.height &&
                      (unsigned)(left + lane / w.units) < (unsigned)w.width;
        return inside ? ((image * w.height + down) * w.width + left) * w.units + lane : -1;
    }

    // the output that this lane writes or reads, or -1
    __device__ long long output(const Windows& w) const {
        bool inside = there && lane < RUNS * outputs && row < w.rows && column + lane / w.units < w.columns;
        return inside ? ((image * w.rows + row) * w.columns + column) * w.units + lane : -1;
    }

    // its number in a window's row
    __device__ int place(const Windows& w) const {
        return lane / w.units % w.kernelWidth;
    }

    // the first lane of the window whose output this lane writes
    __device__ int owner(const Windows& w) const {
        int output = lane % outputs;
        return output / w.units * window + output % w.units;
    }

    // the lane that reads the output of the window that this lane has a part of
    __device__ int reader(const Windows& w, int run) const {
        return run * outputs + lane / window * w.units + lane % w.units;
    }
};

// The first of the largest; NaN is larger than everything.
struct Largest {
    float value = -INFINITY;
    int place = -1;  // of nothing

    __device__ void add(const Largest& other) {
        bool equal = other.value == value || (other.value != other.value && value != value);
        bool larger = !(other.value <= value) && value == value;
        if (other.place >= 0 && (place < 0 || larger || (equal && other.place < place))) {
            *this = other;
        }
    }

    __device__ Largest of(int lane) const {
        return {__shfl_sync(ALL_LANES, value, lane), __shfl_sync(ALL_LANES, place, lane)};
    }
};

struct Total {
    float value = 0;
    int place = 0;  // which sums have no use for

    __device__ void add(const Total& other) {
        value += other.value;
    }

    __device__ Total of(int lane) const {
        return {__shfl_sync(ALL_LANES, value, lane), 0};
    }
};

// What this lane is to write, of the output at `to`: -1 if nothing.
template <class State, class T> __device__ State poolNarrow(const T* __restrict__ x, const Windows& w, long long& to) {
    Run run(w, w.rows, w.columns);
    State result;
    for (int r = 0; r < RUNS; r++) {
        State column;
        for (int below = 0; below < w.kernelHeight; below++) {
            long long from = run.input(w, r, below);
            if (from >= 0) {
                column.add({toFloat(x[from]), below * w.kernelWidth + run.place(w)});
            }
        }
        State all = column;
        for (int k = 1; k < w.kernelWidth; k++) {
            all.add(column.of(run.lane + k * w.units));
        }
        State owned = all.of(run.owner(w));
        result = run.lane / run.outputs == r ? owned : result;
    }
    to = run.output(w);
    return result;
}

template <class T>
__device__ void maxPoolNarrow(const T* __restrict__ x, T* __restrict__ y, unsigned char* __restrict__ argument,
                              const Windows& w) {
    long long to;
    Largest largest = poolNarrow<Largest>(x, w, to);
    if (to >= 0) {
        put(y + to, largest.value);
        argument[to] = (unsigned char)largest.place;
    }
}

template <class T>
__device__ void averagePoolNarrow(const T* __restrict__ x, T* __restrict__ y, float share, const Windows& w) {
    long long to;
    Total total = poolNarrow<Total>(x, w, to);
    if (to >= 0) {
        put(y + to, share * total.value);
    }
}

// Each element's window passes it share times its gradient: all elements, or the one whose place the argument is.
template <class T>
__device__ void gradientNarrow(const unsigned char* __restrict__ argument, const T* __restrict__ dy,
                               T* __restrict__ dx, float share, const Windows& w) {
    // pixels that no window covers belong to windows that there would be next
    Run run(w, (w.height + w.paddingHeight + w.kernelHeight - 1) / w.kernelHeight,
            (w.width + w.paddingWidth + w.kernelWidth - 1) / w.kernelWidth);
    long long from = run.output(w);
    float error = from >= 0 ? share * toFloat(dy[from]) : 0;
    int largest = argument && from >= 0 ? argument[from] : -1;
    for (int r = 0; r < RUNS; r++) {
        float error_ = __shfl_sync(ALL_LANES, error, run.reader(w, r));
        int largest_ = __shfl_sync(ALL_LANES, largest, run.reader(w, r));
        for (int below = 0; below < w.kernelHeight; below++) {
            long long to = run.input(w, r, below);
            if (to >= 0) {
                bool passes = !argument || largest_ == below * w.kernelWidth + run.place(w);
                put(dx + to, passes ? error_ : 0);
            }
        }
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
    }

#define NARROW_KERNELS(T, SUFFIX)                                                                                      \
    KERNEL max_pool_narrow_##SUFFIX(const T* x, T* y, unsigned char* argument, Windows w) {                            \
        maxPoolNarrow(x, y, argument, w);                                                                              \
    }                                                                                                                  \
    KERNEL max_pool_gradient_narrow_##SUFFIX(const unsigned char* argument, const T* dy, T* dx, Windows w) {           \
        gradientNarrow(argument, dy, dx, 1, w);                                                                        \
    }                                                                                                                  \
    KERNEL average_pool_narrow_##SUFFIX(const T* x, T* y, float share, Windows w) {                                    \
        averagePoolNarrow(x, y, share, w);                                                                             \
    }                                                                                                                  \
    KERNEL average_pool_gradient_narrow_##SUFFIX(const T* dy, T* dx, float share, Windows w) {                         \
        gradientNarrow(nullptr, dy, dx, share, w);                                                                     \
    }

KERNELS(float, 1, f32)
KERNELS(float, 4, f32x4)
KERNELS(bfloat16, 1, bf16)
KERNELS(bfloat16, 8, bf16x8)
NARROW_KERNELS(float, f32)
NARROW_KERNELS(bfloat16, bf16)
