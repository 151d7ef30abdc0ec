package dev.halcyon.cuda;

import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import java.util.Optional;

/** Convolutions and matrix products by our own kernels: implicit gemm, see product.cuh. */
final class Products {
    /** What goes before and after the products, in any arithmetic. */
    static final String FAMILY = "products";

    /** The passes of a convolution, under the names of their kernels. */
    enum Pass {
        FORWARD("forward"), INPUT_GRADIENT("inputGradient"), WEIGHT_GRADIENT("weightGradient");

        private final String kernel;

        Pass(String kernel) {
            this.kernel = kernel;
        }
    }

    /**
     * What is multiplied; sizes are those of one group. See {@code struct Operands} of product.cuh.
     *
     * @param aStep elements from one group to the next
     * @param aPitch elements from one pixel or row to the next
     * @param rows of C
     * @param columns of C
     * @param depth terms of a sum, the most there are
     * @param inputs channels of x as stored
     * @param outputs channels of y as stored
     */
    record Sizes(long groups, long aStep, long bStep, int aPitch, int bPitch, int rows, int columns, int depth,
            int inputs, int outputs) {
    }

    private final Launcher launcher;
    private final Optional<ProductTile> forced = ProductTile.forced();

    Products(Launcher launcher) {
        this.launcher = launcher;
    }

    /**
     * Multiplies.
     *
     * @param type of both operands
     * @param gridHeight rows of the pixels that stand behind A's rows, or behind its depth in a weight gradient
     * @param gridWidth their columns
     */
    void multiply(Pass pass, DataType type, Operand a, Operand b, Sizes sizes, ConvolutionWindows vertical,
            ConvolutionWindows horizontal, int gridHeight, int gridWidth, ProductTarget target) {
        long products = sizes.groups * target.phases();
        ProductTile.Plan plan = forced.map(tile -> tile.cut(products, sizes.rows, sizes.columns, sizes.depth))
                .orElseGet(() -> ProductTile.plan(products, sizes.rows, sizes.columns, sizes.depth));
        Struct operands = new Struct().int64(a.address(), b.address(), sizes.aStep, sizes.bStep).int32(sizes.aPitch,
                sizes.bPitch, sizes.rows, sizes.columns, sizes.depth, sizes.inputs, sizes.outputs);
        vertical.addTo(operands);
        horizontal.addTo(operands);
        operands.divisors(new Divisor(gridHeight), new Divisor(gridWidth)).int32(plan.slices(), plan.sliceDepth());
        Kernel kernel = launcher.kernel(family(type), pass.kernel + "_" + plan.tile());
        Grid grid = new Grid(plan.blocks(), 1, 1, plan.tile().threads(), 0);
        if (plan.slices() == 1) {
            launcher.launch(kernel, grid,
                    new Arguments().struct(operands.words()).struct(target.words(sizes.columns, 0)));
            return;
        }
        long bytes = plan.slices() * target.sumsStep() * Float.BYTES;
        try (Temporary sums = launcher.temporary(bytes)) {
            launcher.launch(kernel, grid,
                    new Arguments().struct(operands.words()).struct(target.words(sizes.columns, sums.address())));
            addSlices(sizes.columns, plan.slices(), target, sums.address());
        }
    }

    /**
     * Writes the sums of what slices left, each as C is, at distances of {@link ProductTarget#sumsStep}. Without any slice
     * and with a beta of 1 this is the bias and activation of what C holds.
     *
     * @param columns of C, for one group
     */
    void addSlices(long columns, int slices, ProductTarget target, long sums) {
        long elements = target.c().elements();
        launcher.launch(launcher.kernel(FAMILY, "addSlices"),
                Grid.of(elements / target.width(columns), Views.THREADS),
                new Arguments().struct(target.words(columns, sums)).int64(elements).int32(slices));
    }

    /** Targets without such tensor cores multiply float32 as it is, which is no less exact. */
    private String family(DataType type) {
        if (type == DataType.BFLOAT16) {
            return "products_bf16";
        }
        if (!launcher.targetsAmpere()) {
            return "products_fp32";
        }
        return switch (launcher.precision()) {
            case FP32 -> "products_fp32";
            case TF32 -> "products_tf32";
            case BF16 -> "products_bf16_rounded";
        };
    }
}
