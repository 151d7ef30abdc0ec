// From a batch of pixels to what a network reads, in one pass: every image is cut to a window, mirrored on request, and
// channel c of a pixel becomes pixel * scale[c] + shift[c]. What a window finds beyond the image is black.
//
// Reads each pixel of the windows once (1 byte) and writes y once (4 or 2 bytes). A warp takes a row of a window, so that
// its place is looked up once; a lane takes every 32nd number of the row, and neighbouring lanes read and write
// neighbouring bytes and numbers. Grid: one warp per row.
#include "axes.cuh"
#include "elements.cuh"

// Channels of one launch; dev.halcyon.cuda.Images launches again for more.
constexpr int CHANNELS = 16;

// The sizes, and what becomes of the `count` channels from `first` on. Strides are those of all channels.
struct Normalization {
    int height;
    int width;
    int channels;
    int first;
    int windowWidth;
    unsigned rows;
    Divisor windowHeight;
    Divisor count;
    float scale[CHANNELS];
    float shift[CHANNELS];
};

template <class T>
__device__ void normalize(const unsigned char* images, const int* placements, T* y, const Normalization& d) {
    unsigned row = (blockIdx.x * THREADS + threadIdx.x) / WARP;
    if (row >= d.rows) {
        return;
    }
    long long image = d.windowHeight.quotient(row);
    int top = placements[3 * image] + (int)(row - image * d.windowHeight.value);
    int left = placements[3 * image + 1];
    bool mirrored = placements[3 * image + 2] == 1;
    bool inside = top >= 0 && top < d.height;
    const unsigned char* line = images + (image * d.height + top) * d.width * d.channels + d.first;
    T* to = y + (long long)row * d.windowWidth * d.channels + d.first;
    int numbers = d.windowWidth * (int)d.count.value;
    for (int i = threadIdx.x % WARP; i < numbers; i += WARP) {
        int column = (int)d.count.quotient(i);
        int c = i - column * (int)d.count.value;
        int from = left + (mirrored ? d.windowWidth - 1 - column : column);
        int pixel = inside && from >= 0 && from < d.width ? line[(long long)from * d.channels + c] : 0;
        put(to + (long long)column * d.channels + c, pixel * d.scale[c] + d.shift[c]);
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
