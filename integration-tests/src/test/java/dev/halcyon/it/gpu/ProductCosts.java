package dev.halcyon.it.gpu;

import dev.halcyon.emulator.driver.Launch;
import java.util.stream.IntStream;

/**
 * Costs of the kernels of products.cu and products_*.cu, by the structs Operands and Target of product.cuh. Each
 * element of an operand that a product needs is read once, those of C are written once, and read before if they are
 * added to; what slices of the depth leave in memory is written by the product and read by {@code addSlices}.
 */
final class ProductCosts {
    private static final int FLOAT = 4;
    /** Of a row of a tile in shared memory: the depth is filled up with zeros to whole tiles. */
    private static final int DEPTH_BYTES = 64;
    /** Where {@code Target} lies behind {@code Operands}. */
    private static final int TARGET = 152;

    /** {@code struct Windows}. */
    private record Windows(int image, int output, int kernel, int stride, int padding, int dilation) {
        static Windows at(Parameters p, int at) {
            return new Windows(p.int32(at), p.int32(at + 4), p.int32(at + 8), p.int32(at + 12), p.int32(at + 16),
                    p.int32(at + 20));
        }

        /** Image positions that some output sees. */
        long seen() {
            return IntStream.range(0, output)
                    .flatMap(o -> IntStream.range(0, kernel).map(t -> o * stride - padding + t * dilation))
                    .filter(position -> position >= 0 && position < image).distinct().count();
        }

        /** Taps that see the image somewhere. */
        long used() {
            return IntStream.range(0, kernel)
                    .filter(t -> IntStream.range(0, output).map(o -> o * stride - padding + t * dilation)
                            .anyMatch(position -> position >= 0 && position < image))
                    .count();
        }
    }

    /** {@code struct Operands}, but for addresses; sizes are those of one group. */
    private record Operands(String pass, int rows, int columns, int depth, long inputs, long outputs, Windows vertical,
            Windows horizontal, int pixels, int slices) {
        static Operands of(String kernel, Parameters p) {
            return new Operands(kernel.split("_")[0], p.int32(40), p.int32(44), p.int32(48), p.int32(52), p.int32(56),
                    Windows.at(p, 60), Windows.at(p, 84), p.int32(108) * p.int32(124), p.int32(140));
        }

        private long taps() {
            return (long) vertical.kernel * horizontal.kernel;
        }

        /** Those of both operands that are needed. */
        long elements() {
            long seen = vertical.seen() * horizontal.seen() * inputs;
            return switch (pass) {
                case "forward" -> rows / pixels * seen + taps() * inputs * outputs;
                case "inputGradient" -> rows / pixels * (long) vertical.output * horizontal.output * outputs
                        + vertical.used() * horizontal.used() * columns * outputs;
                case "weightGradient" -> depth / pixels * seen + depth * outputs;
                default -> throw new IllegalArgumentException("expected a pass of a convolution, found " + pass);
            };
        }

        /** Products in a sum, in all phases of an input gradient. */
        long terms() {
            return pass.equals("inputGradient") ? taps() * outputs : depth;
        }
    }

    /**
     * {@code struct Target}: where C goes.
     *
     * @param columns of all groups
     * @param phases products that each group consists of
     * @param lines rows of C in all phases, for each row of one product; fewer where some go nowhere
     */
    private record Target(boolean biased, boolean summed, int columns, int phases, double lines, boolean added,
            boolean residual, int elementBytes) {
        static Target at(Parameters p, int at) {
            double grid = (double) p.int32(at + 76) * p.int32(at + 92);
            return new Target(p.given(at + 16), p.given(at + 32), p.int32(at + 56),
                    p.int32(at + 68) * p.int32(at + 72), (double) p.int32(at + 60) * p.int32(at + 64) / grid,
                    p.float32(at + 112) != 0, p.given(at + 24), p.int32(at + 120) == 1 ? 2 : FLOAT);
        }

        /** Of making elements of C = alpha x + beta C + bias + residual from sums x. */
        Cost finishing(long elements) {
            long bytes = elements * elementBytes;
            long read = (added ? bytes : 0) + (residual ? bytes : 0) + (biased ? columns * FLOAT : 0);
            return Cost.moving(read, bytes)
                    .computing((1 + (added ? 2 : 0) + (residual ? 1 : 0) + (biased ? 1 : 0)) * elements);
        }
    }

    private ProductCosts() {
    }

    /** @param elementBytes of both operands */
    static Cost pass(Launch.Kernel launch, int elementBytes) {
        Parameters p = new Parameters(launch);
        Operands d = Operands.of(launch.kernel(), p);
        Target target = Target.at(p, TARGET);
        Tile tile = Tile.of(launch.kernel());
        long tiles = tile.count(d.rows, d.columns);
        long groups = launch.shape().blocks() / (tiles * d.slices * target.phases);
        int step = DEPTH_BYTES / elementBytes;
        long operations = 2 * tiles * tile.rows * tile.columns * Math.ceilDiv(d.terms(), step) * step;
        long elements = groups * Math.round(d.rows * target.lines) * d.columns;
        Cost result = target.summed ? Cost.moving(0, elements * d.slices * FLOAT) : target.finishing(elements);
        return result.plus(new Cost(groups * d.elements() * elementBytes, 0, groups * operations));
    }

    /** Tiles of C, as in the names of kernels. */
    private record Tile(int rows, int columns) {
        static Tile of(String kernel) {
            String[] extents = kernel.substring(kernel.indexOf('_') + 1).split("x");
            return new Tile(Integer.parseInt(extents[0]), Integer.parseInt(extents[1]));
        }

        long count(int rowsOfC, int columnsOfC) {
            return (long) Math.ceilDiv(rowsOfC, rows) * Math.ceilDiv(columnsOfC, columns);
        }
    }

    /** Of adding slices and making C, which takes no more arithmetic than other passes over memory. */
    static Cost addSlices(Launch.Kernel launch) {
        Parameters p = new Parameters(launch);
        Target target = Target.at(p, 0);
        long elements = p.int64(128);
        return Cost.moving(elements * p.int32(136) * FLOAT, 0).plus(target.finishing(elements)).computing(0);
    }

    /** Copies with zeros for missing channels. */
    static Cost pad(Launch.Kernel launch, int elementBytes) {
        Parameters p = new Parameters(launch);
        long elements = p.int64(0) - p.int32(8);
        long rows = p.int32(12);
        long channels = p.int32(16);
        long width = p.int32(52);
        long groups = width / p.int32(36);
        long blocks = elements / (p.int32(20) * width);
        return Cost.moving(blocks * rows * groups * channels * elementBytes, elements * elementBytes);
    }

    /** cuBLAS, which may have working memory of its own that nobody can know of: each matrix is moved once. */
    static Cost cublas(Launch.Product d) {
        long c = (long) d.m() * d.n() * bytes(d.typeC());
        long read = (long) d.m() * d.k() * bytes(d.typeA()) + (long) d.k() * d.n() * bytes(d.typeB())
                + (d.accumulating() ? c : 0);
        return Cost.moving(d.batch() * read, d.batch() * c).computing(2L * d.batch() * d.m() * d.n() * d.k());
    }

    /** Of a {@code cudaDataType}: float32 or bfloat16. */
    private static int bytes(int type) {
        return type == 0 ? FLOAT : 2;
    }
}
