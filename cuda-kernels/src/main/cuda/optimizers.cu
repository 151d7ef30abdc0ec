// One step over many parameters at once, float32, numbers about all gradients, and parameters rounded to bfloat16.
//
// Most parameters are small, and a launch for each would cost more than its work. So a launch takes a table of up to 80
// tensors, by value: no table has to be copied to the device, and the launch can be part of a graph. A block takes 4096
// elements of one tensor and finds it in the table by bisection.
//
//   sgd              reads w, g, v; writes w, v, g = 0       6 n elements moved (4 n without momentum)
//   adam_w           reads w, g, m, v; writes them, g = 0    8 n
//   weight_average   reads w and the average, writes it      3 n
//   sum_of_squares   reads g; one partial sum per block      n; global_norm folds these
//   find_infinite    reads x                                 n
//   round_all        reads x; writes it as bfloat16          1.5 n
#include "elements.cuh"
#include "threads.cuh"

constexpr int TENSORS = 80;
constexpr int PACKS_PER_THREAD = 4;
constexpr int BLOCK_ELEMENTS = THREADS * PACK<float> * PACKS_PER_THREAD;

// Up to 80 groups of P tensors of one size each; blocks start[i] to start[i + 1] work on group i.
template <int P> struct Table {
    int count;
    int start[TENSORS + 1];
    long long elements[TENSORS];
    float* tensor[P][TENSORS];

    __device__ int find(int block) const {
        int low = 0;
        int high = count;
        while (high - low > 1) {
            int middle = (low + high) / 2;
            if (start[middle] <= block) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }
};

// The elements of this block: body(width, i) for `width` neighbours from i on, packs where they are whole and aligned.
template <class Body> __device__ void eachOfBlock(long long first, long long n, bool packs, Body body) {
    long long end = min(n, first + BLOCK_ELEMENTS);
    if (packs) {
        long long last = first + (end - first) / PACK<float> * PACK<float>;
        for (long long i = first + threadIdx.x * PACK<float>; i < last; i += THREADS * PACK<float>) {
            body(Width<PACK<float>>(), i);
        }
        first = last;
    }
#pragma unroll 1
    for (long long i = first + threadIdx.x; i < end; i += THREADS) {
        body(Width<1>(), i);
    }
}

// ---- steps

// g' = g + weightDecay w; v = momentum v + g'; w = keep w - rate (nesterov ? g' + momentum v : v); g = 0
struct SgdStep {
    float rate;
    float momentum;
    float weightDecay;
    float keep;  // 1 - rate * decoupled decay
    int nesterov;
};

extern "C" __global__ __launch_bounds__(THREADS) void sgd(SgdStep d, const __grid_constant__ Table<3> table) {
    int i = table.find((int)blockIdx.x);
    float* w = table.tensor[0][i];
    float* g = table.tensor[1][i];
    float* v = table.tensor[2][i];  // null without momentum
    long long first = (long long)(blockIdx.x - table.start[i]) * BLOCK_ELEMENTS;
    eachOfBlock(first, table.elements[i], aligned(w, g, v), [=](auto width, long long at) {
        constexpr int N = width.value;
        float weight[N];
        float gradient[N];
        float velocity[N] = {};
        loadPack(weight, w + at);
        loadPack(gradient, g + at);
        if (v != nullptr) {
            loadPack(velocity, v + at);
        }
#pragma unroll
        for (int k = 0; k < N; k++) {
            gradient[k] += d.weightDecay * weight[k];
            velocity[k] = d.momentum * velocity[k] + gradient[k];
            float step = d.nesterov ? gradient[k] + d.momentum * velocity[k] : velocity[k];
            weight[k] = d.keep * weight[k] - d.rate * step;
            gradient[k] = 0;
        }
        storePack(weight, w + at);
        storePack(gradient, g + at);
        if (v != nullptr) {
            storePack(velocity, v + at);
        }
    });
}

// m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; w = keep w - rate m / (sqrt(correction v) + epsilon);
// g = 0
struct AdamWStep {
    float rate;  // rate / (1 - beta1^step)
    float beta1;
    float oneMinusBeta1;
    float beta2;
    float oneMinusBeta2;
    float correction;  // 1 / (1 - beta2^step)
    float epsilon;
    float keep;  // 1 - rate * weight decay
};

extern "C" __global__ __launch_bounds__(THREADS) void adam_w(AdamWStep d, const __grid_constant__ Table<4> table) {
    int i = table.find((int)blockIdx.x);
    float* w = table.tensor[0][i];
    float* g = table.tensor[1][i];
    float* m = table.tensor[2][i];
    float* v = table.tensor[3][i];
    long long first = (long long)(blockIdx.x - table.start[i]) * BLOCK_ELEMENTS;
    eachOfBlock(first, table.elements[i], aligned(w, g, m, v), [=](auto width, long long at) {
        constexpr int N = width.value;
        float weight[N];
        float gradient[N];
        float mean[N];
        float square[N];
        loadPack(weight, w + at);
        loadPack(gradient, g + at);
        loadPack(mean, m + at);
        loadPack(square, v + at);
#pragma unroll
        for (int k = 0; k < N; k++) {
            mean[k] = d.beta1 * mean[k] + d.oneMinusBeta1 * gradient[k];
            square[k] = d.beta2 * square[k] + d.oneMinusBeta2 * gradient[k] * gradient[k];
            weight[k] = d.keep * weight[k] - d.rate * mean[k] / (sqrtf(d.correction * square[k]) + d.epsilon);
            gradient[k] = 0;
        }
        storePack(weight, w + at);
        storePack(gradient, g + at);
        storePack(mean, m + at);
        storePack(square, v + at);
    });
}

// average = decay average + (1 - decay) w
extern "C" __global__ __launch_bounds__(THREADS) void weight_average(float decay, float oneMinusDecay,
                                                                     const __grid_constant__ Table<2> table) {
    int i = table.find((int)blockIdx.x);
    const float* w = table.tensor[0][i];
    float* average = table.tensor[1][i];
    long long first = (long long)(blockIdx.x - table.start[i]) * BLOCK_ELEMENTS;
    eachOfBlock(first, table.elements[i], aligned(w, average), [=](auto width, long long at) {
        constexpr int N = width.value;
        float weight[N];
        float mean[N];
        loadPack(weight, w + at);
        loadPack(mean, average + at);
#pragma unroll
        for (int k = 0; k < N; k++) {
            mean[k] = decay * mean[k] + oneMinusDecay * weight[k];
        }
        storePack(mean, average + at);
    });
}

// ---- numbers about all gradients

// One sum per block; `global_norm` folds them.
extern "C" __global__ __launch_bounds__(THREADS) void sum_of_squares(float* sums,
                                                                     const __grid_constant__ Table<1> table) {
    int i = table.find((int)blockIdx.x);
    const float* x = table.tensor[0][i];
    long long first = (long long)(blockIdx.x - table.start[i]) * BLOCK_ELEMENTS;
    float sum = 0;
    eachOfBlock(first, table.elements[i], aligned(x), [=, &sum](auto width, long long at) {
        constexpr int N = width.value;
        float v[N];
        loadPack(v, x + at);
        float squares = 0;
#pragma unroll
        for (int k = 0; k < N; k++) {
            squares += v[k] * v[k];
        }
        sum += squares;
    });
    sum = foldBlock<Sum>(sum);
    if (threadIdx.x == 0) {
        sums[blockIdx.x] = sum;
    }
}

// result = sqrt(sum of n sums), by one block
extern "C" __global__ __launch_bounds__(THREADS) void global_norm(const float* sums, long long n, float* result) {
    float sum = 0;
    for (long long i = threadIdx.x; i < n; i += THREADS) {
        sum += sums[i];
    }
    sum = foldBlock<Sum>(sum);
    if (threadIdx.x == 0) {
        *result = sqrtf(sum);
    }
}

// flag = 0, whatever its type, if there is an infinite element or a NaN, else as it was. Whoever finds one writes the
// same.
extern "C" __global__ __launch_bounds__(THREADS) void find_infinite(char* flag, int flagBytes,
                                                                    const __grid_constant__ Table<1> table) {
    int i = table.find((int)blockIdx.x);
    const float* x = table.tensor[0][i];
    long long first = (long long)(blockIdx.x - table.start[i]) * BLOCK_ELEMENTS;
    bool finite = true;
    eachOfBlock(first, table.elements[i], aligned(x), [=, &finite](auto width, long long at) {
        constexpr int N = width.value;
        float v[N];
        loadPack(v, x + at);
#pragma unroll
        for (int k = 0; k < N; k++) {
            finite = finite && fabsf(v[k]) < INFINITY;
        }
    });
    for (int i = 0; !finite && i < flagBytes; i++) {
        flag[i] = 0;
    }
}

// ---- copies

// y = x, rounded
extern "C" __global__ __launch_bounds__(THREADS) void round_all(const __grid_constant__ Table<2> table) {
    int i = table.find((int)blockIdx.x);
    const float* x = table.tensor[0][i];
    bfloat16* y = (bfloat16*)table.tensor[1][i];
    long long first = (long long)(blockIdx.x - table.start[i]) * BLOCK_ELEMENTS;
    eachOfBlock(first, table.elements[i], aligned(x, y), [=](auto width, long long at) {
        constexpr int N = width.value;
        float v[N];
        loadPack(v, x + at);
        storePack(v, y + at);
    });
}
