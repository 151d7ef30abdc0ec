package dev.halcyon.device;

import dev.halcyon.tensor.Shape;
import java.util.List;

/** Is told of the operations that a device carries out, see {@link Device#observe}. */
@FunctionalInterface
public interface OperationListener {
    /**
     * An operation that was carried out.
     *
     * @param name the method of {@link Backend}
     * @param shapes of the tensors that it read and wrote, in the method's order; the gradient of a convolution's input
     *        is there once more if it was added to
     * @param start when it began, by {@link System#nanoTime}
     * @param nanoseconds how long it took
     * @param flops floating-point operations of products and convolutions, by their definition (a multiplication and an
     *        addition each count one, whatever the algorithm); 0 for operations that are bound by memory
     * @param bytes size of these tensors
     */
    record Operation(String name, List<Shape> shapes, long start, long nanoseconds, double flops, long bytes) {
        /** 10⁹ floating-point operations a second. */
        public double gflopsPerSecond() {
            return flops / nanoseconds;
        }

        /** 10⁹ bytes a second. */
        public double gbytesPerSecond() {
            return (double) bytes / nanoseconds;
        }
    }

    /** An operation is over. */
    void ran(Operation operation);
}
