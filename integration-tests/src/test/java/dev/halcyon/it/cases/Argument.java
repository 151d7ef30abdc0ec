package dev.halcyon.it.cases;

import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;

/**
 * A view that a case hands to an operation.
 *
 * @param role whether it is read, written, or both
 * @param shape its extents
 * @param type its element type
 * @param values what it holds before; null for outputs, which start as NaN and all ones
 */
public record Argument(Role role, Shape shape, DataType type, Values values) {
    /** What an operation does with an argument. */
    public enum Role {
        /** Read; must be the same afterwards. */
        IN,
        /** Written without being read. */
        OUT,
        /** Read and written. */
        INOUT
    }

    /** A float32 input of normal draws. */
    public static Argument in(Shape shape) {
        return in(shape, Values.NORMAL);
    }

    /** A float32 input. */
    public static Argument in(Shape shape, Values values) {
        return in(shape, DataType.FLOAT32, values);
    }

    /** An input. */
    public static Argument in(Shape shape, DataType type, Values values) {
        return new Argument(Role.IN, shape, type, values);
    }

    /** A float32 output. */
    public static Argument out(Shape shape) {
        return out(shape, DataType.FLOAT32);
    }

    /** An output. */
    public static Argument out(Shape shape, DataType type) {
        return new Argument(Role.OUT, shape, type, null);
    }

    /** A float32 argument of normal draws that is changed. */
    public static Argument inout(Shape shape) {
        return inout(shape, Values.NORMAL);
    }

    /** A float32 argument that is changed. */
    public static Argument inout(Shape shape, Values values) {
        return inout(shape, DataType.FLOAT32, values);
    }

    /** An argument that is changed. */
    public static Argument inout(Shape shape, DataType type, Values values) {
        return new Argument(Role.INOUT, shape, type, values);
    }
}
