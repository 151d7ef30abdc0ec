package dev.halcyon.it.gpu;

import dev.halcyon.emulator.driver.Launch;
import dev.halcyon.tensor.DataType;

/**
 * Costs of the kernels that make a pass over memory, by the arguments that their .cu files declare. What there is once
 * for every channel counts as well as what there is for every element. Their arithmetic takes less time than that and
 * is not counted.
 */
final class PassCosts {
    private static final int FLOAT = 4;
    /** Most tensors of a {@code Table} of optimizers.cu. */
    private static final int TENSORS = 80;
    /** Where it has their sizes: behind their number and first blocks. */
    private static final int SIZES = 328;

    /** A kernel's arguments and what its name says of the elements. */
    private record Pass(Launch.Kernel launch, Parameters p, int bytes, int pack) {
        static Pass of(Launch.Kernel launch) {
            String name = launch.kernel();
            int bytes = name.contains("bf16") ? 2 : FLOAT;
            boolean packed = name.matches(".*(f32|bf16)x[48]");
            return new Pass(launch, new Parameters(launch), bytes, packed ? 16 / bytes : 1);
        }

        /** Bytes of so many elements. */
        long of(long elements) {
            return elements * bytes;
        }
    }

    /** {@code struct Division} of channels.cuh. */
    private record Division(long rows, long channels, long together) {
        /** The last of the arguments. */
        static Division last(Pass pass) {
            int at = pass.p.size() - 40;
            return new Division(pass.p.int64(at), pass.p.int64(at + 16) * pass.pack, pass.p.int64(at + 32));
        }

        long elements() {
            return rows * channels;
        }

        /** Bytes of so many float32 for each channel. */
        long each(long numbers) {
            return numbers * channels * FLOAT;
        }

        /** Bytes of the sums that parts leave. */
        long partials(Pass pass) {
            return each(2) * together * pass.launch.shape().gridY();
        }
    }

    private PassCosts() {
    }

    /** @throws IllegalArgumentException if the kernel's cost is not known */
    static Cost of(Launch.Kernel launch) {
        Pass pass = Pass.of(launch);
        Parameters p = pass.p;
        String name = launch.kernel();
        String operation = name.replaceFirst("_(f32|bf16)(x\\d+)?$", "");
        if (operation.startsWith("cast_")) {
            return cast(name, p);
        }
        if (operation.startsWith("binary_")) {
            return binary(pass);
        }
        return switch (operation) {
            case "normalize" -> p.size() > 100 ? images(pass) : normalize(pass); // two files have one
            case "statistics" -> statistics(pass);
            case "gradient_sums" -> gradientSums(pass);
            case "input_gradient" -> inputGradient(pass);
            case "max_pool", "max_pool_gradient", "average_pool", "average_pool_gradient" ->
                    Pooling.of(pass, operation);
            case "cross_entropy" -> crossEntropy(pass);
            case "rows_sum" -> rowsSum(pass);
            case "columns_sum", "packed_columns_sum" -> columnsSum(pass);
            case "scale_add" -> Cost.moving(pass.of(p.int64(32) * (p.float32(16) == 0 ? 1 : 2)), pass.of(p.int64(32)));
            case "fill" -> Cost.moving(0, p.int64(8));
            case "sgd" -> sgd(p);
            case "round_all" -> roundAll(p);
            default -> throw new IllegalArgumentException("the cost of kernel " + name + " is not known");
        };
    }

    // ---- batch norm, see norms.cu

    private static Cost statistics(Pass pass) {
        Division d = Division.last(pass);
        long partials = d.partials(pass);
        return Cost.moving(pass.of(d.elements()) + d.each(4) + partials, d.each(7) + partials);
    }

    private static Cost normalize(Pass pass) {
        Division d = Division.last(pass);
        int operands = pass.p.given(16) ? 2 : 1;
        return Cost.moving(operands * pass.of(d.elements()) + d.each(3), pass.of(d.elements()));
    }

    private static Cost gradientSums(Pass pass) {
        Division d = Division.last(pass);
        long partials = d.partials(pass);
        boolean activated = pass.p.float32(0) != Float.NEGATIVE_INFINITY;
        long read = pass.of(d.elements()) * (activated ? 3 : 2) + d.each(5);
        long written = (pass.p.given(56) ? pass.of(d.elements()) : 0)
                + (pass.p.given(64) ? d.elements() / pass.pack : 0) + d.each(6);
        return Cost.moving(read + partials, written + partials);
    }

    private static Cost inputGradient(Pass pass) {
        Division d = Division.last(pass);
        long bits = pass.p.given(32) ? d.elements() / pass.pack : 0;
        int operands = pass.p.given(16) ? 3 : 2;
        return Cost.moving(operands * pass.of(d.elements()) + bits + d.each(4), pass.of(d.elements()));
    }

