package dev.halcyon.cpu;

import dev.halcyon.device.Region;
import dev.halcyon.device.View;
import dev.halcyon.tensor.Shape;

/** Operations that move elements of any type and change none. */
final class Copies {
    private static final long CHUNK_BYTES = 65_536;

    private final Workers workers;

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

    /** Goes through y in order, row by row of its innermost axis; x is read with a step. */
    void transpose(int[] permutation, View x, View y) {
        int rank = y.shape().rank();
        long[] xSteps = Elementwise.steps(x.shape(), x.shape());
        long[] steps = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            steps[axis] = xSteps[permutation[axis]];
        }
        int size = x.type().bytes();
        long width = rank == 0 ? 1 : y.extent(-1);
        long step = rank == 0 ? 0 : steps[rank - 1];
        lines(y.elements() / width, width * size, line -> {
            long from = Memory.address(x) + size * Elementwise.offset(line, y.shape(), steps);
            strided(size, from, step * size, Memory.address(y) + line * width * size, width);
        });
    }

    private static void strided(int size, long from, long step, long to, long count) {
        if (step == size) {
            Memory.copy(from, to, count * size);
            return;
        }
        for (long i = 0; i < count; i++) {
            switch (size) {
                case 1 -> Memory.setByte(to + i, Memory.getByte(from + i * step));
                case 2 -> Memory.setShort(to + 2 * i, Memory.getShort(from + i * step));
                case 4 -> Memory.setInt(to + 4 * i, Memory.getInt(from + i * step));
                default -> Memory.setLong(to + 8 * i, Memory.getLong(from + i * step));
            }
        }
    }

    void copyRegion(Region region, View x, View y) {
        Shape block = Shape.of(region.extents());
        int rank = block.rank();
        long[] xSteps = denseSteps(x.shape());
        long[] ySteps = denseSteps(y.shape());
        long xStart = 0;
        long yStart = 0;
        for (int axis = 0; axis < rank; axis++) {
            xStart += region.from()[axis] * xSteps[axis];
            yStart += region.to()[axis] * ySteps[axis];
        }
        int size = x.type().bytes();
        long from = Memory.address(x) + xStart * size;
        long to = Memory.address(y) + yStart * size;
        long bytes = (rank == 0 ? 1 : block.extent(-1)) * size;
        lines(block.elements() * size / bytes, bytes, line -> Memory.copy(
                from + size * Elementwise.offset(line, block, xSteps),
                to + size * Elementwise.offset(line, block, ySteps),
                bytes));
    }

    /** Elements from one index to the next, also along axes of extent 1. */
    private static long[] denseSteps(Shape shape) {
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
        lines(indices.elements(), bytes, i -> {
            long index = Memory.getLong(Memory.address(indices) + 8 * i);
            Memory.copy(Memory.address(table) + index * bytes, Memory.address(rows) + i * bytes, bytes);
        });
    }

    /** In order, by one thread: equal indices add to the same row. */
    void scatterAddRows(View rows, View indices, View table) {
        long width = table.elements() / table.extent(0);
        for (long i = 0; i < indices.elements(); i++) {
            long index = Memory.getLong(Memory.address(indices) + 8 * i);
            Vectorization.rows().scaleAdd(1, Memory.address(rows) + 4 * i * width, 1,
                    Memory.address(table) + 4 * index * width, width);
        }
    }

    /** Something done to one line. */
    @FunctionalInterface
    private interface Line {
        void run(long number);
    }

    private void lines(long count, long bytesEach, Line body) {
        long perChunk = Math.max(1, CHUNK_BYTES / bytesEach);
        workers.run(Math.toIntExact((count + perChunk - 1) / perChunk), (chunk, worker) -> {
            for (long line = chunk * perChunk; line < Math.min(count, (chunk + 1) * perChunk); line++) {
                body.run(line);
            }
        });
    }
}
