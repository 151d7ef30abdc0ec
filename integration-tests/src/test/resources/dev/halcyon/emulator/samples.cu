// Kernels on which the emulator is tried: what nvcc makes of them is samples_75.ptx and samples_80.ptx (nvcc -ptx -O3
// -std=c++17 -arch=compute_75 or compute_80, .version rewritten to 7.8).
#include <cuda_bf16.h>

constexpr int TILE = 32;

// c[m][n] = a[m][k] b[k][n]; a block computes a tile of 32 by 32, each of its 256 threads 4 numbers.
extern "C" __global__ void __launch_bounds__(256)
tiledGemm(const float* __restrict__ a, const float* __restrict__ b, float* __restrict__ c, int m, int n, int k) {
    __shared__ float left[TILE][TILE + 4];
    __shared__ float right[TILE][TILE];
    int row = blockIdx.y * TILE, column = blockIdx.x * TILE;
    int x = threadIdx.x % 8 * 4, y = threadIdx.x / 8;
    float sums[4] = {};
    for (int start = 0; start < k; start += TILE) {
        for (int i = threadIdx.x; i < TILE * TILE; i += blockDim.x) {
            int r = i / TILE, s = i % TILE;
            left[r][s] = row + r < m && start + s < k ? a[(long long)(row + r) * k + start + s] : 0;
            right[r][s] = start + r < k && column + s < n ? b[(long long)(start + r) * n + column + s] : 0;
        }
        __syncthreads();
        for (int i = 0; i < TILE; i++) {
            float4 v = *reinterpret_cast<float4*>(&right[i][x]);
            float factor = left[y][i];
            sums[0] += factor * v.x;
            sums[1] += factor * v.y;
            sums[2] += factor * v.z;
            sums[3] += factor * v.w;
        }
        __syncthreads();
    }
    for (int i = 0; i < 4; i++) {
        if (row + y < m && column + x + i < n) {
            c[(long long)(row + y) * n + column + x + i] = sums[i];
        }
    }
}

__device__ float sumOfBlock(float value, float* partial) {
    for (int distance = 16; distance > 0; distance /= 2) {
        value += __shfl_xor_sync(~0u, value, distance);
    }
    if (threadIdx.x % 32 == 0) {
        partial[threadIdx.x / 32] = value;
    }
    __syncthreads();
    float sum = 0;
    for (int i = 0; i < blockDim.x / 32; i++) {
        sum += partial[i];
    }
    __syncthreads();
    return sum;
}

// Softmax of each row; a block does one.
extern "C" __global__ void __launch_bounds__(128) softmaxRows(const float* __restrict__ x, float* __restrict__ y, int n) {
    __shared__ float partial[4];
    extern __shared__ float row[];
    x += (long long)blockIdx.x * n;
    y += (long long)blockIdx.x * n;
    float most = -INFINITY;
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        row[i] = x[i];
        most = fmaxf(most, x[i]);
    }
    for (int distance = 16; distance > 0; distance /= 2) {
        most = fmaxf(most, __shfl_xor_sync(~0u, most, distance));
    }
    if (threadIdx.x % 32 == 0) {
        partial[threadIdx.x / 32] = most;
    }
    __syncthreads();
    most = fmaxf(fmaxf(partial[0], partial[1]), fmaxf(partial[2], partial[3]));
    __syncthreads();
    float sum = 0;
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        sum += row[i] = expf(row[i] - most);
    }
    sum = sumOfBlock(sum, partial);
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        y[i] = row[i] / sum;
    }
}

// Philox4x32-10: four words for each counter.
extern "C" __global__ void __launch_bounds__(256) philox(uint4* out, unsigned long long seed, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) {
        return;
    }
    uint4 c = make_uint4(i, 0, 0, 0);
    unsigned k0 = (unsigned)seed, k1 = (unsigned)(seed >> 32);
#pragma unroll 2
    for (int round = 0; round < 10; round++) {
        unsigned low0 = 0xD2511F53u * c.x, high0 = __umulhi(0xD2511F53u, c.x);
        unsigned low1 = 0xCD9E8D57u * c.z, high1 = __umulhi(0xCD9E8D57u, c.z);
        c = make_uint4(high1 ^ c.y ^ k0, low1, high0 ^ c.w ^ k1, low0);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    out[i] = c;
}

