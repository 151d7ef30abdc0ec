// Convolutions and matrix products in float32 arithmetic, on every target: implicit gemm, see product.cuh.
//
// Blocks of 256 or 128 threads for tiles of 128 x 128, 128 x 64 and 64 x 64, in one row of blocks. A tile of R x C
// reads 4 (R + C) bytes for each of the depth and does 2 R C operations with them: 32 operations a byte at 128 x 128,
// most of which come from the caches, since neighbouring blocks and neighbouring taps read the same pixels.
#include "float_tile.cuh"
#include "passes.cuh"

using Large = FloatTile<float, 128, 128, 8, 8>;
using Narrow = FloatTile<float, 128, 64, 16, 8>;
using Small = FloatTile<float, 64, 64, 16, 4>;

PASSES(128x128, Large, 2)
PASSES(128x64, Narrow, 3)
PASSES(64x64, Small, 4)
