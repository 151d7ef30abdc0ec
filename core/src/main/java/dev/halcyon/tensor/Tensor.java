package dev.halcyon.tensor;

import dev.halcyon.device.Device;
import dev.halcyon.device.MemoryPool;
import dev.halcyon.device.View;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * A row-major, contiguous array of numbers in a device's memory. It belongs to the innermost {@link Scope} that was
 * open when it was made. Operations on tensors are in {@link dev.halcyon.autograd.ops}.
 */
public final class Tensor implements AutoCloseable {
    private final Device device;
    private final DataType type;
    private final Shape shape;
    private final Storage storage;
    private final View view;
    private MemoryPool.Watch watch;
    private Release released;
    private Tensor gradient;

    private Tensor(Device device, DataType type, Shape shape, Storage storage, long offset) {
        this.device = device;
        this.type = type;
        this.shape = shape;
        this.storage = storage;
        this.view = new View(storage.buffer(), offset, shape, type);
    }

    // ---- making tensors

    /** A tensor with undefined contents, for an operation to write into. */
    public static Tensor empty(Device device, DataType type, Shape shape) {
        device.backend();
        long bytes = Math.multiplyExact(shape.elements(), (long) type.bytes());
        return adopted(new Tensor(device, type, shape, new Storage(device.pool(), bytes), 0));
    }

    /** A tensor of one value. */
    public static Tensor full(Device device, DataType type, Shape shape, double value) {
        Tensor tensor = empty(device, type, shape);
        device.backend().fill(tensor.view, value);
        return tensor;
    }

    /** A tensor of zeros. */
    public static Tensor zeros(Device device, DataType type, Shape shape) {
        return full(device, type, shape, 0);
    }

    /** A float32 tensor of the given values, in row-major order. */
    public static Tensor of(Device device, Shape shape, float... values) {
        return of(device, DataType.FLOAT32, shape, MemorySegment.ofArray(values));
    }

    /** A float64 tensor of the given values, in row-major order. */
    public static Tensor of(Device device, Shape shape, double... values) {
        return of(device, DataType.FLOAT64, shape, MemorySegment.ofArray(values));
    }

    /** An int64 tensor of the given values, in row-major order. */
    public static Tensor of(Device device, Shape shape, long... values) {
        return of(device, DataType.INT64, shape, MemorySegment.ofArray(values));
    }

    /** An int32 tensor of the given values, in row-major order. */
    public static Tensor of(Device device, Shape shape, int... values) {
        return of(device, DataType.INT32, shape, MemorySegment.ofArray(values));
    }

    /**
     * A tensor of elements that lie in host memory.
     *
     * @throws ShapeException if the memory is not as large as the shape says
     */
    public static Tensor of(Device device, DataType type, Shape shape, MemorySegment elements) {
        long expected = Math.multiplyExact(shape.elements(), (long) type.bytes());
        if (elements.byteSize() != expected) {
            throw new ShapeException("tensor", expected + " bytes for " + type + " " + shape,
                    elements.byteSize() + " bytes");
        }
        Tensor tensor = empty(device, type, shape);
        device.backend().upload(elements, tensor.view);
        return tensor;
    }

    private static Tensor adopted(Tensor tensor) {
        Scope.adopt(tensor);
        return tensor;
    }

    // ---- what it is

    /** Where it lives. */
    public Device device() {
        return device;
    }

    /** Its element type. */
    public DataType type() {
        return type;
    }

    /** Its extents. */
    public Shape shape() {
        return shape;
    }

    /**
     * What backends see of it.
     *
     * @throws IllegalStateException if it has been released; the message says where
     */
    public View view() {
        if (released != null) {
            throw new IllegalStateException("tensor " + type + " " + shape + " was released by " + released
                    + "; keep it in an outer scope to use it later");
        }
        return view;
    }

    /**
     * The same elements under another shape. Shares memory, is not recorded by a tape: see
     * {@link dev.halcyon.autograd.ops.Shapes#reshape} for the operation.
     *
     * @throws ShapeException if the number of elements differs
     */
    public Tensor alias(Shape other) {
        if (other.elements() != shape.elements()) {
            throw new ShapeException("reshape", "as many elements as " + shape + " has (" + shape.elements() + ")",
                    other + " (" + other.elements() + ")");
        }
        view();
        storage.retain();
        return adopted(new Tensor(device, type, other, storage, view.offset()));
    }

    /** Whether another tensor that is not yet released has the same memory. */
    public boolean isShared() {
        return storage.shared();
    }

    // ---- gradients

