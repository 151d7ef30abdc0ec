// Layer normalisation of the rows of a matrix [rows, width], and its gradient.
//
//     y = gamma (x - mean) / sqrt(variance + epsilon) + beta
//
//                             reads     writes                 launch
//     layerNorm               x         y, mean, inverse       a team per row, see rows.cuh
//     input gradient          x, dy     dx                     a team per row
//     parameter gradients     x, dy     dgamma, dbeta          tiles of channels and parts of rows, see channels.cuh
//
// Each is one launch with blocks of 256 threads. What belongs to columns is kept in registers while a team goes from
// row to row. What is longer than 2048 elements is read once per step: x four times forward.
#include "channels.cuh"
#include "rows.cuh"

// Calls body(row) for every row of a team; all of them begin at the same distance from a sector.
template <int STEP, class Body> __device__ void eachRow(long long rows, int width, int team, Body body) {
    int together = THREADS / team;
    for (long long first = (long long)blockIdx.x * together; first < rows; first += (long long)gridDim.x * together) {
        body(Row(first, rows, width, team, STEP));
    }
}

// What a team takes of every row, for what there is once for each column.
template <int STEP> __device__ Row columnsOfTeam(int width, int team) {
    long long first = (long long)blockIdx.x * (THREADS / team);
    return Row(first, first + THREADS, width, team, STEP);
}

// Deviations are taken from the row's first element: they keep their digits where the mean is far from zero.
template <class T, int ITEMS>
__device__ void layerNorm(const T* __restrict__ x, const float* __restrict__ gamma, const float* __restrict__ beta,
                          float* __restrict__ mean, float* __restrict__ inverse, T* __restrict__ y, float epsilon,
                          long long rows, int width, int team) {
    constexpr int SECTOR_STEP = STEP<T, ITEMS>;
    Row columns = columnsOfTeam<SECTOR_STEP>(width, team);
    auto gammas = keep<ITEMS>(columns, [&](int i, int) { return gamma[i]; });
    auto betas = keep<ITEMS>(columns, [&](int i, int) { return beta[i]; });
    eachRow<SECTOR_STEP>(rows, width, team, [&](const Row& row) {
        const T* from = x + row.start();
        float origin = row.width > 0 ? toFloat(*from) : 0;
        auto xs = keep<ITEMS>(row, [&](int i, int) { return toFloat(from[i]) - origin; });
        float average = fold<Sum>(row, xs) / width;
        auto squares = keep<ITEMS>(row, [&](int i, int j) {
            float deviation = xs.at(i, j) - average;
            return deviation * deviation;
        });
        float factor = 1 / sqrtf(fold<Sum>(row, squares) / width + epsilon);
        each<ITEMS>(row, [&](int i, int j) {
            put(y + row.start() + i, (xs.at(i, j) - average) * factor * gammas.at(i, j) + betas.at(i, j));
        });
        if (row.width > 0 && row.lane == 0) {
            mean[row.number] = origin + average;
            inverse[row.number] = factor;
        }
    });
}

// dx = inverse (h - (sum h + xhat sum h xhat) / width), with h = gamma dy and xhat = (x - mean) inverse
template <class T, int ITEMS>
__device__ void inputGradient(const T* __restrict__ x, const float* __restrict__ gamma,
                              const float* __restrict__ mean, const float* __restrict__ inverse,
                              const T* __restrict__ dy, T* __restrict__ dx, long long rows, int width, int team) {
    constexpr int SECTOR_STEP = STEP<T, ITEMS>;
    Row columns = columnsOfTeam<SECTOR_STEP>(width, team);
    auto gammas = keep<ITEMS>(columns, [&](int i, int) { return gamma[i]; });
    eachRow<SECTOR_STEP>(rows, width, team, [&](const Row& row) {
        long long start = row.start();
        float centre = row.width > 0 ? mean[row.number] : 0;
        float factor = row.width > 0 ? inverse[row.number] : 0;
        auto xhats = keep<ITEMS>(row, [&](int i, int) { return (toFloat(x[start + i]) - centre) * factor; });
        auto hs = keep<ITEMS>(row, [&](int i, int j) { return toFloat(dy[start + i]) * gammas.at(i, j); });
        auto products = keep<ITEMS>(row, [&](int i, int j) { return hs.at(i, j) * xhats.at(i, j); });
        float sum = fold<Sum>(row, hs) / width;
        float product = fold<Sum>(row, products) / width;
        each<ITEMS>(row, [&](int i, int j) {
            put(dx + start + i, factor * (hs.at(i, j) - sum - xhats.at(i, j) * product));
        });
    });
}

