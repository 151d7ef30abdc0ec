// Batch normalisation of x [rows, channels] with what follows it, and its gradient.
//
//     y = f(gamma (x - mean) / sqrt(variance + epsilon) + beta + residual)
//
// In training every output depends on sums over all rows, so that two passes are the least, one launch each:
//
//                        reads                      writes                 grid
//     statistics         x                          tables                 tiles of 128 bytes of channels, parts of rows
//     normalize          x, residual, tables        y                      tiles of 512 bytes of channels, parts of rows
//     gradient sums      x, dy, y                   e or f'(y), tables     as statistics
//     input gradient     x, e (or dy, f'), tables   dx                     as normalize
//
// y is read only if there is an activation f. e = dy f'(y) is written where a residual wants it; elsewhere the bits of
// f'(y), a sixteenth of y, tell the second pass. Inference is one launch: reads x and residual, writes y. Blocks have 256
// threads; the tables are a few numbers per channel. The second pass takes the parts backwards: what the first one read
// last may still be in the L2 cache.
//
// Statistics keep their digits where the mean is far from zero, or where few values are: deviations are taken from the
// first row, and the rows of a thread, the threads of a block and the parts are put together as means and squared
// deviations from them. What normalising subtracts is never a mean rounded to float32: y = (x - first row) factor + shift.
#include "channels.cuh"

// (x - centre) factor + shift, for the channels of a pack; in memory, [3, channels]
template <int N> struct Line {
    float centre[N];
    float factor[N];
    float shift[N];

    __device__ void load(const float* table, long long channel, long long channels) {
        loadPack(centre, table + channel);
        loadPack(factor, table + channels + channel);
        loadPack(shift, table + 2 * channels + channel);
    }

    __device__ void store(float* table, long long channel, long long channels) const {
        storePack(centre, table + channel);
        storePack(factor, table + channels + channel);
        storePack(shift, table + 2 * channels + channel);
    }

    __device__ float at(float x, int k) const {
        return (x - centre[k]) * factor[k] + shift[k];
    }
};

// An activation as two bounds: relu is (0, infinity), relu6 (0, 6), none at all (-infinity, infinity).
struct Clamp {
    float low;
    float high;

    __device__ bool isIdentity() const {
        return low == -INFINITY;
    }

    // NaN stays NaN
    __device__ float value(float x) const {
        return x <= low ? low : x >= high ? high : x;
    }

    // whether the derivative is 1, from the value; else it is 0
    __device__ bool passes(float y) const {
        return y > low && y < high;
    }
};

// ---- statistics

// Deviations from an origin of a thread's rows, a few rows at a time.
template <class T, int N>
__device__ Moments<N> moments(const T* __restrict__ x, const float (&origin)[N], const Place<N>& place,
                              long long channels) {
    Moments<N> all;
    eachBatch(place, channels, [&](const Batch<N>& batch) {
        float x_[AT_ONCE<N>][N];
        batch.load(x_, x);
        Moments<N> some;
        some.rows = batch.count;
#pragma unroll
        for (int k = 0; k < N; k++) {
#pragma unroll
            for (int i = 0; i < AT_ONCE<N>; i++) {
                x_[i][k] -= origin[k];
                some.first[k] += i < batch.count ? x_[i][k] : 0;
            }
            some.first[k] /= some.rows;
#pragma unroll
            for (int i = 0; i < AT_ONCE<N>; i++) {
                float deviation = i < batch.count ? x_[i][k] - some.first[k] : 0;
                some.second[k] += deviation * deviation;
            }
        }
        all.merge(some);
    });
    return all;
}

// momentum  share of this batch in the running statistics
// table     [3, channels], written: the Line that normalises x
template <class T, int N>
__device__ void statistics(const T* __restrict__ x, const float* gamma, const float* beta, float* runningMean,
                           float* runningVariance, float* mean, float* inverse, float* partials, float* table,
                           float epsilon, float momentum, Division d) {
    auto own = [&](const Place<N>& place) {
        float origin[N];
        loadPack(origin, x + place.channel);
        return moments(x, origin, place, d.channels);
    };
    auto finish = [&](long long channel, const Moments<N>& all) {
        Line<N> line;
        float gamma_[N], beta_[N], running[N], variance[N], mean_[N], inverse_[N];
        loadPack(line.centre, x + channel);
        loadPack(gamma_, gamma + channel);
        loadPack(beta_, beta + channel);
        loadPack(running, runningMean + channel);
        loadPack(variance, runningVariance + channel);
        float rows = d.rows;
#pragma unroll
        for (int k = 0; k < N; k++) {
            mean_[k] = line.centre[k] + all.first[k];
            inverse_[k] = 1 / sqrtf(all.second[k] / rows + epsilon);
            line.factor[k] = gamma_[k] * inverse_[k];
            line.shift[k] = beta_[k] - all.first[k] * line.factor[k];
            running[k] = (1 - momentum) * running[k] + momentum * mean_[k];
            variance[k] = (1 - momentum) * variance[k] + momentum * (all.second[k] / fmaxf(1, rows - 1));
        }
        storePack(running, runningMean + channel);
        storePack(variance, runningVariance + channel);
        storePack(mean_, mean + channel);
        storePack(inverse_, inverse + channel);
        line.store(table, channel, d.channels);
    };
    reduceChannels<Moments, N>(d, partials, own, finish);
}

