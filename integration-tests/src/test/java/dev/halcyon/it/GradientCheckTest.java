package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.autograd.Tape;
import dev.halcyon.autograd.ops.Elementwise;
import dev.halcyon.autograd.ops.Reductions;
import dev.halcyon.device.Device;
import dev.halcyon.it.cases.GradientCase;
import dev.halcyon.it.cases.OpCases;
import dev.halcyon.it.cases.Tolerance;
import dev.halcyon.it.cases.Values;
import dev.halcyon.random.RandomStream;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every differentiable operation against central differences in double precision on the reference, and on every other
 * backend against the reference. What is differentiated is Σ r y, with random numbers r: one number that depends on
 * every element of the output.
 */
@WithEmulatedGpu
final class GradientCheckTest {
    private static final long SEED = 4711;
    private static final double STEP = 1e-5;
    private static final double LARGEST_ERROR = 1e-6;

    /** A slope that is nothing but the rounding of the loss. */
    private static final double NOTHING = 1e-3;

    /** Inputs up to this size are checked element by element, larger ones along random directions. */
    private static final int SMALL = 64;
    private static final int DIRECTIONS = 4;

    private static final List<Device> DEVICES = new ArrayList<>();
    private static Device reference;

    /** The output of a row and the gradients of its tracked inputs. */
    private record Result(double[] output, List<double[]> gradients) {
    }

    @BeforeAll
    static void open() {
        reference = Device.open(Parity.REFERENCE);
        Parity.kinds().forEach(kind -> DEVICES.add(Device.open(kind)));
    }

    @AfterAll
    static void close() {
        reference.close();
        DEVICES.forEach(Device::close);
        DEVICES.clear();
    }

    @TestFactory
    Stream<DynamicTest> gradientsAreTheSlopes() {
        return OpCases.gradients().stream().map(row -> DynamicTest.dynamicTest(row.name(), () -> checkSlopes(row)));
    }

    @TestFactory
    Stream<DynamicTest> backendsAgreeWithTheReference() {
        return DEVICES.stream().flatMap(device -> OpCases.gradients().stream()
                .map(row -> DynamicTest.dynamicTest(device + ": " + row.name(), () -> checkParity(row, device))));
    }

    private static void checkSlopes(GradientCase row) {
        long before = reference.memory().inUse();
        List<double[]> inputs = inputs(row);
        List<double[]> gradients = differentiate(row, reference, DataType.FLOAT64, inputs).gradients;
        int next = 0;
        for (int i = 0; i < inputs.size(); i++) {
            if (row.inputs().get(i).tracked()) {
                checkSlopes(row, inputs, i, gradients.get(next++));
            }
        }
        assertEquals(before, reference.memory().inUse(), "bytes in use afterwards");
    }

    private static void checkSlopes(GradientCase row, List<double[]> inputs, int index, double[] gradient) {
        double magnitude = Math.sqrt(Arrays.stream(gradient).map(g -> g * g).average().orElseThrow());
        List<double[]> directions = directions(gradient.length);
        for (int k = 0; k < directions.size(); k++) {
            double[] direction = directions.get(k);
            double expected = IntStream.range(0, gradient.length).mapToDouble(j -> gradient[j] * direction[j]).sum();
            double slope = (loss(row, moved(inputs, index, direction, STEP))
                    - loss(row, moved(inputs, index, direction, -STEP))) / (2 * STEP);
            double error = Math.abs(slope - expected) / Math.max(Math.max(Math.abs(slope), magnitude), NOTHING);
            assertTrue(error <= LARGEST_ERROR, row.name() + ": input " + index + ", direction " + k + " of "
                    + directions.size() + ": gradient " + expected + ", slope " + slope + ", error " + error);
        }
    }

    /** Along each axis, or for large inputs along random directions of signs. */
    private static List<double[]> directions(int size) {
        List<double[]> directions = new ArrayList<>();
        for (int k = 0; k < (size <= SMALL ? size : DIRECTIONS); k++) {
            double[] direction = new double[size];
            RandomStream random = RandomStream.of(SEED, k);
            for (int j = 0; j < size; j++) {
                direction[j] = size > SMALL ? random.nextBoolean(0.5) ? 1 : -1 : j == k ? 1 : 0;
            }
            directions.add(direction);
        }
        return directions;
    }

