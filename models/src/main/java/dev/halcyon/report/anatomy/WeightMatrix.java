package dev.halcyon.report.anatomy;

import dev.halcyon.nn.Parameter;
import dev.halcyon.tensor.Shape;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/** A layer's weights on the host, a row per weight of an output channel and a column per output channel. */
final class WeightMatrix {
    /** A connection whose weight is smaller than this share of the layer's largest has faded. */
    static final double FADED = 0.01;

    private final Shape shape;
    private final float[] weights;
    private final int columns;

    WeightMatrix(Shape shape, float[] weights) {
        this.shape = shape;
        this.weights = weights;
        this.columns = Math.toIntExact(shape.extent(shape.rank() - 1));
    }

    static WeightMatrix of(Parameter weight) {
        return new WeightMatrix(weight.shape(), weight.tensor().toFloats());
    }

    Shape shape() {
        return shape;
    }

    /** Output channels. */
    int columns() {
        return columns;
    }

    /** Weights of an output channel. */
    int rows() {
        return weights.length / columns;
    }

    /** How strong the links are: Σ |w| over the kernel, [cin / groups][cout]. */
    double[][] strengths() {
        int inputs = Math.toIntExact(shape.extent(shape.rank() - 2));
        double[][] strengths = new double[inputs][columns];
        for (int i = 0; i < weights.length; i++) {
            strengths[i / columns % inputs][i % columns] += Math.abs(weights[i]);
        }
        return strengths;
    }

    /** The share of the weights below {@link #FADED} of the largest. */
    double faded() {
        double largest = 0;
        for (float weight : weights) {
            largest = Math.max(largest, Math.abs(weight));
        }
        int count = 0;
        for (float weight : weights) {
            count += Math.abs(weight) < FADED * largest || largest == 0 ? 1 : 0;
        }
        return (double) count / weights.length;
    }

    /**
     * How many directions the layer uses: e^H of the singular values as shares of their sum, H their entropy (Roy and
     * Vetterli, The effective rank, EUSIPCO 2007). 1 for a matrix of rank one, the rank if all are equal; 0 if all
     * weights are 0.
     */
    double effectiveRank() {
        double[] values = singularValues();
        double sum = Arrays.stream(values).sum();
        double entropy = 0;
        for (double value : values) {
            double share = value / sum;
            entropy -= share > 0 ? share * Math.log(share) : 0;
        }
        return sum == 0 ? 0 : Math.exp(entropy);
    }

    /** The roots of the eigenvalues of WᵀW or WWᵀ, whichever is smaller; rounding may leave small ones negative. */
    private double[] singularValues() {
        return Arrays
                .stream(new EigenDecomposition(new Array2DRowRealMatrix(smallerGram(), false)).getRealEigenvalues())
                .map(value -> Math.sqrt(Math.max(0, value))).toArray();
    }

    private double[][] smallerGram() {
        double[][] vectors = rows() < columns ? new double[rows()][columns] : new double[columns][rows()];
        for (int i = 0; i < weights.length; i++) {
            if (rows() < columns) {
                vectors[i / columns][i % columns] = weights[i];
            } else {
                vectors[i % columns][i / columns] = weights[i];
            }
        }
        double[][] gram = new double[vectors.length][vectors.length];
        for (int i = 0; i < gram.length; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = 0; k < vectors[i].length; k++) {
                    sum += vectors[i][k] * vectors[j][k];
                }
                gram[i][j] = sum;
                gram[j][i] = sum;
            }
        }
        return gram;
    }

    /** ‖w − first‖ / ‖first‖; none if the first weights are all 0. */
    OptionalDouble changeSince(WeightMatrix first) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < weights.length; i++) {
            double change = (double) weights[i] - first.weights[i];
            difference += change * change;
            size += (double) first.weights[i] * first.weights[i];
        }
        return size == 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(difference / size));
    }
}
