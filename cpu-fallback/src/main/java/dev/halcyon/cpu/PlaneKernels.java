package dev.halcyon.cpu;

/**
 * Inner loops of convolutions over planes: images channel by channel, so that a lane is a pixel and no lane is idle,
 * however few channels there are. A tile is {@link #CHANNELS} output channels by {@link #VECTORS} vectors of pixels, or
 * by as many channels of the other factor.
 */
public interface PlaneKernels {
    /** Channels of a tile. */
    int CHANNELS = 4;
    /** Vectors of pixels in a tile. */
    int VECTORS = 4;
    /** A sum over pixels is so many sums, of every 16th pixel each, whatever the vectors' width. */
    int STRANDS = 16;

    /**
     * c[i][j] = start[i] + Σ a[k][i] b[k][j] for channels i and pixels j, a chain of fused multiply-adds.
     *
     * @param a depth rows of {@link #CHANNELS} weights
     * @param b row k lies at b plus the k-th of the longs at {@code offsets}
     * @param start a float for each channel
     * @param cStep bytes from a channel of c to the next
     */
    void products(long a, long b, long offsets, int depth, long start, long c, long cStep);

    /**
     * sums[i][j][p mod 16] += a[i][p] b[j][p] for {@link #CHANNELS} channels i and j, one behind the other, and
     * pixels p in ascending order.
     *
     * @param offsets channel i of a lies at a plus the i-th of these longs
     * @param bStep bytes from a channel of b to the next
     * @param pixels a multiple of {@link #STRANDS}
     */
    void correlations(long a, long offsets, long b, long bStep, int pixels, long sums);
}
