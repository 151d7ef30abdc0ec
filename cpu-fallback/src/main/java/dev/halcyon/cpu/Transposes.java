package dev.halcyon.cpu;

import dev.halcyon.device.View;
import java.util.Arrays;

/**
 * Transposes. Axes that stay neighbours count as one. Where the innermost axis stays, rows are copied; otherwise x's
 * innermost axis and y's span matrices, which are turned in blocks that the first-level cache holds.
 */
final class Transposes {
    private static final long BLOCK = 32;
    private static final long CHUNK_BYTES = 65_536;

    private final Workers workers;

    Transposes(Workers workers) {
        this.workers = workers;
    }

    /**
     * A transpose with as few axes as say it, in y's order.
     *
     * @param extents of y
     * @param from elements of x from one index to the next
     * @param to the same of y
     */
    private record Plan(long[] extents, long[] from, long[] to) {
        static Plan of(int[] permutation, View x, View y) {
            long[] xSteps = Copies.steps(x.shape());
            long[] ySteps = Copies.steps(y.shape());
            long[] extents = new long[permutation.length + 1];
            long[] from = new long[permutation.length + 1];
            long[] to = new long[permutation.length + 1];
            int count = 0;
            for (int axis = 0; axis < permutation.length; axis++) {
                long extent = y.extent(axis);
                long step = xSteps[permutation[axis]];
                if (extent > 1 && (count == 0 || from[count - 1] != step * extent)) {
                    extents[count++] = 1;
                }
                if (extent > 1) {
                    extents[count - 1] *= extent;
                    from[count - 1] = step;
                    to[count - 1] = ySteps[axis];
                }
            }
            if (count == 0) {
                extents[count] = 1;
                from[count] = 1;
                to[count++] = 1;
            }
            return new Plan(Arrays.copyOf(extents, count), Arrays.copyOf(from, count),
                    Arrays.copyOf(to, count));
        }

        int last() {
            return extents.length - 1;
        }

        /** The axis along which x's neighbours lie. */
        int innermostOfX() {
            int axis = 0;
            while (from[axis] != 1) {
                axis++;
            }
            return axis;
        }

        /** The product of all extents but those of two axes, which may be the same. */
        long others(int a, int b) {
            long product = 1;
            for (int axis = 0; axis < extents.length; axis++) {
                product *= axis == a || axis == b ? 1 : extents[axis];
            }
            return product;
        }

        /** Where number {@code index} of those lies, by the given steps. */
        long offset(long index, int a, int b, long[] steps) {
            long offset = 0;
            long rest = index;
            for (int axis = last(); axis >= 0; axis--) {
                if (axis != a && axis != b) {
                    offset += rest % extents[axis] * steps[axis];
                    rest /= extents[axis];
                }
            }
            return offset;
        }
    }

    void transpose(int[] permutation, View x, View y) {
        Plan plan = Plan.of(permutation, x, y);
        long size = x.type().bytes();
        int rows = plan.innermostOfX();
        int columns = plan.last();
        if (rows == columns) {
            copyRows(plan, size, Memory.address(x), Memory.address(y));
        } else {
            turn(plan, rows, columns, x.type().bytes(), Memory.address(x), Memory.address(y));
        }
    }

    private void copyRows(Plan plan, long size, long x, long y) {
        int last = plan.last();
        long bytes = plan.extents[last] * size;
        long lines = plan.others(last, last);
        workers.inChunks(lines, Math.max(1, CHUNK_BYTES / bytes), (line, _) -> Memory
                .copy(x + size * plan.offset(line, last, last, plan.from), y + line * bytes, bytes));
    }

    /** Strips of one block's height, each from left to right of y. */
    private void turn(Plan plan, int rows, int columns, int size, long x, long y) {
        long height = plan.extents[rows];
        long width = plan.extents[columns];
        long xStep = plan.from[columns] * size;
        long yStep = plan.to[rows] * size;
        long strips = (height + BLOCK - 1) / BLOCK;
        long items = plan.others(rows, columns) * strips;
        long perChunk = Math.max(1, CHUNK_BYTES / (Math.min(BLOCK, height) * width * size));
        workers.inChunks(items, perChunk, (item, _) -> {
            long first = item % strips * BLOCK;
            long from = x + size * (plan.offset(item / strips, rows, columns, plan.from) + first);
            long to = y + size * plan.offset(item / strips, rows, columns, plan.to) + first * yStep;
            for (long column = 0; column < width; column += BLOCK) {
                block(size, from + column * xStep, xStep, to + column * size, yStep, Math.min(BLOCK, height - first),
                        Math.min(BLOCK, width - column));
            }
        });
    }

    /** Row r, column c of y's block is element r of x's row c. */
    private static void block(int size, long x, long xStep, long y, long yStep, long rows, long columns) {
        for (long row = 0; row < rows; row++) {
            long from = x + row * size;
            long to = y + row * yStep;
            switch (size) {
                case 1 -> bytes(from, xStep, to, columns);
                case 2 -> shorts(from, xStep, to, columns);
                case 4 -> ints(from, xStep, to, columns);
                default -> longs(from, xStep, to, columns);
            }
        }
    }

    private static void bytes(long x, long step, long y, long n) {
        for (long i = 0; i < n; i++) {
            Memory.setByte(y + i, Memory.getByte(x + i * step));
        }
    }

    private static void shorts(long x, long step, long y, long n) {
        for (long i = 0; i < n; i++) {
            Memory.setShort(y + 2 * i, Memory.getShort(x + i * step));
        }
    }

    private static void ints(long x, long step, long y, long n) {
        for (long i = 0; i < n; i++) {
            Memory.setInt(y + 4 * i, Memory.getInt(x + i * step));
        }
    }

    private static void longs(long x, long step, long y, long n) {
        for (long i = 0; i < n; i++) {
            Memory.setLong(y + 8 * i, Memory.getLong(x + i * step));
        }
    }
}
