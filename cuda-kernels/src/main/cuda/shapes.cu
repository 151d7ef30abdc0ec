// Operations that move elements and change none (but for scatter_add_rows): transposes, copied regions, rows gathered
// and added by their indices.
//
// Elements are moved as units of 1, 2, 4, 8 or 16 bytes: the widest that run, strides and addresses are multiples of.
//
//   copy_axes          reads and writes every unit of a block once; one unit per thread
//   transpose_tiles    the same by way of 32 x 32 tiles in shared memory, so that both tensors are read and written
//                      along their innermost axes; 256 threads per tile
//   deal_out           the same where one side has less than 8 elements, as pixels of three channels have: 256 of the
//                      other side at a time
//   gather_rows        reads the rows that are asked for, and their indices; one unit per thread
//   scatter_add_rows   reads each row once, reads and writes each row of the table that is named once; every warp also
//                      reads all indices, from the cache
#include "axes.cuh"
#include "elements.cuh"
#include "threads.cuh"

// ---- a block between two tensors, by any strides

template <class Unit> __device__ void copyAxes(const Unit* x, Unit* y, unsigned n, const Axes& axes) {
    unsigned index = blockIdx.x * THREADS + threadIdx.x;
    if (index >= n) {
        return;
    }
    long long from;
    long long to;
    axes.offsets(index, from, to);
    y[to] = x[from];
}

// ---- transposes

constexpr int TILE = 32;
constexpr int ROWS_AT_ONCE = THREADS / TILE;

// Matrices that are turned: x [.., along, across] has its neighbours along `across`, y along `along`. Steps are in
// elements; `batch` has the other axes of both.
struct Matrices {
    long long along;
    long long across;
    long long xStep;
    long long yStep;
    Divisor tilesAlong;
    Divisor tilesAcross;
    Axes batch;
};

// A tile's rows are longer than they need be by a word or an element, so that its columns lie in different banks.
template <class Unit> __device__ void transposeTiles(const Unit* x, Unit* y, const Matrices& d) {
    __shared__ Unit tile[TILE][TILE + (sizeof(Unit) < 4 ? 4 / sizeof(Unit) : 1)];
    unsigned rest = d.tilesAcross.quotient(blockIdx.x);
    long long firstAcross = (long long)(blockIdx.x - rest * d.tilesAcross.value) * TILE;
    unsigned number = d.tilesAlong.quotient(rest);
    long long firstAlong = (long long)(rest - number * d.tilesAlong.value) * TILE;
    long long from;
    long long to;
    d.batch.offsets(number, from, to);
    int lane = threadIdx.x % TILE;
#pragma unroll
    for (int k = 0; k < TILE; k += ROWS_AT_ONCE) {
        int row = k + threadIdx.x / TILE;
        if (firstAlong + row < d.along && firstAcross + lane < d.across) {
            tile[row][lane] = x[from + (firstAlong + row) * d.xStep + firstAcross + lane];
        }
    }
    __syncthreads();
#pragma unroll
    for (int k = 0; k < TILE; k += ROWS_AT_ONCE) {
        int row = k + threadIdx.x / TILE;
        if (firstAcross + row < d.across && firstAlong + lane < d.along) {
            y[to + (firstAcross + row) * d.yStep + firstAlong + lane] = tile[lane][row];
        }
    }
}

// A few planes [plane, length], and what has their elements by turns, [length, plane] without gaps.
struct Planes {
    long long length;
    long long step;  // from one plane to the next
    Divisor count;
    Divisor tiles;
    int dealing;  // whether the planes are y
    int unused;
    Axes batch;
};

constexpr int MOST_PLANES = 7;

// units in a bank, if it holds whole ones
template <class Unit> constexpr int PER_BANK = sizeof(Unit) < 4 ? 4 / sizeof(Unit) : 1;

// Planes begin in banks at equal distances, so that neighbours of different planes lie in different banks.
template <class Unit> __device__ int startOfPlane(int plane, int planes) {
    return plane * THREADS + (plane * WARP + planes - 1) / planes * PER_BANK<Unit>;
}

template <class Unit> __device__ void dealOut(const Unit* x, Unit* y, const Planes& d) {
    __shared__ Unit shared[MOST_PLANES * THREADS + WARP * PER_BANK<Unit>];
    int planes = (int)d.count.value;
    unsigned number = d.tiles.quotient(blockIdx.x);
    long long first = (long long)(blockIdx.x - number * d.tiles.value) * THREADS;
    int here = (int)min(d.length - first, (long long)THREADS);
    long long from;
    long long to;
    d.batch.offsets(number, from, to);
    x += from;
    y += to;
    auto eachByTurns = [&](auto body) {
        for (int i = threadIdx.x; i < here * planes; i += THREADS) {
            int at = (int)d.count.quotient(i);
            int plane = i - at * planes;
            body(shared[startOfPlane<Unit>(plane, planes) + at], first * planes + i);
        }
    };
    auto eachOfPlanes = [&](auto body) {
        for (int plane = 0; plane < planes && threadIdx.x < here; plane++) {
            body(shared[startOfPlane<Unit>(plane, planes) + threadIdx.x], plane * d.step + first + threadIdx.x);
        }
    };
    auto read = [&](Unit& place, long long i) { place = x[i]; };
    auto write = [&](Unit& place, long long i) { y[i] = place; };
    if (d.dealing) {
        eachByTurns(read);
        __syncthreads();
        eachOfPlanes(write);
    } else {
        eachOfPlanes(read);
        __syncthreads();
        eachByTurns(write);
    }
}

