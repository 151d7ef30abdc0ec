// Batch normalisation of x [rows, channels] with what follows it, and its gradient.
//
//     y = f(gamma (x - mean) / sqrt(variance + epsilon) + beta + residual)
//
// In training every output depends on sums over all rows, so that two passes are the least, one launch each:
//
//                        reads                      writes                grid
//     statistics         x                          tables                tiles of 128 bytes of channels, parts of rows
//     normalize          x, residual, tables        y                     tiles of 512 bytes of channels, parts of rows
//     gradient sums      x, dy, y                   e or f'(y), tables    as statistics
//     input gradient     x, e (or dy, f'), tables   dx                    as normalize
//
// y is read only if there is an activation f. e = dy f'(y) is written where a residual wants it; elsewhere the bits
// of f'(y), a sixteenth of y, tell the second pass. (An f whose derivative is more than a bit is computed again.)
// Inference is one launch: reads x and residual, writes y. Blocks have 256 threads; the tables are a few numbers per
// channel. The second pass takes the parts backwards: what the first one read last may still be in the L2 cache.
//
// Statistics keep their digits where the mean is far from zero, or where few values are: squares are summed about
// one of the few rows that they are of, and those sums, the threads of a block and the parts are put together as
// means and squared deviations from them. What normalising subtracts is never a mean rounded to float32, but the
// first row of x: y = (x - first row) factor + shift.
#include "activations.cuh"
#include "channels.cuh"

// (x - centre) factor + shift, for the channels of a pack
template <int N> struct Line {
    float centre[N];
    float factor[N];
    float shift[N];

    __device__ float at(float x, int k) const {
        return (x - centre[k]) * factor[k] + shift[k];
    }

    // from a table of which it is the first three numbers

    __device__ void load(const float* table, long long pack, long long packs) {
        loadNumber(centre, table, 0, pack, packs);
        loadNumber(factor, table, 1, pack, packs);
        loadNumber(shift, table, 2, pack, packs);
    }

    __device__ void store(float* table, long long pack, long long packs) const {
        storeNumber(centre, table, 0, pack, packs);
        storeNumber(factor, table, 1, pack, packs);
        storeNumber(shift, table, 2, pack, packs);
    }
};

// An activation that bounds its argument: relu by 0 and infinity, relu6 by 0 and 6, none at all by the infinities.
struct Bounds {
    static constexpr bool DERIVATIVE_IS_A_BIT = true;
    float low;
    float high;

    __device__ bool isIdentity() const {
        return low == -INFINITY;
    }

    // NaN stays NaN
    __device__ float value(float x) const {
        return x <= low ? low : x >= high ? high : x;
    }

    // from the value
    __device__ float derivative(float y) const {
        return y > low && y < high ? 1 : 0;
    }
};

// Any other activation.
struct Function {
    static constexpr bool DERIVATIVE_IS_A_BIT = false;
    int which;  // of Unary
    int unused;

    __device__ bool isIdentity() const {
        return false;
    }

    __device__ float value(float x) const {
        return activated(which, x);
    }

    // of those whose derivative is computed from the value
    __device__ float derivative(float y) const {
        switch (which) {
            case SIGMOID: return logistic::derivative(y);
            case TANH: return hyperbolic_tangent::derivative(y);
            case HARD_SIGMOID: return hard_sigmoid::derivative(y);
            case EXP: return exponential::derivative(y);
            case SQRT: return square_root::derivative(y);
            case RECIPROCAL: return reciprocal::derivative(y);
            default: return negative::derivative(y);
        }
    }
};

// ---- statistics

// lines whose squares are summed about the first of them: few enough for no digit to be lost that counts, since it is
// one of them
constexpr int RUN = 32;

