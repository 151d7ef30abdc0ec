// Convolutions with one input channel in each group, in float32 arithmetic: x [n, h, w, c] * w [kh, kw, 1, c m] =
// y [n, oh, ow, c m], where m outputs belong to each input channel, nearly always one.
//
// Channels have nothing to share, so that memory decides: N is 4 channels to an access (16 bytes of float32) where m is
// 1 and channels and addresses allow it, else 1.
//
//   forward          a thread has four output pixels of a line, to read a weight once for them; it reads pixels kh kw
//                    times, all but the first time from the caches
//   inputGradient    the same for input pixels, each of which gathers from the outputs that saw it
//   weightGradient   a block adds up a chunk of the pixels for some channels and up to nine taps, in registers, then
//                    over its threads in a fixed order; addSlices of products.cu adds the chunks
//
// Blocks of 256 threads in one row.
#include "target.cuh"

constexpr int STRIP = 4;
constexpr int TAPS = 9;

struct Depthwise {
    Windows vertical;
    Windows horizontal;
    int images;
    int inputs;   // channels of x
    int outputs;  // channels of y
    int each;     // outputs of an input
    Divisor strideDown;
    Divisor strideRight;
    Divisor packs;   // accesses in a pixel of what is written
    PixelGrid grid;  // strips of what is written; of a weight gradient, pixels of y
};

// Four pixels of a line, for the channels of one access.
template <int N> struct Strip {
    int channel;
    PixelGrid::Pixel first;

    __device__ Strip(const Depthwise& d) {
        int index = blockIdx.x * THREADS + threadIdx.x;
        int strip = (int)d.packs.quotient(index);
        channel = (index - strip * (int)d.packs.value) * N;
        first = d.grid.at(strip);
        first.column *= STRIP;
    }
};

template <int N> __device__ void addProduct(float (&sum)[N], const float (&a)[N], const float (&b)[N]) {
#pragma unroll
    for (int k = 0; k < N; k++) {
        sum[k] = __fmaf_rn(a[k], b[k], sum[k]);
    }
}

// The long functions are to be in a kernel once: a loop, through memory that this thread alone uses.
template <int N> __device__ void activateByFunction(int activation, float (&x)[STRIP][N]) {
    __shared__ float scratch[STRIP * N][THREADS];
#pragma unroll
    for (int k = 0; k < STRIP * N; k++) {
        scratch[k][threadIdx.x] = x[k / N][k % N];
    }
#pragma unroll 1
    for (int k = 0; k < STRIP * N; k++) {
        scratch[k][threadIdx.x] = activated(activation, scratch[k][threadIdx.x]);
    }
#pragma unroll
    for (int k = 0; k < STRIP * N; k++) {
        x[k / N][k % N] = scratch[k][threadIdx.x];
    }
}

template <int N> __device__ void activate(int activation, float (&x)[STRIP][N]) {
    if (activation > RELU6) {
        activateByFunction(activation, x);
        return;
    }
#pragma unroll
    for (int k = 0; k < STRIP * N; k++) {
        float sum = x[k / N][k % N];
        x[k / N][k % N] = activation == RELU ? relu::value(sum) : activation == RELU6 ? relu6::value(sum) : sum;
    }
}

// x = scale x + bias, where scale and bias are those of the channels, or null.
template <int N> __device__ void scaleAndShift(float (&x)[STRIP][N], const float* scale, const float* bias) {
    float factor[N];
    float term[N];
#pragma unroll
    for (int k = 0; k < N; k++) {
        factor[k] = 1;
        term[k] = 0;
    }
    if (scale) {
        loadPack(factor, scale);
    }
    if (bias) {
        loadPack(term, bias);
    }
#pragma unroll
    for (int k = 0; k < STRIP * N; k++) {
        x[k / N][k % N] = x[k / N][k % N] * factor[k % N] + term[k % N];
    }
}

// Adds those pixels of a strip that are there.
template <class T, int N> __device__ void addPixels(float (&x)[STRIP][N], const T* pixels, int count, int pitch) {
#pragma unroll
    for (int i = 0; i < STRIP; i++, pixels += pitch) {
        if (i < count) {
            float other[N];
            loadPack(other, pixels);
#pragma unroll
            for (int k = 0; k < N; k++) {
                x[i][k] += other[k];
            }
        }
    }
}

