package dev.halcyon.cuda;

import dev.halcyon.device.View;

/**
 * How a kernel moves elements: several that lie side by side in one access of 16 bytes, or one by one.
 *
 * @param elements how many
 * @param bytes of each
 * @param suffix what the names of kernels end in that do so
 */
record Pack(int elements, int bytes, String suffix) {
    /**
     * The widest that alignment allows.
     *
     * @param channels elements that lie side by side and belong together
     * @param data a view of the type that is computed with
     * @param beside further views that are moved like it; null where there is none
     * @throws UnsupportedOperationException if there is no arithmetic for the type
     */
    static Pack of(long channels, View data, View... beside) {
        int elements = Views.pack(data);
        boolean aligned = channels % elements == 0 && isAligned(data);
        for (View view : beside) {
            aligned &= view == null || isAligned(view);
        }
        return aligned
                ? new Pack(elements, data.type().bytes(), Views.suffix(data) + "x" + elements)
                : single(data);
    }

    /** One by one. */
    static Pack single(View data) {
        return new Pack(1, data.type().bytes(), Views.suffix(data));
    }

    private static boolean isAligned(View view) {
        return Views.address(view) % Views.ACCESS_BYTES == 0;
    }
}
