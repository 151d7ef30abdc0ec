// Convolutions and matrix products on tensor cores of compute_80, of float32 tensors with factors rounded to bfloat16:
// implicit gemm, see product.cuh. Launched as products_fp32.cu is.
#include "passes.cuh"
#include "tensor_tile.cuh"

#if __CUDA_ARCH__ >= 800
using Large = TensorTile<RoundedBfloat16, 128, 128, 64, 32>;
using Narrow = TensorTile<RoundedBfloat16, 128, 64, 64, 32>;
using Small = TensorTile<RoundedBfloat16, 64, 64, 32, 32>;

PASSES(128x128, Large, 2)
PASSES(128x64, Narrow, 3)
PASSES(64x64, Small, 4)
#endif