    private static List<double[]> moved(List<double[]> inputs, int index, double[] direction, double step) {
        List<double[]> moved = new ArrayList<>(inputs);
        double[] values = inputs.get(index).clone();
        Arrays.setAll(values, j -> values[j] + step * direction[j]);
        moved.set(index, values);
        return moved;
    }

    private static double loss(GradientCase row, List<double[]> inputs) {
        Scope scope = Scope.open();
        try (scope) {
            return weighted(row.function().apply(tensors(row, reference, DataType.FLOAT64, inputs))).item();
        }
    }

    private static void checkParity(GradientCase row, Device device) {
        long before = device.memory().inUse();
        List<double[]> inputs = inputs(row);
        Result expected = differentiate(row, reference, DataType.FLOAT64, inputs);
        Result actual = differentiate(row, device, DataType.FLOAT32, inputs);
        Tolerance tolerance = new Tolerance(Math.max(1e-5, Tolerance.sumOf(row.terms()).relative()), -1);
        compare(row, "output", tolerance, expected.output, actual.output);
        for (int i = 0; i < expected.gradients.size(); i++) {
            compare(row, "gradient " + i, tolerance, expected.gradients.get(i), actual.gradients.get(i));
        }
        assertEquals(before, device.memory().inUse(), "bytes in use afterwards");
    }

    private static void compare(GradientCase row, String what, Tolerance tolerance, double[] right, double[] found) {
        int wrong = tolerance.firstFailure(right, found);
        assertTrue(wrong < 0, () -> row.name() + ": " + what + ", element " + wrong + ": expected " + right[wrong]
                + ", found " + found[wrong] + "; largest error " + tolerance.largestError(right, found));
    }

    private static Result differentiate(GradientCase row, Device device, DataType type, List<double[]> inputs) {
        try (Tape tape = device.record()) {
            Tensor[] tensors = tensors(row, device, type, inputs);
            Tensor y = tape.keep(row.function().apply(tensors));
            tape.backward(weighted(y));
            return new Result(y.toDoubles(), Arrays.stream(tensors).filter(Tensor::tracksGradient)
                    .map(tensor -> tensor.gradient().toDoubles()).toList());
        }
    }

    /** Σ r y. */
    private static Tensor weighted(Tensor y) {
        int count = Math.toIntExact(y.shape().elements());
        double[] r = Values.uniform(0.5, 1.5).make(RandomStream.of(SEED, 99), count);
        Tensor weights = Tensor.of(y.device(), y.type(), y.shape(),
                MemorySegment.ofArray(HostNumbers.encode(r, y.type())));
        return Reductions.sum(Elementwise.multiply(y, weights));
    }

    /** What a row's inputs hold: numbers that float32 can hold, for all backends to start from the same. */
    private static List<double[]> inputs(GradientCase row) {
        List<double[]> inputs = new ArrayList<>();
        for (GradientCase.Input input : row.inputs()) {
            RandomStream random = RandomStream.of(SEED, RandomStream.stream(row.name(), inputs.size(), 0));
            double[] values = input.values().make(random, Math.toIntExact(input.shape().elements()));
            inputs.add(Arrays.stream(values).map(x -> (float) x).toArray());
        }
        return inputs;
    }

    private static Tensor[] tensors(GradientCase row, Device device, DataType type, List<double[]> inputs) {
        Tensor[] tensors = new Tensor[inputs.size()];
        for (int i = 0; i < tensors.length; i++) {
            GradientCase.Input input = row.inputs().get(i);
            DataType own = input.type() == null ? type : input.type();
            tensors[i] = Tensor.of(device, own, input.shape(),
                    MemorySegment.ofArray(HostNumbers.encode(inputs.get(i), own)));
            if (input.tracked()) {
                tensors[i].trackGradient();
            }
        }
        return tensors;
    }
}
