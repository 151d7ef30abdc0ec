package dev.halcyon.cuda;

import dev.halcyon.device.Binary;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import java.util.Locale;

/** Element-wise operations: one launch each. */
final class Elementwise {
    private static final String FAMILY = "elementwise";

    private final Launcher launcher;

    Elementwise(Launcher launcher) {
        this.launcher = launcher;
    }

    void fill(View destination, double value) {
        long address = Views.address(destination);
        long words = Math.ceilDiv(address % Views.ACCESS_BYTES + destination.bytes(), Views.ACCESS_BYTES);
        launcher.launch(launcher.kernel(FAMILY, "fill"), Grid.of(words, Views.THREADS), new Arguments()
                .address(address).int64(destination.bytes()).int64(pattern(destination.type(), value)));
    }

    /** The bits of a number as an element of some type, repeated to 8 bytes. */
    private static long pattern(DataType type, double value) {
        long bits = switch (type) {
            case FLOAT32 -> Integer.toUnsignedLong(Float.floatToRawIntBits((float) value));
            case FLOAT64 -> Double.doubleToRawLongBits(value);
            case BFLOAT16 -> bfloat16((float) value);
            case FLOAT16 -> Short.toUnsignedLong(Float.floatToFloat16((float) value));
            case INT32 -> Integer.toUnsignedLong((int) (long) value);
            case INT64 -> (long) value;
            case UINT8 -> Byte.toUnsignedLong((byte) (long) value);
        };
        for (int size = type.bytes(); size < Long.BYTES; size *= 2) {
            bits |= bits << Byte.SIZE * size;
        }
        return bits;
    }

    /** To nearest, ties to even; NaN stays NaN. */
    private static long bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Float.isNaN(value) ? bits >>> 16 | 0x40 : bits + 0x7fff + (bits >>> 16 & 1) >>> 16;
    }

    void unary(Unary op, View x, View y) {
        launch("unary_" + name(op) + Views.suffix(x, y), y, new Arguments().view(x).view(y).int64(y.elements()));
    }

    void unaryGradient(Unary op, View saved, View dy, View dx) {
        launch("unary_gradient_" + name(op) + Views.suffix(saved, dy, dx), dx,
                new Arguments().view(saved).view(dy).view(dx).int64(dx.elements()));
    }

    void scaleAdd(double alpha, View x, double beta, View y) {
        launch("scale_add" + Views.suffix(x, y), y,
                new Arguments().float32(alpha).view(x).float32(beta).view(y).int64(y.elements()));
    }

    void binary(Binary op, View a, View b, View y) {
        boolean aNumber = a.elements() == 1;
        boolean bNumber = b.elements() == 1;
        if ((aNumber || a.elements() == y.elements()) && (bNumber || b.elements() == y.elements())) {
            launch("binary_" + name(op) + Views.suffix(a, b, y), y, new Arguments().view(a).int32(aNumber ? 0 : 1)
                    .view(b).int32(bNumber ? 0 : 1).view(y).int64(y.elements()));
        } else {
            stretched(op, a, b, y);
        }
    }

    /**
     * The rows that the innermost two axes are, cut into slabs that a thread takes one after the other.
     *
     * @param axes those of the first slab
     * @param elements of all rows
     * @param size elements of a slab: whole sectors, if there is more than one
     * @param a elements of an operand from one slab to the next
     */
    private record Slabs(Axes axes, long elements, long size, long a, long b) {
        /** Slabs at most: what is the same for all rows is read a quarter as often. */
        private static final long MOST = 4;

        static Slabs of(Axes all, int sector) {
            int inner = all.last();
            long width = all.extents()[inner];
            if (inner == 0) {
                return new Slabs(all, width, width, 0, 0);
            }
            long alike = sector / Math.min(sector, Long.lowestOneBit(width));
            long[] extents = all.extents().clone();
            long count = extents[inner - 1];
            long rows = Math.min(count, Math.ceilDiv(Math.ceilDiv(count, MOST), alike) * alike);
            extents[inner - 1] = rows;
            return new Slabs(new Axes(extents, all.a(), all.b()), count * width, rows * width,
                    rows * all.a()[inner - 1], rows * all.b()[inner - 1]);
        }

        /** {@code struct Slabs} of elementwise.cu. */
        long[] words() {
            return new Struct().int64(elements, a, b).divisors(Divisor.of(size)).words();
        }
    }

    private void stretched(Binary op, View a, View b, View y) {
        Kernel kernel = launcher.kernel(FAMILY, "stretched_" + name(op) + Views.suffix(a, b, y));
        Axes all = Axes.of(y.shape().extents(), Axes.steps(a.shape(), y.shape()), Axes.steps(b.shape(), y.shape()));
        boolean packs = all.inGroupsOf(Views.pack(y)) && Views.address(y) % Views.ACCESS_BYTES == 0
                && stays(a, all.a()[all.last()]) && stays(b, all.b()[all.last()]);
        int size = y.type().bytes();
        int sector = Views.SECTOR_BYTES / size;
        all.parts(Divisor.LIMIT - Views.THREADS * (long) Views.ACCESS_BYTES, (axes, start, aStart, bStart) -> {
            Slabs slabs = Slabs.of(axes, sector);
            long elements = slabs.axes.elements();
            launcher.launch(kernel, Grid.of(packs ? elements / Views.pack(y) : elements, Views.THREADS),
                    new Arguments().address(Views.address(a) + size * aStart).address(Views.address(b) + size * bStart)
                            .address(Views.address(y) + size * start).int32((int) elements).int32(packs ? 1 : 0)
                            .struct(slabs.words()).struct(slabs.axes.words()));
        });
    }

    /** Whether an operand can be read in packs, or as one element for all of a pack. */
    private static boolean stays(View operand, long innermostStep) {
        return innermostStep == 0 || Views.address(operand) % Views.ACCESS_BYTES == 0;
    }

    void cast(View x, View y) {
        int wider = Math.max(x.type().bytes(), y.type().bytes());
        long packs = Math.ceilDiv(y.elements(), Views.ACCESS_BYTES / wider);
        launcher.launch(launcher.kernel("casts", "cast_" + name(x.type()) + "_" + name(y.type())),
                Grid.of(packs, Views.THREADS), new Arguments().view(x).view(y).int64(y.elements()));
    }

    /** A thread for every pack of the output. */
    private void launch(String name, View y, Arguments arguments) {
        Grid grid = Grid.of(Math.ceilDiv(y.elements(), Views.pack(y)), Views.THREADS);
        launcher.launch(launcher.kernel(FAMILY, name), grid, arguments);
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