// ---- normalising

// y = f((x - centre) factor + shift + residual) for the rows of a part
template <class T, int N>
__device__ void normalize(const Line<N>& line, Clamp f, const T* __restrict__ x,
                          const T* __restrict__ residual, T* __restrict__ y, const Place<N>& place,
                          long long channels) {
    eachBatch(place, channels, [&](const Batch<N>& batch) {
        float y_[AT_ONCE<N>][N];
        float added[AT_ONCE<N>][N] = {};
        batch.load(y_, x);
        if (residual) {
            batch.load(added, residual);
        }
#pragma unroll
        for (int i = 0; i < AT_ONCE<N>; i++) {
#pragma unroll
            for (int k = 0; k < N; k++) {
                y_[i][k] = f.value(line.at(y_[i][k], k) + added[i][k]);
            }
        }
        batch.store(y_, y);
    });
}

template <class T, int N>
__device__ void normalizeTraining(Clamp f, const T* x, const T* residual, const float* table, T* y,
                                  const Division& d) {
    Place<N> place(d, blockIdx.x, gridDim.y - 1 - blockIdx.y);
    if (place.active) {
        Line<N> line;
        line.load(table, place.channel, d.channels);
        normalize(line, f, x, residual, y, place, d.channels);
    }
}

template <class T, int N>
__device__ void normalizeInference(Clamp f, const T* x, const T* residual, const float* gamma,
                                   const float* beta, const float* runningMean, const float* runningVariance, T* y,
                                   float epsilon, const Division& d) {
    Place<N> place(d, blockIdx.x, blockIdx.y);
    if (place.active) {
        Line<N> line;
        float variance[N];
        loadPack(line.centre, runningMean + place.channel);
        loadPack(line.factor, gamma + place.channel);
        loadPack(line.shift, beta + place.channel);
        loadPack(variance, runningVariance + place.channel);
#pragma unroll
        for (int k = 0; k < N; k++) {
            line.factor[k] /= sqrtf(variance[k] + epsilon);
        }
        normalize(line, f, x, residual, y, place, d.channels);
    }
}

// ---- gradient: with xhat = (x - mean) inverse and e = dy f'(y),
//
//     dbeta += sum e, dgamma += sum e xhat, dx = gamma inverse (e - sum e / rows - xhat sum (e xhat) / rows)

// f'(y) of the elements of a pack, which is 0 or 1, as the bits of a byte
template <int N> __device__ unsigned char slopes(const Clamp& f, const float (&y)[N]) {
    unsigned bits = 0;
#pragma unroll
    for (int k = 0; k < N; k++) {
        bits |= f.passes(y[k]) ? 1 << k : 0;
    }
    return bits;
}

template <int N> __device__ void multiply(float (&e)[N], unsigned bits) {
#pragma unroll
    for (int k = 0; k < N; k++) {
        e[k] *= bits >> k & 1;  // what is not finite shows
    }
}

// written  e, or null
// passed   f'(y) as a byte per pack, for the next pass; null if that needs it not
// table    [4, channels], written: a Line for x and the factor of e in dx
template <class T, int N>
__device__ void gradientSums(Clamp f, const T* __restrict__ x, const T* __restrict__ y, const T* __restrict__ dy,
                             const float* gamma, const float* mean, const float* inverse, T* __restrict__ written,
                             unsigned char* __restrict__ passed, float* dgamma, float* dbeta, float* partials,
                             float* table, const Division& d) {
    auto own = [&](const Place<N>& place) {
        Sums<N> all;
        float mean_[N];
        loadPack(mean_, mean + place.channel);
        eachBatch(place, d.channels, [&](const Batch<N>& batch) {
            float x_[AT_ONCE<N>][N], e[AT_ONCE<N>][N];
            batch.load(x_, x);
            batch.load(e, dy);
            if (!f.isIdentity()) {
                float y_[AT_ONCE<N>][N];
                batch.load(y_, y);
#pragma unroll
                for (int i = 0; i < AT_ONCE<N>; i++) {
                    unsigned char bits = slopes(f, y_[i]);
                    multiply(e[i], bits);
                    if (passed && i < batch.count) {
                        passed[batch.pack(i)] = bits;
                    }
                }
            }
            if (written) {
                batch.store(e, written);
            }
#pragma unroll
            for (int i = 0; i < AT_ONCE<N>; i++) {
#pragma unroll
                for (int k = 0; k < N; k++) {
                    all.first[k] += e[i][k];
                    all.second[k] += e[i][k] * (x_[i][k] - mean_[k]);
                }
            }
        });
        return all;
    };
    auto finish = [&](long long channel, const Sums<N>& all) {
        Line<N> line;
        float gamma_[N], inverse_[N], dgamma_[N], dbeta_[N], scale[N];
        loadPack(line.centre, mean + channel);
        loadPack(gamma_, gamma + channel);
        loadPack(inverse_, inverse + channel);
        loadPack(dgamma_, dgamma + channel);
        loadPack(dbeta_, dbeta + channel);
        float rows = d.rows;
#pragma unroll
        for (int k = 0; k < N; k++) {
            float product = all.second[k] * inverse_[k];
            dgamma_[k] += product;
            dbeta_[k] += all.first[k];
            scale[k] = gamma_[k] * inverse_[k];
            line.factor[k] = -scale[k] * inverse_[k] * product / rows;
            line.shift[k] = -scale[k] * all.first[k] / rows;
        }
        storePack(dgamma_, dgamma + channel);
        storePack(dbeta_, dbeta + channel);
        line.store(table, channel, d.channels);
        storePack(scale, table + 3 * d.channels + channel);
    };
    reduceChannels<Sums, N>(d, partials, own, finish);
}