template <class T, int N>
__device__ void forward(const Depthwise& d, const T* x, const T* w, const float* scale, const float* bias,
                        const T* residual, int activation, T* y) {
    Strip<N> strip(d);
    if (strip.first.image >= d.images) {
        return;
    }
    float sums[STRIP][N] = {};
    for (int tapRow = 0; tapRow < d.vertical.kernel; tapRow++) {
        int row = strip.first.row * d.vertical.stride - d.vertical.padding + tapRow * d.vertical.dilation;
        if ((unsigned)row >= (unsigned)d.vertical.image) {
            continue;
        }
        long long line = (long long)strip.first.image * d.vertical.image + row;
        const T* pixels = x + line * d.horizontal.image * d.inputs + strip.channel / d.each;
        for (int tapColumn = 0; tapColumn < d.horizontal.kernel; tapColumn++) {
            float weight[N];
            loadPack(weight, w + (long long)(tapRow * d.horizontal.kernel + tapColumn) * d.outputs + strip.channel);
            int column = strip.first.column * d.horizontal.stride - d.horizontal.padding +
                         tapColumn * d.horizontal.dilation;
#pragma unroll
            for (int i = 0; i < STRIP; i++, column += d.horizontal.stride) {
                if ((unsigned)column < (unsigned)d.horizontal.image) {
                    float pixel[N];
                    loadPack(pixel, pixels + (long long)column * d.inputs);
                    addProduct(sums[i], pixel, weight);
                }
            }
        }
    }
    scaleAndShift(sums, scale ? scale + strip.channel : nullptr, bias ? bias + strip.channel : nullptr);
    long long line = (long long)strip.first.image * d.vertical.output + strip.first.row;
    long long at = (line * d.horizontal.output + strip.first.column) * d.outputs + strip.channel;
    int pixels = min(STRIP, d.horizontal.output - strip.first.column);
    if (residual) {
        addPixels(sums, residual + at, pixels, d.outputs);
    }
    activate(activation, sums);
    y += at;
#pragma unroll
    for (int i = 0; i < STRIP; i++, y += d.outputs) {
        if (i < pixels) {
            storePack(sums[i], y);
        }
    }
}

// The output that sees an image position through a tap at a distance, or -1.
__device__ inline int seenBy(const Windows& windows, const Divisor& stride, int position, int tap) {
    int distance = position + windows.padding - tap * windows.dilation;
    int output = distance < 0 ? windows.output : (int)stride.quotient(distance);
    return output < windows.output && output * windows.stride == distance ? output : -1;
}

// Adds what the outputs of one tap have to do with the pixels of a strip: `each` for every channel, PAIR at a time. Column
// i of the line is seen by columns[i] of the outputs, or by none if that is negative.
template <class T, int N, int PAIR>
__device__ void addOutputs(float (&sums)[STRIP][N], const T* dy, const T* w, const int (&columns)[STRIP], int each,
                           int outputs) {
#pragma unroll 1
    for (int output = 0; output < each; output += PAIR) {
        float weight[N * PAIR];
        loadPack(weight, w + output);
#pragma unroll
        for (int i = 0; i < STRIP; i++) {
            if (columns[i] >= 0) {
                float pixel[N * PAIR];
                loadPack(pixel, dy + (long long)columns[i] * outputs + output);
#pragma unroll
                for (int k = 0; k < N * PAIR; k++) {
                    sums[i][k / PAIR] = __fmaf_rn(pixel[k], weight[k], sums[i][k / PAIR]);
                }
            }
        }
    }
}

// pairs: each channel has an even number of outputs, and two can be read at a time
// accumulate: dx is added to
template <class T, int N>
__device__ void inputGradient(const Depthwise& d, const T* dy, const T* w, T* dx, bool pairs, bool accumulate) {
    Strip<N> strip(d);
    if (strip.first.image >= d.images) {
        return;
    }
    float sums[STRIP][N] = {};
    for (int tapRow = 0; tapRow < d.vertical.kernel; tapRow++) {
        int row = seenBy(d.vertical, d.strideDown, strip.first.row, tapRow);
        if (row < 0) {
            continue;
        }
        long long line = (long long)strip.first.image * d.vertical.output + row;
#pragma unroll 1
        for (int tapColumn = 0; tapColumn < d.horizontal.kernel; tapColumn++) {
            int first = strip.channel * d.each;
            const T* weights = w + (long long)(tapRow * d.horizontal.kernel + tapColumn) * d.outputs + first;
            const T* errors = dy + line * d.horizontal.output * d.outputs + first;
            int columns[STRIP];
#pragma unroll
            for (int i = 0; i < STRIP; i++) {
                columns[i] = seenBy(d.horizontal, d.strideRight, strip.first.column + i, tapColumn);
            }
            if (N == 1 && pairs) {
                addOutputs<T, 1, 2>((float(&)[STRIP][1])sums, errors, weights, columns, d.each, d.outputs);
            } else {
                addOutputs<T, N, 1>(sums, errors, weights, columns, d.each, d.outputs);
            }
        }
    }
    long long line = (long long)strip.first.image * d.vertical.image + strip.first.row;
    dx += (line * d.horizontal.image + strip.first.column) * d.inputs + strip.channel;
    int pixels = min(STRIP, d.horizontal.image - strip.first.column);
    if (accumulate) {
        addPixels(sums, dx, pixels, d.inputs);
    }
#pragma unroll
    for (int i = 0; i < STRIP; i++, dx += d.inputs) {
        if (i < pixels) {
            storePack(sums[i], dx);
        }
    }
}

// How the pixels and channels of a weight gradient are shared out. Blocks are [chunk, tap / 9, channels / (lanes N)], the
// last the fastest.
struct Chunks {
    float* sums;  // [chunk, tap, outputs], chunks at a distance of step
    long long step;
    int pixels;   // of y
    int length;   // pixels of a chunk
    int lanes;    // threads side by side along the channels, a power of two
    int across;   // blocks along the channels
};

