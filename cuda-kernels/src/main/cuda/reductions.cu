// Sums, sums of squares and maxima, and where the largest elements are.
//
// dev.halcyon.cuda.Reductions sees x as [outer, folded, inner] and folds the axis in the middle. x is read once, with
// accesses of 16 bytes where rows are aligned; little else is moved. Where there are few outputs, the folded axis is
// cut into parts, one block or more each, and a second launch folds their results. How it is cut follows from the shape
// alone, and every sum has the order of a tree over threads that add up some elements each: the same bits every time.
//
//   rows      inner = 1: a row is folded by 1 to 32 lanes, or a part of it by a block of 256 threads
//   columns   inner > 1: a block folds some rows of up to 64 units of neighbouring columns, in lines of 256 threads;
//             where rows begin amidst a sector of memory, those that begin alike, in tiles from where sectors begin
//   top_k     a row is searched by a warp or a block, once per place
#include "elements.cuh"
#include "threads.cuh"

// ---- results

// Where results go: y[i] = or += factor result, in float32 or bfloat16.
struct Target {
    void* y;
    float factor;
    bool isBfloat16;
    bool accumulate;

    __device__ void set(long long i, float result) const {
        if (isBfloat16) {
            finish((bfloat16*)y + i, result);
        } else {
            finish((float*)y + i, result);
        }
    }

    template <class T> __device__ void finish(T* place, float result) const {
        put(place, (accumulate ? toFloat(*place) : 0) + factor * result);
    }
};

// ---- rows

// x [outer, folded]; item i of the launch is part i % parts of row i / parts and has 2^threadBits threads: up to a
// warp, or a block.
struct Rows {
    long long items;
    long long folded;
    long long part;
    unsigned parts;
    int threadBits;
    int packed;  // every row is aligned
    int unused;
    Target target;
};

template <class Fold, class T> __device__ void foldRows(const T* x, const Rows& d) {
    constexpr int N = PACK<T>;
    int threads = 1 << d.threadBits;
    int lane = threadIdx.x & (threads - 1);
    long long item = ((long long)blockIdx.x * THREADS + threadIdx.x) >> d.threadBits;
    float result = Fold::NOTHING;
    if (item < d.items) {
        long long row = d.parts == 1 ? item : (unsigned)item / d.parts;
        long long first = d.parts == 1 ? 0 : (item - row * d.parts) * d.part;
        long long count = min(d.folded - first, d.part);
        const T* from = x + row * d.folded + first;
        long long packs = d.packed ? count / N : 0;
        // a warp or more begins in front of its row, where a sector of memory does
        long long before = d.packed || threads < WARP ? 0 : (row * d.folded + first) % SECTOR<T>;
        for (long long i = lane; i < packs; i += threads) {
            float v[N];
            loadPack(v, from + N * i);
            float pack = Fold::of(v[0]);
#pragma unroll
            for (int k = 1; k < N; k++) {
                pack = Fold::join(pack, Fold::of(v[k]));
            }
            result = Fold::join(result, pack);
        }
        for (long long i = N * packs + lane - before; i < count; i += threads) {
            if (i >= 0) {
                result = Fold::join(result, Fold::of(toFloat(from[i])));
            }
        }
    }
    result = threads <= WARP ? foldLanes<Fold>(result, threads) : foldBlock<Fold>(result);
    if (item < d.items && lane == 0) {
        d.target.set(item, result);
    }
}

// ---- columns

// x [outer, folded, units of N columns]; a block folds one part's rows of `width` units, `lines` rows at a time. The rows
// of a part are every apart-th one.
struct Columns {
    long long folded;
    long long units;
    long long pitch;   // units from one row of x to the next
    long long result;  // the same for the results of parts
    long long part;    // rows
    int parts;
    int apart;
    int tiles;
    int width;
    int lines;
    int unused;
    Target target;
};

template <class Fold, int N, class T> __device__ void foldColumns(const T* x, const Columns& d) {
    // planes of one number per thread, shifted so that what is read across planes lies in different banks
    constexpr int PLANE = THREADS + WARP / N;
    __shared__ float plane[N * PLANE];
    int tile = blockIdx.x % d.tiles;
    int part = blockIdx.x / d.tiles % d.parts;
    long long outer = blockIdx.x / d.tiles / d.parts;
    int line = threadIdx.x / d.width;
    int column = threadIdx.x - line * d.width;
    // of the rows first, first + apart, .., the part has those from begin to end
    int first = part % d.apart;
    long long begin = part / d.apart * d.part;
    long long end = min((d.folded - first + d.apart - 1) / d.apart, begin + d.part);
    long long start = (outer * d.folded + first) * d.pitch;
    long long left = (long long)tile * d.width - (d.apart == 1 ? 0 : start % SECTOR<T>);
    long long unit = left + column;
    float result[N];
    spread(result, Fold::NOTHING);
    if (line < d.lines && unit >= 0 && unit < d.units) {
        const T* from = x + (start + unit) * N;
        long long step = d.apart * d.pitch * N;
#pragma unroll 4
        for (long long row = begin + line; row < end; row += d.lines) {
            float v[N];
            loadPack(v, from + row * step);
#pragma unroll
            for (int k = 0; k < N; k++) {
                result[k] = Fold::join(result[k], Fold::of(v[k]));
            }
        }
    }
#pragma unroll
    for (int k = 0; k < N; k++) {
        plane[k * PLANE + threadIdx.x] = result[k];
    }
    int lines = d.lines;
    while (lines > 1) {
        int half = (lines + 1) / 2;
        __syncthreads();
        if (line < lines - half) {
#pragma unroll
            for (int k = 0; k < N; k++) {
                float* sum = plane + k * PLANE + threadIdx.x;
                *sum = Fold::join(*sum, sum[half * d.width]);
            }
        }
        lines = half;
    }
    __syncthreads();
    // neighbouring threads write neighbouring columns
    int columns = (int)min((long long)d.width, d.units - left) * N;
    long long to = ((outer * d.parts + part) * d.result + left) * N;
    for (int c = threadIdx.x; c < columns; c += THREADS) {
        if (left + c >= 0) {
            d.target.set(to + c, plane[c % N * PLANE + c / N]);
        }
    }
}

