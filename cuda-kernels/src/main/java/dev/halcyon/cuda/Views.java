package dev.halcyon.cuda;

import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;

/** What kernels are chosen by: where views lie and what they are made of. */
final class Views {
    /** Threads of a block in the families of kernels that work on elements, whatever their place. */
    static final int THREADS = 256;
    /** Bytes of the widest access to memory. */
    static final int ACCESS_BYTES = 16;
    /** What memory moves at least. */
    static final int SECTOR_BYTES = 32;

    private Views() {
    }

    /** Where a view's first element lies on the device. */
    static long address(View view) {
        return ((CudaBuffer) view.buffer()).address() + view.offset();
    }

    /** How many elements of a view one access moves. */
    static int pack(View view) {
        return ACCESS_BYTES / view.type().bytes();
    }

    /**
     * The ending of the kernels that compute with a view's elements.
     *
     * @param alike views that the kernel takes to be of the same type
     * @throws UnsupportedOperationException if the type is neither float32 nor bfloat16, or not the same
     */
    static String suffix(View view, View... alike) {
        for (View other : alike) {
            if (other != null && other.type() != view.type()) {
                throw new UnsupportedOperationException("expected views of one type, found " + view.type() + " and "
                        + other.type() + "; cast one of them first");
            }
        }
        return switch (view.type()) {
            case FLOAT32 -> "_f32";
            case BFLOAT16 -> "_bf16";
            default -> throw new UnsupportedOperationException(
                    "the CUDA backend computes in FLOAT32 and BFLOAT16, found " + view.type() + "; cast first");
        };
    }

    /**
     * The view.
     *
     * @throws UnsupportedOperationException if its elements are not float32
     */
    static View float32(View view) {
        if (view.type() != DataType.FLOAT32) {
            throw new UnsupportedOperationException("the CUDA backend keeps parameters and their gradients in FLOAT32, "
                    + "found " + view.type() + "; cast to FLOAT32 first");
        }
        return view;
    }
}