// dy  or e, if the first pass has written it; then passed is null
template <class T, int N>
__device__ void inputGradient(const T* __restrict__ x, const T* __restrict__ dy,
                              const unsigned char* __restrict__ passed, const float* table, T* __restrict__ dx,
                              const Division& d) {
    Place<N> place(d, blockIdx.x, gridDim.y - 1 - blockIdx.y);
    if (!place.active) {
        return;
    }
    Line<N> line;
    float scale[N];
    line.load(table, place.channel, d.channels);
    loadPack(scale, table + 3 * d.channels + place.channel);
    eachBatch(place, d.channels, [&](const Batch<N>& batch) {
        float x_[AT_ONCE<N>][N], e[AT_ONCE<N>][N];
        batch.load(x_, x);
        batch.load(e, dy);
#pragma unroll
        for (int i = 0; i < AT_ONCE<N>; i++) {
            if (passed && i < batch.count) {
                multiply(e[i], passed[batch.pack(i)]);
            }
#pragma unroll
            for (int k = 0; k < N; k++) {
                e[i][k] = scale[k] * e[i][k] + line.at(x_[i][k], k);
            }
        }
        batch.store(e, dx);
    });
}

// ---- kernels: for both types, each with packs of 16 bytes and, where views are not aligned to that, of one element

#define KERNEL extern "C" __global__ void __launch_bounds__(THREADS, 2)

#define KERNELS(T, N, SUFFIX)                                                                                          \
    KERNEL statistics_##SUFFIX(const T* x, const float* gamma, const float* beta, float* runningMean,                  \
                               float* runningVariance, float* mean, float* inverse, float* partials, float* table,     \
                               float epsilon, float momentum, Division d) {                                            \
        statistics<T, N>(x, gamma, beta, runningMean, runningVariance, mean, inverse, partials, table, epsilon,        \
                         momentum, d);                                                                                 \
    }                                                                                                                  \
    KERNEL normalize_##SUFFIX(Clamp f, const T* x, const T* residual, const float* table, T* y, Division d) {   \
        normalizeTraining<T, N>(f, x, residual, table, y, d);                                                 \
    }                                                                                                                  \
    KERNEL normalize_inference_##SUFFIX(Clamp f, const T* x, const T* residual, const float* gamma,              \
                                       const float* beta, const float* runningMean, const float* runningVariance,      \
                                       T* y, float epsilon, Division d) {                                              \
        normalizeInference<T, N>(f, x, residual, gamma, beta, runningMean, runningVariance, y, epsilon, d);   \
    }                                                                                                                  \
    KERNEL gradient_sums_##SUFFIX(Clamp f, const T* x, const T* y, const T* dy, const float* gamma,                    \
                                  const float* mean, const float* inverse, T* written, unsigned char* passed,          \
                                  float* dgamma, float* dbeta, float* partials, float* table, Division d) {            \
        gradientSums<T, N>(f, x, y, dy, gamma, mean, inverse, written, passed, dgamma, dbeta, partials, table, d);     \
    }                                                                                                                  \
    KERNEL input_gradient_##SUFFIX(const T* x, const T* dy, const unsigned char* passed, const float* table, T* dx,    \
                                   Division d) {                                                                       \
        inputGradient<T, N>(x, dy, passed, table, dx, d);                                                              \
    }

KERNELS(float, 1, f32)
KERNELS(float, 4, f32x4)
KERNELS(bfloat16, 1, bf16)
KERNELS(bfloat16, 8, bf16x8)