// dbeta += sum dy, dgamma += sum dy xhat, over all rows
template <class T, int N>
__device__ void parameterGradients(const T* __restrict__ x, const float* mean, const float* inverse,
                                   const T* __restrict__ dy, float* dgamma, float* dbeta, float* partials,
                                   const Division& d) {
    auto own = [&](const Place<N>& place) {
        Sums<N> all;
        eachBatch(place, [&](const Batch<N>& batch) {
            float x_[AT_ONCE<N>][N], dy_[AT_ONCE<N>][N], centre[AT_ONCE<N>], factor[AT_ONCE<N>];
            batch.load(x_, x);
            batch.load(dy_, dy);
            batch.loadEach(centre, mean, place);
            batch.loadEach(factor, inverse, place);
#pragma unroll
            for (int i = 0; i < AT_ONCE<N>; i++) {
#pragma unroll
                for (int k = 0; k < N; k++) {
                    all.first[k] += dy_[i][k];
                    all.second[k] += dy_[i][k] * (x_[i][k] - centre[i]) * factor[i];
                }
            }
        });
        return all;
    };
    auto finish = [&](long long pack, const Sums<N>& all) {
        float dgamma_[N], dbeta_[N];
        loadPack(dgamma_, dgamma + pack * N);
        loadPack(dbeta_, dbeta + pack * N);
#pragma unroll
        for (int k = 0; k < N; k++) {
            dgamma_[k] += all.second[k];
            dbeta_[k] += all.first[k];
        }
        storePack(dgamma_, dgamma + pack * N);
        storePack(dbeta_, dbeta + pack * N);
    };
    reduceChannels<Sums, N>(d, partials, own, finish);
}

#define KERNEL extern "C" __global__ void __launch_bounds__(THREADS, 2)

#define KERNELS(T, ITEMS, SUFFIX)                                                                                      \
    KERNEL layer_norm_##SUFFIX(const T* x, const float* gamma, const float* beta, float* mean, float* inverse, T* y,   \
                              float epsilon, long long rows, int width, int team) {                                    \
        layerNorm<T, ITEMS>(x, gamma, beta, mean, inverse, y, epsilon, rows, width, team);                             \
    }                                                                                                                  \
    KERNEL input_gradient_##SUFFIX(const T* x, const float* gamma, const float* mean, const float* inverse,            \
                                  const T* dy, T* dx, long long rows, int width, int team) {                           \
        inputGradient<T, ITEMS>(x, gamma, mean, inverse, dy, dx, rows, width, team);                                   \
    }

FOR_EACH_LENGTH(KERNELS)

#define PARAMETER_GRADIENTS(T, N, SUFFIX)                                                                              \
    KERNEL parameter_gradients_##SUFFIX(const T* x, const float* mean, const float* inverse, const T* dy,              \
                                       float* dgamma, float* dbeta, float* partials, Division d) {                     \
        parameterGradients<T, N>(x, mean, inverse, dy, dgamma, dbeta, partials, d);                                    \
    }

PARAMETER_GRADIENTS(float, 1, f32)
PARAMETER_GRADIENTS(float, 4, f32x4)
PARAMETER_GRADIENTS(bfloat16, 1, bf16)
PARAMETER_GRADIENTS(bfloat16, 8, bf16x8)