// Moments of what a thread's lines deviate from an origin.
template <class T, int N>
__device__ Moments<N> moments(const T* __restrict__ x, const float (&origin)[N], const Place<N>& place) {
    Moments<N> all;
    Sums<N> run;
    float first[N];
    eachBatch(place, [&](const Batch<N>& batch) {
        float x_[AT_ONCE<N>][N];
        batch.load(x_, x);
#pragma unroll
        for (int k = 0; k < N; k++) {
            first[k] = run.rows == 0 ? x_[0][k] : first[k];
        }
#pragma unroll
        for (int i = 0; i < AT_ONCE<N>; i++) {
            if (i < batch.count) {
#pragma unroll
                for (int k = 0; k < N; k++) {
                    float deviation = x_[i][k] - first[k];
                    run.first[k] += deviation;
                    run.second[k] += deviation * deviation;
                }
            }
        }
        run.rows += batch.count;
        if (run.rows >= RUN || batch.isLast(place)) {
#pragma unroll
            for (int k = 0; k < N; k++) {
                float mean = run.first[k] / run.rows;
                run.second[k] -= run.first[k] * mean;
                run.first[k] = mean + (first[k] - origin[k]);
            }
            all.merge(run);
            run = Sums<N>();
        }
    });
    return all;
}

// momentum  share of this batch in the running statistics
// table     three numbers per channel, written: the Line that normalises x
template <class T, int N>
__device__ void statistics(const T* __restrict__ x, const float* gamma, const float* beta, float* runningMean,
                           float* runningVariance, float* mean, float* inverse, float* partials, float* table,
                           float epsilon, float momentum, Division d) {
    auto own = [&](const Place<N>& place) {
        float origin[N];
        loadPack(origin, x + place.channel * N);
        return moments(x, origin, place);
    };
    auto finish = [&](long long pack, const Moments<N>& all) {
        Line<N> line;
        float gamma_[N], beta_[N], running[N], variance[N], mean_[N], inverse_[N];
        loadPack(line.centre, x + pack * N);
        loadPack(gamma_, gamma + pack * N);
        loadPack(beta_, beta + pack * N);
        loadPack(running, runningMean + pack * N);
        loadPack(variance, runningVariance + pack * N);
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
        storePack(running, runningMean + pack * N);
        storePack(variance, runningVariance + pack * N);
        storePack(mean_, mean + pack * N);
        storePack(inverse_, inverse + pack * N);
        line.store(table, pack, d.packs);
    };
    reduceChannels<Moments, N>(d, partials, own, finish);
}

// ---- normalising

