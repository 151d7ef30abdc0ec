// Matrices [rows, channels] with something to be known or done per channel. Places are counted in packs of N channels,
// not in elements: then the compiler sees that accesses are aligned.
//
// Rows of an odd number of channels rarely begin with a sector of memory. So many rows as do so together are a line: with
// packs a row, with single elements up to 8 or 16 rows. The matrix is cut into tiles of lines (grid x) and parts (grid
// y), which have some lines each; both follow from the shape alone. A thread owns a pack and every lanes-th line of its
// part, so that neighbours take what lies side by side:
//
//     thread of the block        0  1  2 .. units-1 | units .. 2 units-1 | ..
//     takes pack of its tile     0  1  2 .. units-1 |     0 .. units-1   | ..
//     of line                    0  0  0 ..       0 |     1 ..       1   | ..
//
// Sums come out the same however blocks are scheduled: the lanes of a block are folded in shared memory, each block
// writes what it has for its part, and the last block of a tile to arrive puts the parts together in their order (with
// several rows to a line the last of all, since tiles then share channels). That is one launch, without floating-point
// atomics.
#pragma once

#include "elements.cuh"

// How a matrix is cut, see dev.halcyon.cuda.Division.
struct Division {
    long long rows;
    long long linesPerPart;
    long long packs;     // of a row
    long long units;     // packs of a tile, at most THREADS
    long long together;  // rows of a line

    // lines that have so many rows and one more
    __device__ long long lines(long long before) const {
        return (rows - before + together - 1) / together;
    }
};

// Float32 numbers per channel that kernels leave for each other lie as [count, N / 4, packs, 4], so that threads
// side by side take what lies side by side, even if their packs are eight channels wide.

template <int N>
__device__ void loadNumber(float (&x)[N], const float* from, long long number, long long pack, long long packs) {
    constexpr int EACH = N < 4 ? N : 4;
#pragma unroll
    for (int plane = 0; plane < N / EACH; plane++) {
        long long at = (number * (N / EACH) + plane) * packs + pack;
        loadPack((float(&)[EACH])x[plane * EACH], from + at * EACH);
    }
}

template <int N>
__device__ void storeNumber(const float (&x)[N], float* to, long long number, long long pack, long long packs) {
    constexpr int EACH = N < 4 ? N : 4;
#pragma unroll
    for (int plane = 0; plane < N / EACH; plane++) {
        long long at = (number * (N / EACH) + plane) * packs + pack;
        storePack((const float(&)[EACH])x[plane * EACH], to + at * EACH);
    }
}

__device__ inline void storePack(const float (&x)[8], float* to) {
    storePack((const float(&)[4])x[0], to);
    storePack((const float(&)[4])x[4], to + 4);
}

// What a thread takes.
template <int N> struct Place {
    int units;
    int lanes;
    int lane;
    long long pack;     // of the line
    long long packs;    // of a line
    long long channel;  // pack of a row
    bool active;        // threads beyond the last pack or lane only meet the others at barriers
    long long line;
    long long end;
    int before;  // rows of a line that precede the one of this pack
    int together;

    __device__ Place(const Division& d, long long tile, long long part) {
        units = (int)d.units;
        lanes = THREADS / units;
        lane = threadIdx.x / units;
        pack = tile * units + threadIdx.x % units;
        together = (int)d.together;
        packs = d.packs * together;
        before = together == 1 ? 0 : (int)(pack / d.packs);
        channel = pack - before * d.packs;
        active = lane < lanes && pack < packs;
        line = part * d.linesPerPart + lane;
        end = min(d.lines(before), (part + 1) * d.linesPerPart);
    }
};

// lines that a thread moves at once, so that as many accesses are on their way at a time
template <int N> constexpr int AT_ONCE = N == 8 ? 2 : 4;

