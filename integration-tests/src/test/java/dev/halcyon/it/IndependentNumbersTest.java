package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.autograd.ops.Elementwise;
import dev.halcyon.autograd.ops.MatrixProducts;
import dev.halcyon.autograd.ops.Normalization;
import dev.halcyon.autograd.ops.Randomness;
import dev.halcyon.autograd.ops.Reductions;
import dev.halcyon.autograd.ops.Shapes;
import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Device;
import dev.halcyon.device.Random;
import dev.halcyon.device.Unary;
import dev.halcyon.random.RandomStream;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.analysis.function.Sigmoid;
import org.apache.commons.math3.analysis.function.Tanh;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The reference itself against somebody else's mathematics: Apache Commons Math. */
final class IndependentNumbersTest {
    private static final double TIGHT = 1e-12;
    private static final double UNLIKELY = 1e-3;

    private Device device;
    private Scope scope;

    @BeforeEach
    void open() {
        device = Device.open(Parity.REFERENCE);
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
        device.close();
    }

    private static double[] draws(String purpose, int count) {
        RandomStream random = RandomStream.of(3, RandomStream.stream(purpose));
        return DoubleStream.generate(random::nextGaussian).limit(count).toArray();
    }

    private static RealMatrix matrix(int rows, int columns, double[] values) {
        RealMatrix matrix = new Array2DRowRealMatrix(rows, columns);
        for (int i = 0; i < values.length; i++) {
            matrix.setEntry(i / columns, i % columns, values[i]);
        }
        return matrix;
    }

    private static double[] rowMajor(RealMatrix matrix) {
        return Arrays.stream(matrix.getData()).flatMapToDouble(Arrays::stream).toArray();
    }

    @Test
    void matrixProduct() {
        double[] a = draws("a", 7 * 9);
        double[] b = draws("b", 9 * 5);
        Tensor product = MatrixProducts.matmul(Tensor.of(device, Shape.of(7, 9), a),
                Tensor.of(device, Shape.of(9, 5), b));
        assertArrayEquals(rowMajor(matrix(7, 9, a).multiply(matrix(9, 5, b))), product.toDoubles(), TIGHT);
    }

    @Test
    void transposedMatrix() {
        double[] a = draws("a", 7 * 9);
        Tensor transposed = Shapes.transpose(Tensor.of(device, Shape.of(7, 9), a), 1, 0);
        assertArrayEquals(rowMajor(matrix(7, 9, a).transpose()), transposed.toDoubles());
    }

    @Test
    void sumsMeansAndMaxima() {
        double[] x = draws("x", 1000);
        DescriptiveStatistics statistics = new DescriptiveStatistics(x);
        Tensor tensor = Tensor.of(device, Shape.of(1000), x);
        assertEquals(statistics.getSum(), Reductions.sum(tensor).item(), 1e-10);
        assertEquals(statistics.getMean(), Reductions.mean(tensor).item(), TIGHT);
        assertEquals(statistics.getSumsq(), Reductions.sumOfSquares(tensor, 0).item(), 1e-9);
        assertEquals(statistics.getMax(), Reductions.max(tensor, 0).item());
    }

    @Test
    void sigmoidAndTanh() {
        double[] x = draws("x", 100);
        Tensor tensor = Tensor.of(device, Shape.of(100), x);
        assertArrayEquals(Arrays.stream(x).map(new Sigmoid()::value).toArray(),
                Elementwise.unary(Unary.SIGMOID, tensor).toDoubles(), TIGHT);
        assertArrayEquals(Arrays.stream(x).map(new Tanh()::value).toArray(),
                Elementwise.unary(Unary.TANH, tensor).toDoubles(), TIGHT);
    }

    @Test
    void batchStatistics() {
        double[] x = draws("x", 40);
        DescriptiveStatistics statistics = new DescriptiveStatistics(x);
        Tensor one = Tensor.of(device, Shape.of(1), 1.0);
        Tensor zero = Tensor.of(device, Shape.of(1), 0.0);
        Tensor mean = Tensor.of(device, Shape.of(1), 0.0);
        Tensor variance = Tensor.of(device, Shape.of(1), 0.0);
        Tensor y = Normalization.batchNorm(new BatchNorm(1e-12, 1),
                new Normalization.BatchNormState(one, zero, mean, variance), Tensor.of(device, Shape.of(40, 1), x),
                null, Unary.IDENTITY);
        assertEquals(statistics.getMean(), mean.item(), TIGHT);
        assertEquals(statistics.getVariance(), variance.item(), TIGHT);
        DescriptiveStatistics normalized = new DescriptiveStatistics(y.toDoubles());
        assertEquals(0, normalized.getMean(), TIGHT);
        assertEquals(1, normalized.getPopulationVariance(), 1e-10);
    }

    @Test
    void drawsHaveTheirDistributions() {
        KolmogorovSmirnovTest test = new KolmogorovSmirnovTest();
        double[] uniform = random(Random.Distribution.UNIFORM);
        double[] normal = random(Random.Distribution.NORMAL);
        assertTrue(test.kolmogorovSmirnovTest(new UniformRealDistribution(), uniform) > UNLIKELY);
        assertTrue(test.kolmogorovSmirnovTest(new NormalDistribution(), normal) > UNLIKELY);
        assertEquals(0.3, Arrays.stream(random(Random.Distribution.BERNOULLI)).average().orElseThrow(), 0.02);
    }

    private double[] random(Random.Distribution distribution) {
        Random d = new Random(distribution, 0.3, 20, 26, 0);
        return Randomness.random(device, d, DataType.FLOAT64, Shape.of(5000)).toDoubles();
    }
}