// Where the taps of a block see the image, for the output at its corner.
struct TapPlaces {
    int down[TAPS];
    int right[TAPS];

    __device__ void find(const Depthwise& d, int first) {
        int tap = first + threadIdx.x;
        int row = tap / d.horizontal.kernel;
        // taps beyond the last see nothing
        down[threadIdx.x] = row < d.vertical.kernel ? row * d.vertical.dilation - d.vertical.padding
                                                    : d.vertical.image + d.vertical.output * d.vertical.stride;
        right[threadIdx.x] = tap % d.horizontal.kernel * d.horizontal.dilation - d.horizontal.padding;
    }
};

// Adds what one pixel of y has to do with the gradients of the taps.
template <class T, int N>
__device__ void addPixel(float (&sums)[TAPS][N], const Depthwise& d, const TapPlaces& taps, const T* x, const T* dy,
                         int pixel, int channel) {
    PixelGrid::Pixel at = d.grid.at(pixel);
    float error[N];
    loadPack(error, dy + (long long)pixel * d.outputs + channel);
#pragma unroll
    for (int k = 0; k < TAPS; k++) {
        int row = at.row * d.vertical.stride + taps.down[k];
        int column = at.column * d.horizontal.stride + taps.right[k];
        if ((unsigned)row < (unsigned)d.vertical.image && (unsigned)column < (unsigned)d.horizontal.image) {
            long long line = (long long)at.image * d.vertical.image + row;
            float seen[N];
            loadPack(seen, x + (line * d.horizontal.image + column) * d.inputs + channel / d.each);
            addProduct(sums[k], seen, error);
        }
    }
}

// Adds over the threads that have the same channels; the sum is that of the first `lanes` threads. All threads call it.
template <int N> __device__ void addThreads(float (&sum)[N], float* partial, int lanes) {
    float* own = partial + threadIdx.x * N;
    __syncthreads();
    storePack(sum, own);
    for (int half = THREADS / 2; half >= lanes; half /= 2) {
        __syncthreads();
        if (threadIdx.x < half) {
            float other[N];
            loadPack(other, own + half * N);
#pragma unroll
            for (int i = 0; i < N; i++) {
                sum[i] += other[i];
            }
            storePack(sum, own);
        }
    }
}

template <class T, int N>
__device__ void weightGradient(const Depthwise& d, const Chunks& chunks, const T* x, const T* dy) {
    __shared__ TapPlaces places;
    __shared__ alignas(16) float partial[THREADS * N];
    int taps = d.vertical.kernel * d.horizontal.kernel;
    int tapBlocks = (taps + TAPS - 1) / TAPS;
    int channel = (blockIdx.x % chunks.across * chunks.lanes + threadIdx.x % chunks.lanes) * N;
    int firstTap = blockIdx.x / chunks.across % tapBlocks * TAPS;
    int chunk = blockIdx.x / chunks.across / tapBlocks;
    if (threadIdx.x < TAPS) {
        places.find(d, firstTap);
    }
    __syncthreads();
    float sums[TAPS][N] = {};
    int end = channel < d.outputs ? min(chunks.pixels, (chunk + 1) * chunks.length) : 0;
    for (int pixel = chunk * chunks.length + threadIdx.x / chunks.lanes; pixel < end;
         pixel += THREADS / chunks.lanes) {
        addPixel(sums, d, places, x, dy, pixel, channel);
    }
#pragma unroll
    for (int k = 0; k < TAPS; k++) {
        addThreads(sums[k], partial, chunks.lanes);
        if (threadIdx.x < chunks.lanes && channel < d.outputs && firstTap + k < taps) {
            storePack(sums[k], chunks.sums + chunk * chunks.step + (long long)(firstTap + k) * d.outputs + channel);
        }
    }
}

// three blocks of what has strips: registers for four or five would not hold their sums
#define DEPTHWISE(N, T, SUFFIX)                                                                                        \
    extern "C" __global__ void __launch_bounds__(THREADS, 3) forward_##N##SUFFIX(                                      \
        const Depthwise d, const T* x, const T* w, const float* scale, const float* bias, const T* residual,           \
        int activation, T* y) {                                                                                        \
        forward<T, N>(d, x, w, scale, bias, residual, activation, y);                                                  \
    }                                                                                                                  \
    extern "C" __global__ void __launch_bounds__(THREADS, 3)                                                           \
        inputGradient_##N##SUFFIX(const Depthwise d, const T* dy, const T* w, T* dx, bool pairs, bool accumulate) {    \
        inputGradient<T, N>(d, dy, w, dx, pairs, accumulate);                                                          \
    }                                                                                                                  \
    extern "C" __global__ void __launch_bounds__(THREADS)                                                              \
        weightGradient_##N##SUFFIX(const Depthwise d, const Chunks chunks, const T* x, const T* dy) {                  \
        weightGradient<T, N>(d, chunks, x, dy);                                                                        \
    }

DEPTHWISE(1, float, _f32)
DEPTHWISE(4, float, _f32)
DEPTHWISE(1, bfloat16, _bf16)
DEPTHWISE(4, bfloat16, _bf16)
