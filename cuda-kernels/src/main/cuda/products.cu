// What goes before and after the kernels of products_*.cu, in any arithmetic.
//
// addSlices reads the sums that each slice of the depth left, once, and writes C. A thread has four neighbouring elements
// where C is aligned, otherwise one; the order of the slices is fixed, so that results do not depend on which block was
// done first.
//
// pad copies pixels or weights with zeros for channels that are missing to a multiple of one access. It reads every
// element once and writes every element of the copy once; blocks of 256 threads make 2048 neighbouring elements each, from
// neighbours that come to shared memory in whole accesses.
//
// foldNorm makes the scale and the bias that a batch norm of inference is; a thread for every channel.
#include "target.cuh"

extern "C" __global__ void __launch_bounds__(THREADS) addSlices(const Target t, long long elements, int slices) {
    __shared__ float4 scratch[THREADS];
    unsigned index = blockIdx.x * THREADS + threadIdx.x;
    int column = (int)(index % (unsigned)(t.pitch / width(t))) * width(t);
    long long at = (long long)index * width(t);
    if (at >= elements) {
        return;
    }
    const float* from = t.sums + at;
    float sums[NEIGHBOURS] = {};
    for (int slice = 0; slice < slices; slice++, from += t.sumsStep) {
        float x[NEIGHBOURS] = {};
        load(x, from, width(t));
#pragma unroll
        for (int k = 0; k < NEIGHBOURS; k++) {
            sums[k] += x[k];
        }
    }
    float* own = (float*)scratch + threadIdx.x * width(t);
    keep(t, sums, own);
    finish(t, own, at, column);
}

// [blocks, rows, groups, channels] to [blocks, paddedRows, groups, paddedChannels].
struct Padding {
    long long elements;  // of the copy, with those left out
    int leftOut;         // before the first
    int rows;
    int channels;
    Divisor paddedRows;
    Divisor paddedChannels;
    Divisor width;  // groups x padded channels

    // Where an element of the copy comes from: how many of the original precede it, and how many channels are left.
    struct Source {
        long long at;
        int left;
    };

    __device__ Source source(int firstLine, int index) const {
        int down = (int)width.quotient(index);
        int across = index - down * (int)width.value;
        int block = (int)paddedRows.quotient(firstLine + down);
        int row = firstLine + down - block * (int)paddedRows.value;
        int group = (int)paddedChannels.quotient(across);
        int channel = across - group * (int)paddedChannels.value;
        int groups = (int)(width.value / paddedChannels.value);
        if (row >= rows) {
            return {(long long)(block + 1) * rows * groups * channels, 0};
        }
        long long line = (long long)block * rows + row;
        return {(line * groups + group) * channels + min(channel, channels), max(channels - channel, 0)};
    }
};

template <class T> __device__ void pad(const Padding& p, const T* from, T* to) {
    constexpr int ELEMENTS = 8 * THREADS;
    constexpr int N = PACK<T>;
    constexpr int WORD = sizeof(unsigned) / sizeof(T);
    __shared__ uint4 shared[ELEMENTS / N + 1];
    T* tile = (T*)shared;
    to += blockIdx.x * (long long)ELEMENTS;
    int skipped = blockIdx.x == 0 ? p.leftOut : 0;
    int count = (int)min((long long)ELEMENTS, p.elements - blockIdx.x * (long long)ELEMENTS);
    long long first = blockIdx.x * (long long)ELEMENTS + skipped - p.leftOut;
    int line = (int)(first / (int)p.width.value);
    int start = (int)(first - (long long)line * (int)p.width.value) - skipped;
    long long begin = p.source(line, start + skipped).at;
    int length = (int)(p.source(line, start + count).at - begin);
    int shift = (int)((unsigned long long)(from + begin) % ACCESS_BYTES / sizeof(T));
    from += begin - shift;
    for (int i = threadIdx.x * N; i < shift + length; i += THREADS * N) {
        if (i >= shift && i + N <= shift + length) {
            *(uint4*)(tile + i) = *(const uint4*)(from + i);
        } else {
            for (int k = max(i, shift); k < min(i + N, shift + length); k++) {
                tile[k] = from[k];
            }
        }
    }
    __syncthreads();
    for (int i = skipped + threadIdx.x * WORD; i < count; i += THREADS * WORD) {
        Padding::Source source = p.source(line, start + i);
        Neighbours<T, WORD> word = {};
#pragma unroll
        for (int k = 0; k < WORD; k++) {
            if (k < source.left) {
                word.at[k] = tile[source.at - begin + shift + k];
            }
        }
        *(Neighbours<T, WORD>*)(to + i) = word;
    }
}

extern "C" __global__ void __launch_bounds__(THREADS)
    pad_f32(const Padding p, const float* from, float* to) {
    pad(p, from, to);
}

extern "C" __global__ void __launch_bounds__(THREADS)
    pad_bf16(const Padding p, const bfloat16* from, bfloat16* to) {
    pad(p, from, to);
}

extern "C" __global__ void __launch_bounds__(THREADS)
    foldNorm(const float* gamma, const float* beta, const float* mean, const float* variance, float epsilon,
             int channels, float* scale, float* bias) {
    int channel = blockIdx.x * THREADS + threadIdx.x;
    if (channel < channels) {
        float factor = gamma[channel] / sqrtf(variance[channel] + epsilon);
        scale[channel] = factor;
        bias[channel] = beta[channel] - mean[channel] * factor;
    }
}
