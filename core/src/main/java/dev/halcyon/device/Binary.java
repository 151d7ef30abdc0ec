package dev.halcyon.device;

/** Element-wise functions of two arguments, which are broadcast against each other. */
public enum Binary {
    /** a + b. */
    ADD,
    /** a - b. */
    SUBTRACT,
    /** a b. */
    MULTIPLY,
    /** a / b. */
    DIVIDE,
    /** The larger; NaN if either is. */
    MAXIMUM,
    /** The smaller; NaN if either is. */
    MINIMUM,
    /** 1 where a ≥ b, else 0. */
    GREATER_EQUAL
}
