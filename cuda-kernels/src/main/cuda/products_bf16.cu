// Convolutions and matrix products of bfloat16 tensors with float32 sums: implicit gemm, see product.cuh. On tensor
// cores of compute_80; in float32 arithmetic, which is exact for such factors too, before. Launched as products_fp32.cu
// is.
#include "float_tile.cuh"
#include "passes.cuh"
#include "tensor_tile.cuh"

#if __CUDA_ARCH__ >= 800
using Large = TensorTile<Bfloat16, 128, 128, 64, 32>;
using Narrow = TensorTile<Bfloat16, 128, 64, 64, 32>;
using Small = TensorTile<Bfloat16, 64, 64, 32, 32>;
constexpr int LARGE_RESIDENTS = 2;
#else
using Large = FloatTile<bfloat16, 128, 128, 16, 8>;
using Narrow = FloatTile<bfloat16, 128, 64, 16, 8>;
using Small = FloatTile<bfloat16, 64, 64, 16, 4>;
constexpr int LARGE_RESIDENTS = 1;  // for which there is shared memory
#endif

PASSES(128x128, Large, LARGE_RESIDENTS)
PASSES(128x64, Narrow, 3)
PASSES(64x64, Small, 4)