#define REDUCE_OF_TYPE(NAME, FOLD, T, SUFFIX)                                                                          \
    extern "C" __global__ __launch_bounds__(THREADS) void rows_##NAME##_##SUFFIX(const T* x,                           \
                                                                                 const __grid_constant__ Rows rows) {  \
        foldRows<FOLD>(x, rows);                                                                                       \
    }                                                                                                                  \
    extern "C" __global__ __launch_bounds__(THREADS) void columns_##NAME##_##SUFFIX(                                   \
        const T* x, const __grid_constant__ Columns columns) {                                                         \
        foldColumns<FOLD, 1>(x, columns);                                                                              \
    }                                                                                                                  \
    extern "C" __global__ __launch_bounds__(THREADS) void packed_columns_##NAME##_##SUFFIX(                            \
        const T* x, const __grid_constant__ Columns columns) {                                                         \
        foldColumns<FOLD, PACK<T>>(x, columns);                                                                        \
    }
#define REDUCE(NAME, FOLD)                                                                                             \
    REDUCE_OF_TYPE(NAME, FOLD, float, f32)                                                                             \
    REDUCE_OF_TYPE(NAME, FOLD, bfloat16, bf16)

REDUCE(sum, Sum)
REDUCE(sum_of_squares, SumOfSquares)
REDUCE(max, Max)

// ---- the largest of a row, and where they are

// An element and its place, below 2^31, as one number: larger for larger elements, and among equals for lower places. NaN
// is above everything, and the zeros are equal: which of them it is is told by the last bit.
__device__ inline unsigned long long rank(float x, unsigned place) {
    unsigned bits = x == 0 ? 0 : x != x ? 0x7fffffffu : __float_as_uint(x);
    unsigned ordered = (int)bits < 0 ? ~bits : bits | 0x80000000u;
    unsigned isMinusZero = __float_as_uint(x) == 0x80000000u;
    return (unsigned long long)ordered << 32 | ~place << 1 | isMinusZero;
}

__device__ inline unsigned rankedPlace(unsigned long long rank) {
    return ~(unsigned)rank >> 1;
}

__device__ inline float rankedElement(unsigned long long rank) {
    unsigned ordered = (unsigned)(rank >> 32);
    unsigned bits = (int)ordered < 0 ? ordered & 0x7fffffffu : ~ordered;
    return __uint_as_float(bits | (unsigned)(rank & 1) << 31);
}

// over groups of `lanes` neighbouring threads, a power of two up to 32
__device__ inline unsigned long long largestOfLanes(unsigned long long x, int lanes) {
    for (int distance = lanes / 2; distance > 0; distance /= 2) {
        x = max(x, __shfl_xor_sync(ALL_LANES, x, distance));
    }
    return x;
}

// x [rows, width], indices [rows, m], values [rows, m] or null; m passes over the row, each for the largest that is
// smaller than the one before. A row has 2^threadBits threads: up to a warp, or a block. From a warp on they begin in front
// of it, where a sector of memory does.
template <class T>
__device__ void topK(const T* x, T* values, long long* indices, long long rows, unsigned width, int m,
                     int threadBits) {
    __shared__ unsigned long long warps[THREADS / WARP];
    long long row = ((long long)blockIdx.x * THREADS + threadIdx.x) >> threadBits;
    int threads = 1 << threadBits;
    int lane = (int)threadIdx.x & (threads - 1);
    bool there = row < rows;
    const T* from = x + row * width;
    int before = threads < WARP ? 0 : (int)(row * width % SECTOR<T>);
    int end = there ? (int)width : 0;
    int lanes = min(threads, WARP);
    unsigned long long limit = ~0ull;
    unsigned long long found = 0;  // by the pass of this lane's number
    for (int k = 0; k < m; k++) {
        unsigned long long best = 0;
        for (int i = lane - before; i < end; i += threads) {
            if (i >= 0) {
                unsigned long long candidate = rank(toFloat(from[i]), i);
                best = candidate <= limit ? max(best, candidate) : best;
            }
        }
        best = largestOfLanes(best, lanes);
        if (threads > WARP) {
            if (threadIdx.x % WARP == 0) {
                warps[threadIdx.x / WARP] = best;
            }
            __syncthreads();
            best = largestOfLanes(warps[threadIdx.x % (THREADS / WARP)], WARP);
            __syncthreads();
        }
        int pass = k % lanes;
        found = lane == pass ? best : found;
        if (there && lane <= pass && (pass == lanes - 1 || k == m - 1)) {
            long long to = row * m + k - pass + lane;
            indices[to] = rankedPlace(found);
            if (values != nullptr) {
                put(values + to, rankedElement(found));
            }
        }
        limit = best - 1;
    }
}

extern "C" __global__ __launch_bounds__(THREADS) void top_k_f32(const float* x, float* values, long long* indices,
                                                                long long rows, unsigned width, int m, int threadBits) {
    topK(x, values, indices, rows, width, m, threadBits);
}

extern "C" __global__ __launch_bounds__(THREADS) void top_k_bf16(const bfloat16* x, bfloat16* values,
                                                                 long long* indices, long long rows, unsigned width,
                                                                 int m, int threadBits) {
    topK(x, values, indices, rows, width, m, threadBits);
}
