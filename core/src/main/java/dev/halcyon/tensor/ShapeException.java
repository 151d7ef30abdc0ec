package dev.halcyon.tensor;

/**
 * Shapes that do not fit an operation. The message names the operation, what it expected and what it was given:
 * {@code conv2d: expected an input with 3 channels [n, h, w, 3], found [8, 32, 32, 1]}.
 */
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param operation the operation that was asked for
     * @param expected what would have been right
     * @param found what came instead
     */
    public ShapeException(String operation, String expected, Object found) {
        super(operation + ": expected " + expected + ", found " + found);
    }
}