    /**
     * Makes this a leaf whose gradient is collected: {@code backward} adds to {@link #gradient}, which starts at zero
     * and lives as long as this tensor.
     *
     * @return this
     */
    public Tensor trackGradient() {
        if (!type.isFloating()) {
            throw new IllegalArgumentException("gradient: expected a floating-point tensor, found " + type);
        }
        if (gradient == null) {
            Scope.outsideAll(() -> gradient = zeros(device, type, shape));
        }
        return this;
    }

    /**
     * The same with a gradient that lies in another tensor of this one's type and device, so that several can be moved at
     * once. A gradient collected before is lost.
     *
     * @param block zeros
     * @param first where in it the gradient begins
     */
    public void trackGradientIn(Tensor block, long first) {
        if (gradient != null) {
            gradient.close();
        }
        block.storage.retain();
        gradient = new Tensor(device, type, shape, block.storage, block.view().offset() + first * type.bytes());
    }

    /** Whether {@link #trackGradient} was called. */
    public boolean tracksGradient() {
        return gradient != null;
    }

    /**
     * The gradient collected so far.
     *
     * @throws IllegalStateException if this tensor does not track its gradient
     */
    public Tensor gradient() {
        if (gradient == null) {
            throw new IllegalStateException("tensor " + shape + " tracks no gradient; call trackGradient() first");
        }
        return gradient;
    }

    // ---- reading

    /** All elements as floats, whatever the floating-point type. */
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(shape.elements())];
        download(DataType.FLOAT32, MemorySegment.ofArray(values));
        return values;
    }

    /** All elements as doubles, whatever the floating-point type. */
    public double[] toDoubles() {
        if (type == DataType.FLOAT64) {
            double[] values = new double[Math.toIntExact(shape.elements())];
            download(DataType.FLOAT64, MemorySegment.ofArray(values));
            return values;
        }
        float[] floats = toFloats();
        double[] values = new double[floats.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = floats[i];
        }
        return values;
    }

    /** All elements of an integer tensor. */
    public long[] toLongs() {
        long[] values = new long[Math.toIntExact(shape.elements())];
        download(DataType.INT64, MemorySegment.ofArray(values));
        return values;
    }

    /**
     * The one element of a tensor that has only one.
     *
     * @throws ShapeException if it has more
     */
    public double item() {
        if (shape.elements() != 1) {
            throw new ShapeException("item", "a tensor of one element", shape);
        }
        return type.isFloating() ? toDoubles()[0] : toLongs()[0];
    }

    /**
     * Copies all elements to host memory.
     *
     * @param target as many bytes as this tensor has, little-endian elements
     */
    public void download(MemorySegment target) {
        download(type, target);
    }

    private void download(DataType wanted, MemorySegment target) {
        View source = view();
        if (target.byteSize() != shape.elements() * wanted.bytes()) {
            throw new ShapeException("download", shape.elements() * wanted.bytes() + " bytes for " + this,
                    target.byteSize() + " bytes");
        }
        if (wanted == type) {
            device.backend().download(source, target);
        } else {
            try (Tensor converted = empty(device, wanted, shape)) {
                device.backend().cast(source, converted.view);
                device.backend().download(converted.view, target);
            }
        }
    }

    /**
     * Replaces all elements by those in host memory.
     *
     * @param source as many bytes as this tensor has, little-endian elements
     */
    public void upload(MemorySegment source) {
        if (source.byteSize() != view().bytes()) {
            throw new ShapeException("upload", view.bytes() + " bytes for " + this, source.byteSize() + " bytes");
        }
        device.backend().upload(source, view);
    }

    /** All elements in a new block of host memory. */
    public MemorySegment toHost(Arena arena) {
        MemorySegment target = arena.allocate(view().bytes(), ValueLayout.JAVA_LONG.byteAlignment());
        download(target);
        return target;
    }

    // ---- releasing

    /** Gives the memory back now rather than at the end of its scope. A second call does nothing. */
    @Override
    public void close() {
        if (released == null) {
            release(Release.here("close()"));
        }
    }

    /** Gives the memory back, like {@link #close}, at a place that many tensors share. */
    public void release(Release place) {
        if (released != null) {
            return;
        }
        released = Objects.requireNonNull(place);
        if (watch != null) {
            watch.end();
        }
        storage.release();
        if (gradient != null) {
            gradient.release(place);
        }
    }

    void watch() {
        Storage held = storage;
        watch = device.pool().watch(this, held::release);
    }

    /** Type, shape and device: {@code FLOAT32 [8, 10] on cpu}. */
    @Override
    public String toString() {
        return type + " " + shape + " on " + device + (released == null ? "" : " (released)");
    }
}
