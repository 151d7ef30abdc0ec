package dev.halcyon.cuda;

import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;

/**
 * Where a product goes: C = activation(scale (alpha A B + beta C) + bias + residual). Row r of the product is pixel
 * (i, p, q) of a grid, and goes to image i, row p strideDown + down and column q strideRight + right of C, where (down, right) is the
 * phase; it goes nowhere if that lies outside the image.
 *
 * @param c float32 or bfloat16
 * @param step elements of C from one group to the next
 * @param pitch elements of C from one pixel to the next
 */
record ProductTarget(View c, long step, int pitch, int height, int width, int strideDown, int strideRight,
        int gridHeight, int gridWidth, double alpha, double beta, Epilogue epilogue) {
    /** Columns that a thread writes at a time. */
    static final int NEIGHBOURS = 4;

    /** One row of C for each row of the product. */
    static ProductTarget rows(View c, long step, int pitch, long rows) {
        int width = Math.toIntExact(rows);
        return new ProductTarget(c, step, pitch, 1, width, 1, 1, 1, width, 1, 0, Epilogue.NONE);
    }

    ProductTarget scaled(double newAlpha, double newBeta) {
        return new ProductTarget(c, step, pitch, height, width, strideDown, strideRight, gridHeight, gridWidth,
                newAlpha, newBeta, epilogue);
    }

    /** From a grid that is larger than C: what lies outside C goes nowhere. */
    ProductTarget from(int newGridHeight, int newGridWidth) {
        return new ProductTarget(c, step, pitch, height, width, strideDown, strideRight, newGridHeight, newGridWidth,
                alpha, beta, epilogue);
    }

    ProductTarget then(Epilogue newEpilogue) {
        return new ProductTarget(c, step, pitch, height, width, strideDown, strideRight, gridHeight, gridWidth, alpha,
                beta, newEpilogue);
    }

    /** Products that each group consists of. */
    int phases() {
        return strideDown * strideRight;
    }

    /** Columns that a thread writes at a time: neighbours if they are aligned. */
    int width(long columns) {
        boolean aligned = columns % NEIGHBOURS == 0 && pitch % NEIGHBOURS == 0 && step % NEIGHBOURS == 0
                && Views.address(c) % (NEIGHBOURS * c.type().bytes()) == 0 && epilogue.isAligned();
        return aligned ? NEIGHBOURS : 1;
    }

    /** Elements from the sums of one slice of the depth to those of the next: as many as C has, in whole sectors. */
    long sumsStep() {
        int sector = Views.SECTOR_BYTES / Float.BYTES;
        return Math.ceilDiv(c.elements(), sector) * sector;
    }

    /** {@code struct Target} of product.cuh. */
    long[] words(long columns, long sums) {
        Views.suffix(c);
        return new Struct().int64(Views.address(c), epilogue.scaleAddress(), epilogue.biasAddress(),
                epilogue.residualAddress(), sums, sumsStep(), step)
                .int32(pitch, height, width, strideDown, strideRight)
                .divisors(new Divisor(gridHeight), new Divisor(gridWidth)).float32(alpha, beta)
                .int32(epilogue.activation().ordinal(), c.type() == DataType.BFLOAT16 ? 1 : 0,
                        width(columns) == NEIGHBOURS ? 1 : 0)
                .words();
    }
}
