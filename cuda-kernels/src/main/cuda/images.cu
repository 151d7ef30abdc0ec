// From a batch of pixels to what a network reads, in one pass: every image is cut to a window, mirrored on request, and
// channel c of a pixel becomes pixel * scale[c] + shift[c]. What a window finds beyond the image is black.
//
// Reads each pixel of the windows once (1 byte) and writes y once (4 or 2 bytes). A warp takes a row of a window, some
// 120 numbers at a time: their pixels are neighbours in the image, whatever its window, so the warp reads them as whole
// words, one per lane, and each lane then gets its bytes from the lane that has them. Grid: one warp per row.
#include "axes.cuh"
#include "elements.cuh"
#include "threads.cuh"

constexpr int CHANNELS = 16;
constexpr int WORD = 4;

struct Normalization {
    int height;
    int width;
    int windowWidth;
    int columns;  // of a row that a warp takes at a time; their pixels fit in 31 words
    unsigned rows;
    int unused;
    Divisor windowHeight;
    Divisor channels;
    float scale[CHANNELS];
    float shift[CHANNELS];
};

// The word that begins at byte `at` of some `count` bytes; what lies outside them is not touched, and zero.
__device__ inline unsigned loadWord(const unsigned char* bytes, int at, int count) {
    if (at >= 0 && at + WORD <= count) {
        return *(const unsigned*)(bytes + at);
    }
    unsigned word = 0;
    int end = min(at + WORD, count);
#pragma unroll 1
    for (int i = max(at, 0); i < end; i++) {
        word |= (unsigned)bytes[i] << (i - at) * 8;
    }
    return word;
}

template <class T>
__device__ void normalize(const unsigned char* images, const int* placements, T* y, const Normalization& d) {
    unsigned row = (blockIdx.x * THREADS + threadIdx.x) / WARP;
    if (row >= d.rows) {
        return;
    }
    int lane = threadIdx.x % WARP;
    int channels = (int)d.channels.value;
    long long image = d.windowHeight.quotient(row);
    int top = placements[3 * image] + (int)(row - image * d.windowHeight.value);
    int left = placements[3 * image + 1];
    bool mirrored = placements[3 * image + 2] == 1;
    bool inside = top >= 0 && top < d.height;
    const unsigned char* line = images + (image * d.height + top) * d.width * channels;
    T* to = y + (long long)row * d.windowWidth * channels;
    for (int first = 0; first < d.windowWidth; first += d.columns) {
        int count = min(d.columns, d.windowWidth - first);
        // the columns of the image that are seen, from `low` up to `high`
        int start = left + (mirrored ? d.windowWidth - first - count : first);
        int low = max(start, 0);
        int high = inside ? max(min(start + count, d.width), low) : low;
        const unsigned char* pixels = line + (long long)low * channels;
        int before = (int)((unsigned long long)pixels % WORD);
        unsigned word = loadWord(pixels, WORD * lane - before, (high - low) * channels);
#pragma unroll 1
        for (int k = 0; k < count * channels; k += WARP) {
            int i = k + lane;
            int column = (int)d.channels.quotient(i);
            int c = i - column * channels;
            int from = start + (mirrored ? count - 1 - column : column);
            unsigned byte = before + (from - low) * channels + c;
            unsigned pixel = __shfl_sync(ALL_LANES, word, (int)(byte / WORD)) >> byte % WORD * 8 & 255;
            if (column < count) {
                bool seen = from >= low && from < high;
                put(to + (long long)first * channels + i, (seen ? (int)pixel : 0) * d.scale[c] + d.shift[c]);
            }
        }
    }
}

extern "C" __global__ __launch_bounds__(THREADS) void normalize_f32(const unsigned char* images, const int* placements,
                                                                    float* y, const __grid_constant__ Normalization d) {
    normalize(images, placements, y, d);
}

extern "C" __global__ __launch_bounds__(THREADS) void normalize_bf16(const unsigned char* images, const int* placements,
                                                                     bfloat16* y,
                                                                     const __grid_constant__ Normalization d) {
    normalize(images, placements, y, d);
}
