package dev.halcyon.it.cases;

/**
 * A row of the table that tests every operation: parity of backends, gradients, determinism and error messages are all
 * driven by it. Adding an operation is adding its file and its rows.
 */
public sealed interface OpCase permits KernelCase, GradientCase, ErrorCase {
    /** What the row is about, for people: the operation, then what is special. Unique within its kind. */
    String name();
}