// The next lines of a thread.
template <int N> struct Batch {
    long long line;   // the first; the next is lanes further
    long long start;  // number of its pack in the matrix
    long long step;
    int lanes;
    int count;  // how many there are

    __device__ Batch(const Place<N>& place, long long first) {
        line = first;
        lanes = place.lanes;
        start = line * place.packs + place.pack;
        step = place.lanes * place.packs;
        count = 0;
#pragma unroll
        for (int i = 0; i < AT_ONCE<N>; i++) {
            count += line + i * place.lanes < place.end;
        }
    }

    __device__ bool isLast(const Place<N>& place) const {
        return line + AT_ONCE<N> * lanes >= place.end;
    }

    // number of a line's pack in the matrix
    __device__ long long pack(int i) const {
        return start + i * step;
    }

    // zeros for lines that are not there
    template <class T> __device__ void load(float (&x)[AT_ONCE<N>][N], const T* from) const {
#pragma unroll
        for (int i = 0; i < AT_ONCE<N>; i++) {
            if (i < count) {
                loadPack(x[i], from + pack(i) * N);
            } else {
                spread(x[i], 0);
            }
        }
    }

    template <class T> __device__ void store(const float (&x)[AT_ONCE<N>][N], T* to) const {
#pragma unroll
        for (int i = 0; i < AT_ONCE<N>; i++) {
            if (i < count) {
                storePack(x[i], to + pack(i) * N);
            }
        }
    }

    // numbers that there is one of for each row
    __device__ void loadEach(float (&x)[AT_ONCE<N>], const float* from, const Place<N>& place) const {
#pragma unroll
        for (int i = 0; i < AT_ONCE<N>; i++) {
            x[i] = i < count ? from[(line + i * lanes) * place.together + place.before] : 0;
        }
    }
};

// Calls body(batch) for all lines of a thread.
template <int N, class Body> __device__ void eachBatch(const Place<N>& place, Body body) {
    for (long long line = place.line; line < place.end; line += AT_ONCE<N> * place.lanes) {
        body(Batch<N>(place, line));
    }
}

// Two numbers for each of N channels, over some rows.
template <int N> struct Pairs {
    float first[N] = {};
    float second[N] = {};
    float rows = 0;
};

// Sums, put together by adding.
template <int N> struct Sums : Pairs<N> {
    __device__ void merge(const Pairs<N>& other) {
#pragma unroll
        for (int k = 0; k < N; k++) {
            this->first[k] += other.first[k];
            this->second[k] += other.second[k];
        }
    }
};

// Means and sums of squared deviations from them, put together by the formula of Chan, Golub and LeVeque 1983, which
// keeps its digits where the mean is far from zero.
template <int N> struct Moments : Pairs<N> {
    __device__ void merge(const Pairs<N>& other) {
        float total = this->rows + other.rows;
        float share = total == 0 ? 0 : other.rows / total;
#pragma unroll
        for (int k = 0; k < N; k++) {
            float difference = other.first[k] - this->first[k];
            this->first[k] += difference * share;
            this->second[k] += other.second[k] + difference * difference * (this->rows * share);
        }
        this->rows = total;
    }
};

// Puts together what the lanes of each unit have; lane 0 gets the result. All threads of the block come here.
template <template <int> class State, int N> __device__ void mergeLanes(State<N>& mine, const Place<N>& place) {
    __shared__ float first[N][THREADS / 2];
    __shared__ float second[N][THREADS / 2];
    __shared__ float rows[THREADS / 2];
    for (int lanes = place.lanes; lanes > 1;) {
        int half = (lanes + 1) / 2;
        if (place.lane >= half && place.lane < lanes) {
            int to = threadIdx.x - half * place.units;
#pragma unroll
            for (int k = 0; k < N; k++) {
                first[k][to] = mine.first[k];
                second[k][to] = mine.second[k];
            }
            rows[to] = mine.rows;
        }
        __syncthreads();
        if (place.lane < lanes - half) {
            Pairs<N> other;
#pragma unroll
            for (int k = 0; k < N; k++) {
                other.first[k] = first[k][threadIdx.x];
                other.second[k] = second[k][threadIdx.x];
            }
            other.rows = rows[threadIdx.x];
            mine.merge(other);
        }
        __syncthreads();
        lanes = half;
    }
}