// ---- rows by their indices

// rows[i] = table[indices[i]]; a row that the table does not have is zeros, whatever lies around the table
template <class Unit>
__device__ void gatherRows(const Unit* table, long long tableRows, const long long* indices, Unit* rows, unsigned n,
                           Divisor width) {
    unsigned i = blockIdx.x * THREADS + threadIdx.x;
    if (i >= n) {
        return;
    }
    unsigned row = width.quotient(i);
    long long from = indices[row];
    bool there = from >= 0 && from < tableRows;
    rows[i] = there ? table[from * width.value + (i - row * width.value)] : Unit();
}

#define MOVES(UNIT, BYTES)                                                                                             \
    extern "C" __global__ __launch_bounds__(THREADS) void copy_axes_##BYTES(const UNIT* x, UNIT* y, unsigned n,        \
                                                                            const __grid_constant__ Axes axes) {       \
        copyAxes(x, y, n, axes);                                                                                       \
    }                                                                                                                  \
    extern "C" __global__ __launch_bounds__(THREADS) void gather_rows_##BYTES(                                         \
        const UNIT* table, long long tableRows, const long long* indices, UNIT* rows, unsigned n, Divisor width) {     \
        gatherRows(table, tableRows, indices, rows, n, width);                                                         \
    }
#define TRANSPOSE(UNIT, BYTES)                                                                                         \
    extern "C" __global__ __launch_bounds__(THREADS) void transpose_tiles_##BYTES(                                     \
        const UNIT* x, UNIT* y, const __grid_constant__ Matrices matrices) {                                           \
        transposeTiles(x, y, matrices);                                                                                \
    }                                                                                                                  \
    extern "C" __global__ __launch_bounds__(THREADS) void deal_out_##BYTES(const UNIT* x, UNIT* y,                     \
                                                                           const __grid_constant__ Planes planes) {    \
        dealOut(x, y, planes);                                                                                         \
    }

MOVES(unsigned char, 1)
MOVES(unsigned short, 2)
MOVES(unsigned, 4)
MOVES(uint2, 8)
MOVES(uint4, 16)
TRANSPOSE(unsigned char, 1)
TRANSPOSE(unsigned short, 2)
TRANSPOSE(unsigned, 4)
TRANSPOSE(uint2, 8)

// table[indices[i]] += rows[i] in the order of i, without atomics: the first of equal indices has a warp that adds up
// the rows of all of them, one after the other, for up to 256 columns, from where a sector of the table begins. The others
// find that they are not the first and stop.
constexpr int COLUMNS_PER_LANE = 8;
constexpr int WARP_COLUMNS = COLUMNS_PER_LANE * WARP;

template <class T> struct Columns {
    long long first;
    long long width;
    float sum[COLUMNS_PER_LANE];

    // sum = or += row, in columns first + 32 k
    __device__ void add(const T* row, bool fresh) {
#pragma unroll
        for (int k = 0; k < COLUMNS_PER_LANE; k++) {
            long long c = first + WARP * k;
            if (c >= 0 && c < width) {
                sum[k] = (fresh ? 0 : sum[k]) + toFloat(row[c]);
            }
        }
    }

    __device__ void write(T* row) const {
#pragma unroll
        for (int k = 0; k < COLUMNS_PER_LANE; k++) {
            if (first + WARP * k >= 0 && first + WARP * k < width) {
                put(row + first + WARP * k, sum[k]);
            }
        }
    }
};

template <class T>
__device__ void scatterAddRows(const T* rows, const long long* indices, long long n, T* table, long long tableRows,
                               long long width) {
    long long reach = width % SECTOR<T> == 0 ? width : width + SECTOR<T> - 1;
    long long tiles = (reach + WARP_COLUMNS - 1) / WARP_COLUMNS;
    long long warp = ((long long)blockIdx.x * THREADS + threadIdx.x) / WARP;
    long long i = warp / tiles;
    if (i >= n) {
        return;
    }
    long long index = indices[i];
    if (index < 0 || index >= tableRows) {
        return;
    }
    int lane = threadIdx.x % WARP;
    for (long long start = 0; start < i; start += WARP) {
        bool same = start + lane < i && indices[start + lane] == index;
        if (__any_sync(ALL_LANES, same)) {
            return;
        }
    }
    Columns<T> columns;
    columns.first = (warp - i * tiles) * WARP_COLUMNS + lane - index * width % SECTOR<T>;
    columns.width = width;
    columns.add(table + index * width, true);
    columns.add(rows + i * width, false);
    for (long long start = i + 1; start < n; start += WARP) {
        unsigned same = __ballot_sync(ALL_LANES, start + lane < n && indices[start + lane] == index);
        while (same != 0) {
            columns.add(rows + (start + __ffs((int)same) - 1) * width, false);
            same &= same - 1;
        }
    }
    columns.write(table + index * width);
}

extern "C" __global__ __launch_bounds__(THREADS) void scatter_add_rows_f32(const float* rows, const long long* indices,
                                                                           long long n, float* table,
                                                                           long long tableRows, long long width) {
    scatterAddRows(rows, indices, n, table, tableRows, width);
}

extern "C" __global__ __launch_bounds__(THREADS) void scatter_add_rows_bf16(const bfloat16* rows,
                                                                            const long long* indices, long long n,
                                                                            bfloat16* table, long long tableRows,
                                                                            long long width) {
    scatterAddRows(rows, indices, n, table, tableRows, width);
}