    // ---- pooling, see pools.cu

    /** {@code struct Windows}, behind three arguments. */
    private record Pooling(long packs, int units, int height, int width, int rows, int columns, int kernelHeight,
            int kernelWidth, int strideHeight, int strideWidth) {
        static Cost of(Pass pass, String operation) {
            Parameters p = pass.p;
            Pooling w = new Pooling(p.int64(24), p.int32(32), p.int32(36), p.int32(40), p.int32(44), p.int32(48),
                    p.int32(52), p.int32(56), p.int32(60), p.int32(64));
            boolean forward = !operation.endsWith("gradient");
            boolean average = operation.startsWith("average");
            long each = w.packs * pass.pack;
            long pixels = (long) w.units * pass.pack * (forward ? w.rows * w.columns : w.height * w.width);
            long other = each / pixels * w.units * pass.pack * (forward ? w.seen() : w.rows * w.columns);
            long places = average ? 0 : forward ? each : other;
            return Cost.moving(pass.of(other) + (forward ? 0 : places), pass.of(each) + (forward ? places : 0));
        }

        /** Pixels of an image that lie in a window: all where windows leave no gap. */
        private long seen() {
            return Math.min(height, (long) rows * Math.max(kernelHeight, strideHeight))
                    * Math.min(width, (long) columns * Math.max(kernelWidth, strideWidth));
        }
    }

    // ---- the others

    /** From images to what a network reads, see images.cu: what is written, from a byte each. */
    private static Cost images(Pass pass) {
        Parameters p = pass.p;
        long lines = p.int64(40);
        long elements = lines * p.int32(32) * p.int32(64);
        return Cost.moving(elements + lines / p.int32(48) * 3 * Integer.BYTES, pass.of(elements));
    }

    private static Cost crossEntropy(Pass pass) {
        Parameters p = pass.p;
        long rows = p.int64(56);
        long elements = rows * p.int32(64);
        long targets = p.given(8) ? rows * Long.BYTES : pass.of(elements);
        return Cost.moving(pass.of(elements) + targets, rows * FLOAT + pass.of(elements));
    }

    private static Cost rowsSum(Pass pass) {
        Parameters p = pass.p;
        long results = p.int64(8);
        long elements = results / p.int32(32) * p.int64(16);
        return Cost.moving(pass.of(elements), 0).plus(reduced(p, results));
    }

    private static Cost columnsSum(Pass pass) {
        Parameters p = pass.p;
        long parts = p.int32(48);
        long outer = pass.launch.shape().gridX() / (parts * p.int32(56));
        long inner = p.int64(16) * (pass.launch.kernel().startsWith("packed") ? 16 / pass.bytes : 1);
        long elements = outer * p.int64(8) * inner;
        return Cost.moving(pass.of(elements), 0).plus(reduced(p, outer * parts * inner));
    }

    /** {@code struct Target} of reductions.cu, the last of the arguments. */
    private static Cost reduced(Parameters p, long results) {
        int flags = p.int32(p.size() - 4);
        long bytes = results * ((flags & 1) == 0 ? FLOAT : 2);
        boolean accumulating = (flags & 0x100) != 0;
        return Cost.moving(accumulating ? bytes : 0, bytes);
    }

    private static Cost binary(Pass pass) {
        Parameters p = pass.p;
        long n = p.int64(40);
        long read = (p.int32(8) == 1 ? n : 1) + (p.int32(24) == 1 ? n : 1);
        return Cost.moving(pass.of(read), pass.of(n));
    }

    private static Cost cast(String name, Parameters p) {
        String[] types = name.substring("cast_".length()).split("_");
        return Cost.moving(p.int64(16) * width(types[0]), p.int64(16) * width(types[1]));
    }

    private static int width(String type) {
        return Integer.parseInt(type.replaceAll("\\D", "")) / Byte.SIZE;
    }

    /** {@code SgdStep} and {@code Table} of optimizers.cu: weights, gradients, and velocities with a momentum. */
    private static Cost sgd(Parameters p) {
        int table = 24;
        boolean moving = p.given(table + SIZES + 8 * 3 * TENSORS);
        long bytes = (moving ? 3 : 2) * elements(p, table) * FLOAT;
        return Cost.moving(bytes, bytes);
    }

    private static Cost roundAll(Parameters p) {
        long elements = elements(p, 0);
        return Cost.moving(elements * FLOAT, elements * DataType.BFLOAT16.bytes());
    }

    /** Of all tensors in a table. */
    private static long elements(Parameters p, int table) {
        long elements = 0;
        for (int i = 0; i < p.int32(table); i++) {
            elements += p.int64(table + SIZES + 8 * i);
        }
        return elements;
    }
}
