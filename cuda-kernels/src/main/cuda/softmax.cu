// Softmax of the rows of a matrix [rows, width], its gradient, and the cross-entropy that it usually ends in.
//
//                         reads                                writes
//     softmax             x                                    y
//     gradient            y, dy                                dx
//     crossEntropy        logits, labels or distributions      a loss per row, the gradient of the logits
//
// Each is one launch with blocks of 256 threads; rows.cuh says how rows are divided among them. What is longer than
// 2048 elements is read once per step: logits four times, two of them for maximum and sum.
#include "rows.cuh"

// y = e^(x - max) / sum e^(x - max)
template <class T, int ITEMS> __device__ void softmax(const T* __restrict__ x, T* __restrict__ y, const Row& row) {
    x += row.start();
    y += row.start();
    auto xs = keep<ITEMS>(row, [&](int i, int) { return toFloat(x[i]); });
    float max = fold<Max>(row, xs);
    auto terms = keep<ITEMS>(row, [&](int i, int j) { return expf(xs.at(i, j) - max); });
    float share = 1 / fold<Sum>(row, terms);
    each<ITEMS>(row, [&](int i, int j) { put(y + i, terms.at(i, j) * share); });
}

// dx = y (dy - sum y dy)
template <class T, int ITEMS>
__device__ void softmaxGradient(const T* __restrict__ y, const T* __restrict__ dy, T* __restrict__ dx,
                                const Row& row) {
    y += row.start();
    dy += row.start();
    dx += row.start();
    auto ys = keep<ITEMS>(row, [&](int i, int) { return toFloat(y[i]); });
    auto dys = keep<ITEMS>(row, [&](int i, int) { return toFloat(dy[i]); });
    auto products = keep<ITEMS>(row, [&](int i, int j) { return ys.at(i, j) * dys.at(i, j); });
    float mean = fold<Sum>(row, products);
    each<ITEMS>(row, [&](int i, int j) { put(dx + i, ys.at(i, j) * (dys.at(i, j) - mean)); });
}

// With q = w ((1 - s) t + s / width) for the target t of a class, the smoothing s and the class weight w, which is 1 if
// weights is null: loss = -sum q ln p and gradient = p sum q - q, where p = softmax(logits).
//
// labels, distributions  one is null; a label outside [0, width) belongs to no class, and its loss is NaN
template <class T, int ITEMS>
__device__ void crossEntropy(const T* __restrict__ logits, const long long* labels,
                             const T* __restrict__ distributions, const float* __restrict__ weights, float smoothing,
                             float* __restrict__ losses, T* __restrict__ gradient, const Row& row) {
    logits += row.start();
    gradient += row.start();
    long long label = labels && row.width > 0 ? labels[row.number] : 0;
    float even = smoothing / row.width;
    auto qs = keep<ITEMS>(row, [&](int i, int) {
        float target = labels ? label == i : toFloat(distributions[row.start() + i]);
        float q = (1 - smoothing) * target + even;
        return weights ? q * weights[i] : q;
    });
    auto xs = keep<ITEMS>(row, [&](int i, int) { return toFloat(logits[i]); });
    float max = fold<Max>(row, xs);
    auto terms = keep<ITEMS>(row, [&](int i, int j) { return expf(xs.at(i, j) - max); });
    float sum = fold<Sum>(row, terms);
    float logarithm = logf(sum);
    auto losses_ = keep<ITEMS>(row, [&](int i, int j) {
        float q = qs.at(i, j);
        return q == 0 ? 0 : q * (logarithm - (xs.at(i, j) - max));
    });
    float loss = fold<Sum>(row, losses_);
    float share = fold<Sum>(row, qs) / sum;
    each<ITEMS>(row, [&](int i, int j) { put(gradient + i, terms.at(i, j) * share - qs.at(i, j)); });
    if (row.width > 0 && row.lane == 0) {
        losses[row.number] = label < 0 || label >= row.width ? NAN : loss;
    }
}

#define KERNEL extern "C" __global__ void __launch_bounds__(THREADS, 2)
#define ROW(T, ITEMS) Row(blockIdx.x * (long long)(THREADS / team), rows, width, team, STEP<T, ITEMS>)

#define KERNELS(T, ITEMS, SUFFIX)                                                                                      \
    KERNEL softmax_##SUFFIX(const T* x, T* y, long long rows, int width, int team) {                                   \
        softmax<T, ITEMS>(x, y, ROW(T, ITEMS));                                                                                  \
    }                                                                                                                  \
    KERNEL softmax_gradient_##SUFFIX(const T* y, const T* dy, T* dx, long long rows, int width, int team) {            \
        softmaxGradient<T, ITEMS>(y, dy, dx, ROW(T, ITEMS));                                                                     \
    }                                                                                                                  \
    KERNEL cross_entropy_##SUFFIX(const T* logits, const long long* labels, const T* distributions,                    \
                                 const float* weights, float smoothing, float* losses, T* gradient, long long rows,    \
                                 int width, int team) {                                                                \
        crossEntropy<T, ITEMS>(logits, labels, distributions, weights, smoothing, losses, gradient, ROW(T, ITEMS));              \
    }

FOR_EACH_LENGTH(KERNELS)