// y = f((x - centre) factor + shift + residual) for the rows of a part
template <class F, class T, int N>
__device__ void normalize(const Line<N>& line, F f, const T* __restrict__ x,
                          const T* __restrict__ residual, T* __restrict__ y, const Place<N>& place) {
    eachBatch(place, [&](const Batch<N>& batch) {
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

template <class F, class T, int N>
__device__ void normalizeTraining(F f, const T* x, const T* residual, const float* table, T* y,
                                  const Division& d) {
    Place<N> place(d, blockIdx.x, gridDim.y - 1 - blockIdx.y);
    Line<N> line;
    if (place.active && place.lane == 0) {
        line.load(table, place.channel, d.packs);
    }
    shareLanes((float(&)[3 * N])line, place);
    if (place.active) {
        normalize(line, f, x, residual, y, place);
    }
}

template <class F, class T, int N>
__device__ void normalizeInference(F f, const T* x, const T* residual, const float* gamma,
                                   const float* beta, const float* runningMean, const float* runningVariance, T* y,
                                   float epsilon, const Division& d) {
    Place<N> place(d, blockIdx.x, blockIdx.y);
    Line<N> line;
    if (place.active && place.lane == 0) {
        float variance[N];
        loadPack(line.centre, runningMean + place.channel * N);
        loadPack(line.factor, gamma + place.channel * N);
        loadPack(line.shift, beta + place.channel * N);
        loadPack(variance, runningVariance + place.channel * N);
#pragma unroll
        for (int k = 0; k < N; k++) {
            line.factor[k] /= sqrtf(variance[k] + epsilon);
        }
    }
    shareLanes((float(&)[3 * N])line, place);
    if (place.active) {
        normalize(line, f, x, residual, y, place);
    }
}

// ---- gradient: with xhat = (x - mean) inverse and e = dy f'(y),
//
//     dbeta += sum e, dgamma += sum e xhat, dx = gamma inverse (e - sum e / rows - xhat sum (e xhat) / rows)

// written  where e is written, which may be dy, or null
// passed   where f'(y) is written as a byte per pack, or null; only for Bounds
// table    four numbers per channel, written: a Line for x and the factor of e in dx
template <class F, class T, int N>
__device__ void gradientSums(F f, const T* __restrict__ x, const T* __restrict__ y, const T* dy,
                             const float* gamma, const float* mean, const float* inverse, T* written,
                             unsigned char* __restrict__ passed, float* dgamma, float* dbeta, float* partials,
                             float* table, const Division& d) {
    auto own = [&](const Place<N>& place) {
        Sums<N> all;
        float mean_[N];
        loadPack(mean_, mean + place.channel * N);
        eachBatch(place, [&](const Batch<N>& batch) {
            float x_[AT_ONCE<N>][N], e[AT_ONCE<N>][N];
            batch.load(x_, x);
            batch.load(e, dy);
            if (!f.isIdentity()) {
                float y_[AT_ONCE<N>][N];
                batch.load(y_, y);
#pragma unroll
                for (int i = 0; i < AT_ONCE<N>; i++) {
                    unsigned bits = 0;
#pragma unroll
                    for (int k = 0; k < N; k++) {
                        float slope = f.derivative(y_[i][k]);
                        e[i][k] *= slope;
                        bits |= slope != 0 ? 1 << k : 0;
                    }
                    if (passed && i < batch.count) {
                        passed[batch.pack(i)] = (unsigned char)bits;
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
                    float error = i < batch.count ? e[i][k] : 0;  // f' of what is not there may be infinite
                    all.first[k] += error;
                    all.second[k] += error * (x_[i][k] - mean_[k]);
                }
            }
        });
        return all;
    };
    auto finish = [&](long long pack, const Sums<N>& all) {
        Line<N> line;
        float gamma_[N], inverse_[N], dgamma_[N], dbeta_[N], scale[N];
        loadPack(line.centre, mean + pack * N);
        loadPack(gamma_, gamma + pack * N);
        loadPack(inverse_, inverse + pack * N);
        loadPack(dgamma_, dgamma + pack * N);
        loadPack(dbeta_, dbeta + pack * N);
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
        storePack(dgamma_, dgamma + pack * N);
        storePack(dbeta_, dbeta + pack * N);
        line.store(table, pack, d.packs);
        storeNumber(scale, table, 3, pack, d.packs);
    };
    reduceChannels<Sums, N>(d, partials, own, finish);
}

// e *= f'(y), from y or from what the first pass has written of it; a product, so that what is not finite shows
template <class F, class T, int N>
__device__ void slopes(F f, float (&e)[AT_ONCE<N>][N], const T* __restrict__ y,
                       const unsigned char* __restrict__ passed, const Batch<N>& batch) {
    if constexpr (F::DERIVATIVE_IS_A_BIT) {
#pragma unroll
        for (int i = 0; i < AT_ONCE<N>; i++) {
            unsigned bits = passed && i < batch.count ? passed[batch.pack(i)] : ~0u;
#pragma unroll
            for (int k = 0; k < N; k++) {
                e[i][k] *= bits & 1 << k ? 1.0f : 0.0f;
            }
        }
    } else {
        float y_[AT_ONCE<N>][N];
        batch.load(y_, y);
#pragma unroll
        for (int i = 0; i < AT_ONCE<N>; i++) {
#pragma unroll
            for (int k = 0; k < N; k++) {
                e[i][k] *= f.derivative(y_[i][k]);
            }
        }
    }
}

// y, dy   for a Function; otherwise dy is e if the first pass has written that, and y is not needed
// passed  what the first pass has written, or null
// dx      may be dy
template <class F, class T, int N>
__device__ void inputGradient(F f, const T* __restrict__ x, const T* __restrict__ y, const T* dy,
                              const unsigned char* __restrict__ passed, const float* table, T* dx,
                              const Division& d) {
    Place<N> place(d, blockIdx.x, gridDim.y - 1 - blockIdx.y);
    struct {
        Line<N> line;
        float scale[N];
    } of;
    if (place.active && place.lane == 0) {
        of.line.load(table, place.channel, d.packs);
        loadNumber(of.scale, table, 3, place.channel, d.packs);
    }
    shareLanes((float(&)[4 * N])of, place);
    if (!place.active) {
        return;
    }
    eachBatch(place, [&](const Batch<N>& batch) {
        float x_[AT_ONCE<N>][N], e[AT_ONCE<N>][N];
        batch.load(x_, x);
        batch.load(e, dy);
        slopes(f, e, y, passed, batch);
#pragma unroll
        for (int i = 0; i < AT_ONCE<N>; i++) {
#pragma unroll
            for (int k = 0; k < N; k++) {
                e[i][k] = of.scale[k] * e[i][k] + of.line.at(x_[i][k], k);
            }
        }
        batch.store(e, dx);
    });
}

// ---- kernels: for both types, each with packs of 16 bytes and, where views are not aligned to that, of one element

#define KERNEL extern "C" __global__ void __launch_bounds__(THREADS, 2)

#define ACTIVATED_KERNELS(F, T, N, SUFFIX)                                                                             \
    KERNEL normalize_##SUFFIX(F f, const T* x, const T* residual, const float* table, T* y, Division d) {              \
        normalizeTraining<F, T, N>(f, x, residual, table, y, d);                                                       \
    }                                                                                                                  \
    KERNEL normalize_inference_##SUFFIX(F f, const T* x, const T* residual, const float* gamma, const float* beta,     \
                                        const float* runningMean, const float* runningVariance, T* y, float epsilon,   \
                                        Division d) {                                                                  \
        normalizeInference<F, T, N>(f, x, residual, gamma, beta, runningMean, runningVariance, y, epsilon, d);         \
    }                                                                                                                  \
    KERNEL gradient_sums_##SUFFIX(F f, const T* x, const T* y, const T* dy, const float* gamma, const float* mean,     \
                                  const float* inverse, T* written, unsigned char* passed, float* dgamma,              \
                                  float* dbeta, float* partials, float* table, Division d) {                           \
        gradientSums<F, T, N>(f, x, y, dy, gamma, mean, inverse, written, passed, dgamma, dbeta, partials, table, d);  \
    }                                                                                                                  \
    KERNEL input_gradient_##SUFFIX(F f, const T* x, const T* y, const T* dy, const unsigned char* passed,              \
                                   const float* table, T* dx, Division d) {                                            \
        inputGradient<F, T, N>(f, x, y, dy, passed, table, dx, d);                                                     \
    }

#define KERNELS(T, N, SUFFIX)                                                                                          \
    ACTIVATED_KERNELS(Bounds, T, N, SUFFIX)                                                                            \
    KERNEL statistics_##SUFFIX(const T* x, const float* gamma, const float* beta, float* runningMean,                  \
                               float* runningVariance, float* mean, float* inverse, float* partials, float* table,     \
                               float epsilon, float momentum, Division d) {                                            \
        statistics<T, N>(x, gamma, beta, runningMean, runningVariance, mean, inverse, partials, table, epsilon,        \
                         momentum, d);                                                                                 \
    }

KERNELS(float, 1, f32)
KERNELS(float, 4, f32x4)
KERNELS(bfloat16, 1, bf16)
KERNELS(bfloat16, 8, bf16x8)

// rare enough for single elements to do
ACTIVATED_KERNELS(Function, float, 1, function_f32)
ACTIVATED_KERNELS(Function, bfloat16, 1, function_bf16)
