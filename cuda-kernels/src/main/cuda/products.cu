// What goes before and after the kernels of products_*.cu, in any arithmetic.
//
// addSlices reads the sums that each slice of the depth left, once, and writes C. A thread has four neighbouring
// columns where C is aligned, otherwise one; the order of the slices is fixed, so that results do not depend on which
// block was done first.
//
// pad copies pixels or weights with zeros for channels that are missing to a multiple of one access. It reads every
// element once and writes every element of the copy once; blocks of 256 threads copy 2048 neighbouring elements each.
//
// foldNorm makes the scale and the bias that a batch norm of inference is; a thread for every channel.
#include "target.cuh"

extern "C" __global__ void __launch_bounds__(THREADS)
    addSlices(const Target t, int products, int rows, int columns, int slices, int phasesDown, int phasesRight) {
    __shared__ float4 scratch[THREADS];
    int pitch = sumsPitch(columns);
    int perRow = t.vectors ? pitch / NEIGHBOURS : columns;
    long long index = (long long)blockIdx.x * THREADS + threadIdx.x;
    int line = (int)(index / perRow);
    int product = line / rows;
    if (product >= products) {
        return;
    }
    int row = line % rows;
    int column = (int)(index - (long long)line * perRow) * width(t);
    const float* from = t.sums + ((long long)product * slices * rows + row) * pitch + column;
    float sums[NEIGHBOURS] = {};
    for (int slice = 0; slice < slices; slice++) {
        float x[NEIGHBOURS] = {};
        load(x, from + (long long)slice * rows * pitch, width(t));
#pragma unroll
        for (int k = 0; k < NEIGHBOURS; k++) {
            sums[k] += x[k];
        }
    }
    float* own = (float*)scratch + threadIdx.x * width(t);
    keep(t, sums, own);
    finish(t, Product(product, phasesDown, phasesRight), own, row, column, columns);
}

// [blocks, rows, groups, channels] to [blocks, paddedRows, groups, paddedChannels].
struct Padding {
    long long elements;  // of the copy
    int rows;
    int channels;
    Divisor paddedRows;
    Divisor paddedChannels;
    Divisor width;  // groups x padded channels
};

template <class T> __device__ void pad(const Padding& p, const T* from, T* to) {
    constexpr int EACH = 8;
    long long first = (long long)blockIdx.x * (THREADS * EACH);
    int width = (int)p.width.value;
    int startLine = (int)(first / width);
    int start = (int)(first - (long long)startLine * width);
    int groups = width / (int)p.paddedChannels.value;
    for (int i = threadIdx.x; i < THREADS * EACH && first + i < p.elements; i += THREADS) {
        int down = (int)p.width.quotient(start + i);
        int across = start + i - down * width;
        int block = (int)p.paddedRows.quotient(startLine + down);
        int row = startLine + down - block * (int)p.paddedRows.value;
        int group = (int)p.paddedChannels.quotient(across);
        int channel = across - group * (int)p.paddedChannels.value;
        float value = 0;
        if (row < p.rows && channel < p.channels) {
            long long line = (long long)block * p.rows + row;
            value = toFloat(from[(line * groups + group) * p.channels + channel]);
        }
        put(to + first + i, value);
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
