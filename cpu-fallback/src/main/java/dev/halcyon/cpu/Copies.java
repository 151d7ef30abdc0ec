package dev.halcyon.cpu;

import dev.halcyon.device.Region;
import dev.halcyon.device.View;
import dev.halcyon.tensor.Shape;
import java.util.Arrays;

/** Operations that move elements of any type and change none. */
final class Copies {
    private static final long CHUNK_BYTES = 65_536;
    private static final long COLUMNS = 1024;

    private final Workers workers;
    private final RowKernels kernels = Vectorization.rows();

    Copies(Workers workers) {
        this.workers = workers;
    }

    void copy(View x, View y) {
        long from = Memory.address(x);
        long to = Memory.address(y);
        long bytes = x.bytes();
        workers.run(Math.toIntExact((bytes + CHUNK_BYTES - 1) / CHUNK_BYTES), (chunk, worker) -> {
            long first = chunk * CHUNK_BYTES;
            Memory.copy(from + first, to + first, Math.min(CHUNK_BYTES, bytes - first));
        });
    }

    /** Inner axes that the block covers in both tensors are part of its rows, until these are worth a thread. */
    void copyRegion(Region region, View x, View y) {
        int rank = x.shape().rank();
        int size = x.type().bytes();
        long[] xSteps = steps(x.shape());
        long[] ySteps = steps(y.shape());
        long[] extents = region.extents();
        long from = Memory.address(x);
        long to = Memory.address(y);
        for (int axis = 0; axis < rank; axis++) {
            from += size * region.from()[axis] * xSteps[axis];
            to += size * region.to()[axis] * ySteps[axis];
        }
        int outer = rank;
        long row = 1;
        while (outer > 0 && row * size < CHUNK_BYTES && (outer == rank || covered(region, x, y, outer))) {
            row *= extents[--outer];
        }
        copyRows(Shape.of(Arrays.copyOf(extents, outer)), size, from, xSteps, to, ySteps, row * size);
    }

    private static boolean covered(Region region, View x, View y, int axis) {
        return region.extents()[axis] == x.extent(axis) && region.extents()[axis] == y.extent(axis);
    }

    private void copyRows(Shape outer, int size, long from, long[] xSteps, long to, long[] ySteps, long bytes) {
        workers.inChunks(outer.elements(), linesOfChunk(bytes),
                (line, _) -> Memory.copy(from + size * offset(line, outer, xSteps),
                        to + size * offset(line, outer, ySteps), bytes));
    }

    /** Where index number {@code number} of {@code shape} lies by these steps. */
    private static long offset(long number, Shape shape, long[] steps) {
        long offset = 0;
        long rest = number;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            offset += rest % shape.extent(axis) * steps[axis];
            rest /= shape.extent(axis);
        }
        return offset;
    }

    /** Elements from one index to the next along each axis. */
    static long[] steps(Shape shape) {
        long[] steps = new long[shape.rank()];
        long step = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            steps[axis] = step;
            step *= shape.extent(axis);
        }
        return steps;
    }

    void gatherRows(View table, View indices, View rows) {
        long bytes = table.bytes() / table.extent(0);
        workers.inChunks(indices.elements(), linesOfChunk(bytes), (i, _) -> {
            long index = Memory.getLong(Memory.address(indices) + 8 * i);
            Memory.copy(Memory.address(table) + index * bytes, Memory.address(rows) + i * bytes, bytes);
        });
    }

    /** In the order of the indices, since equal ones add to the same row; threads share the columns. */
    void scatterAddRows(View rows, View indices, View table) {
        long width = table.elements() / table.extent(0);
        long blocks = (width + COLUMNS - 1) / COLUMNS;
        workers.run(Math.toIntExact(blocks), (block, worker) -> {
            long first = block * COLUMNS;
            long count = Math.min(COLUMNS, width - first);
            for (long i = 0; i < indices.elements(); i++) {
                long index = Memory.getLong(Memory.address(indices) + 8 * i);
                kernels.addTo(Memory.address(rows) + 4 * (i * width + first),
                        Memory.address(table) + 4 * (index * width + first), count);
            }
        });
    }

    private static long linesOfChunk(long bytesEach) {
        return Math.max(1, CHUNK_BYTES / bytesEach);
    }
}