// Gives what lane 0 has for each unit to the other lanes. All threads of the block come here; a tile has at most WARP
// units.
template <int COUNT, int N> __device__ void shareLanes(float (&x)[COUNT], const Place<N>& place) {
    __shared__ float shared[COUNT][WARP];
    int unit = threadIdx.x - place.lane * place.units;
    if (place.lane == 0) {
#pragma unroll
        for (int i = 0; i < COUNT; i++) {
            shared[i][unit] = x[i];
        }
    }
    __syncthreads();
#pragma unroll
    for (int i = 0; i < COUNT; i++) {
        x[i] = shared[i][unit];
    }
}

// columns of the grid of a reduction; where there are more tiles, several share one
constexpr int COLUMNS = 1024;

// Blocks of each column that have arrived. Zero between launches, which follow one another: a module serves one stream.
__device__ unsigned arrived[COLUMNS];

// Whether this block is the last of so many to come here, which have a column of the grid. If so, it sees what the others
// wrote before: the fences of one thread hold for those that it meets at the barriers.
__device__ inline bool isLast(unsigned blocks, unsigned column) {
    __shared__ bool last;
    __syncthreads();
    if (threadIdx.x == 0) {
        __threadfence();
        last = atomicAdd(&arrived[column], 1) == blocks - 1;
        if (last) {
            arrived[column] = 0;
        }
        __threadfence();
    }
    __syncthreads();
    return last;
}

// Reduces the rows of every channel to one State: Sums or Moments.
//
// partials  two numbers per pack of a line and part: with several rows to a line, per channel and part and row of these
// own       the State of a thread's lines: own(place)
// finish    does something with the result for the channels of a pack: finish(pack, state)
template <template <int> class State, int N, class Own, class Finish>
__device__ void reduceChannels(const Division& d, float* partials, Own own, Finish finish) {
    long long tiles = (d.packs * d.together + d.units - 1) / d.units;
    for (long long tile = blockIdx.x; tile < tiles; tile += gridDim.x) {
        Place<N> place(d, tile, blockIdx.y);
        State<N> state;
        if (place.active) {
            state = own(place);
        }
        mergeLanes(state, place);
        if (place.active && place.lane == 0) {
            storeNumber(state.first, partials, 2 * blockIdx.y, place.pack, place.packs);
            storeNumber(state.second, partials, 2 * blockIdx.y + 1, place.pack, place.packs);
        }
    }
    bool shared = d.together > 1;
    unsigned columns = shared ? 1 : gridDim.x;
    unsigned column = shared ? 0 : blockIdx.x;
    if (!isLast(shared ? gridDim.x * gridDim.y : gridDim.y, column)) {
        return;
    }
    Division channels = d;
    channels.together = 1;
    tiles = (d.packs + d.units - 1) / d.units;
    for (long long tile = column; tile < tiles; tile += columns) {
        Place<N> place(channels, tile, 0);
        State<N> state;
        for (int i = place.lane; place.active && i < gridDim.y * d.together; i += place.lanes) {
            long long part = i / d.together;
            long long row = i - part * d.together;
            long long first = 2 * part * d.together + row;
            Pairs<N> other;
            loadNumber(other.first, partials, first, place.pack, d.packs);
            loadNumber(other.second, partials, first + d.together, place.pack, d.packs);
            other.rows = max(0LL, min(d.linesPerPart, d.lines(row) - part * d.linesPerPart));
            state.merge(other);
        }
        mergeLanes(state, place);
        if (place.active && place.lane == 0) {
            finish(place.pack, state);
        }
    }
}