__constant__ float table[4] = {1, 10, 100, 1000};

__device__ __noinline__ float cube(float x, int* whole) {
    *whole = (int)x;
    return x * x * x;
}

// A function of each number that another one chooses: a jump table, a call, local and constant memory, doubles.
extern "C" __global__ void __launch_bounds__(64) chosenFunction(const float* x, const unsigned char* which, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) {
        return;
    }
    float v = x[i];
    int whole = 0;
    int steps[8];
    switch (which[i]) {
        case 0: v = sinf(v); break;
        case 1: v = tanhf(v); break;
        case 2: v = logf(v * v + 1); break;
        case 3: v = cube(v, &whole) + whole; break;
        case 4: v = table[(int)v & 3]; break;
        case 5: v = (float)sqrt((double)v * v + 2); break;
        case 6:
            for (int k = 0; k < 8; k++) {
                steps[(k * 3) & 7] = k * (int)v;
            }
            v = steps[i & 7];
            break;
        case 7: v = erff(v); break;
        default: v = __bfloat162float(__hadd(__float2bfloat16(v), __float2bfloat16(1.5f))); break;
    }
    y[i] = v;
}

// How often each byte occurs: counted in shared memory, then added up in global memory.
extern "C" __global__ void __launch_bounds__(256) histogram(const unsigned char* bytes, unsigned* counts, int n) {
    __shared__ unsigned mine[256];
    mine[threadIdx.x] = 0;
    __syncthreads();
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        atomicAdd(&mine[bytes[i]], 1u);
    }
    __syncthreads();
    if (mine[threadIdx.x] > 0) {
        atomicAdd(&counts[threadIdx.x], mine[threadIdx.x]);
    }
}

#if __CUDA_ARCH__ >= 800 || !defined(__CUDA_ARCH__)
// c[16][8] = a[16][k] b[k][8] in bfloat16 by one warp, k a multiple of 16; tiles are copied while the last is multiplied.
extern "C" __global__ void __launch_bounds__(32)
tensorGemm(const __nv_bfloat16* a, const __nv_bfloat16* b, float* c, int k) {
    __shared__ __align__(16) __nv_bfloat16 left[2][16][24];
    __shared__ __align__(16) __nv_bfloat16 right[2][16][8];
    int lane = threadIdx.x;
    float d[4] = {};
    auto copy = [&](int start, int stage) {
        unsigned to = (unsigned)__cvta_generic_to_shared(&left[stage][lane / 2][lane % 2 * 8]);
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" :: "r"(to), "l"(a + (lane / 2) * k + start + lane % 2 * 8));
        if (lane < 16) {
            unsigned too = (unsigned)__cvta_generic_to_shared(&right[stage][lane][0]);
            asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" :: "r"(too), "l"(b + (start + lane) * 8));
        }
        asm volatile("cp.async.commit_group;");
    };
    copy(0, 0);
    for (int start = 0; start < k; start += 16) {
        int stage = start / 16 % 2;
        if (start + 16 < k) {
            copy(start + 16, 1 - stage);
            asm volatile("cp.async.wait_group 1;");
        } else {
            asm volatile("cp.async.wait_group 0;");
        }
        __syncthreads();
        unsigned x[4], y[2];
        unsigned from = (unsigned)__cvta_generic_to_shared(&left[stage][lane % 16][lane / 16 * 8]);
        asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                     : "=r"(x[0]), "=r"(x[1]), "=r"(x[2]), "=r"(x[3]) : "r"(from));
        unsigned also = (unsigned)__cvta_generic_to_shared(&right[stage][lane % 16][0]);
        asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0,%1}, [%2];" : "=r"(y[0]), "=r"(y[1]) : "r"(also));
        asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                     : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                     : "r"(x[0]), "r"(x[1]), "r"(x[2]), "r"(x[3]), "r"(y[0]), "r"(y[1]));
        __syncthreads();
    }
    int row = lane / 4, column = lane % 4 * 2;
    c[row * 8 + column] = d[0];
    c[row * 8 + column + 1] = d[1];
    c[(row + 8) * 8 + column] = d[2];
    c[(row + 8) * 8 + column + 1] = d[3];
}
#endif
