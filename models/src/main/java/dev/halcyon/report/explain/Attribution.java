package dev.halcyon.report.explain;

import dev.halcyon.autograd.Tape;
import dev.halcyon.autograd.ops.Elementwise;
import dev.halcyon.autograd.ops.Reductions;
import dev.halcyon.autograd.ops.Softmax;
import dev.halcyon.data.HostBatch;
import dev.halcyon.nn.Convolution;
import dev.halcyon.nn.Model;
import dev.halcyon.tensor.Scope;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Where in the picture the network found what it says of one class; three ways to ask. */
final class Attribution {
    /** Points on the way from no picture to the picture; of large pictures, where each takes long, there are fewer. */
    private static final int STEPS = 32;
    private static final int STEPS_FOR_LARGE = 8;
    /** Squares along each side of the picture that are hidden in turn. */
    private static final int SQUARES = 8;
    private static final int SQUARES_FOR_LARGE = 7;
    /** Pictures of a batch. */
    private static final int AT_ONCE = 8;

    private final Model model;
    private final int label;
    private final float[] pixels;
    private final int height;
    private final int width;
    private final int channels;

    /** Asks about a class of a picture. */
    Attribution(Model model, HostBatch picture, int label) {
        this.model = model;
        this.label = label;
        this.height = model.input().height();
        this.width = model.input().width();
        this.channels = model.input().channels();
        try (Scope _ = Scope.open()) {
            pixels = model.prepare(picture).toFloats();
        }
        model.network().training(false);
    }

    /** A map over the picture or a coarser grid. */
    record Heat(int rows, int columns, double[] values) {
    }

    /**
     * Grad-CAM (Selvaraju et al., ICCV 2017): the last convolution's activations, each channel weighted by the mean of
     * the class output's gradient over it, and what is below 0 left out. None for a network without convolutions.
     */
    Optional<Heat> gradCam() {
        Tensor[] last = new Tensor[1];
        model.network().listen((module, _, output) -> {
            if (module instanceof Convolution) {
                last[0] = output;
            } else if (last[0] != null && output.shape().equals(last[0].shape())) {
                last[0] = output;
            }
        });
        try (Tape tape = model.device().record()) {
            Tensor logits = model.forward(batch(new float[][] {pixels}));
            if (last[0] == null) {
                return Optional.empty();
            }
            tape.keep(last[0]);
            float[] activations = last[0].toFloats();
            Shape shape = last[0].shape();
            tape.backward(output(logits), Set.of(last[0]));
            float[] gradient = tape.gradient(last[0]).toFloats();
            int depth = (int) shape.extent(3);
            double[] weights = new double[depth];
            for (int i = 0; i < gradient.length; i++) {
                weights[i % depth] += gradient[i] * (double) depth / gradient.length;
            }
            double[] heat = new double[gradient.length / depth];
            for (int i = 0; i < gradient.length; i++) {
                heat[i / depth] += weights[i % depth] * activations[i];
            }
            return Optional.of(new Heat((int) shape.extent(1), (int) shape.extent(2),
                    Arrays.stream(heat).map(value -> Math.max(0, value)).toArray()));
        } finally {
            model.network().listen(null);
        }
    }

    /**
     * Integrated gradients of the class's output (Sundararajan et al., ICML 2017) from the mean picture to this one, by
     * the midpoint rule.
     *
     * @param heat per pixel, summed over colours
     * @param gain the output of the picture less that of the mean picture, which the heat adds up to but for the gap
     * @param gap gain less the sum of the heat: what the finite number of points leaves out
     */
    record IntegratedGradients(Heat heat, double gain, double gap) {
    }

    /** Integrated gradients. */
    IntegratedGradients integratedGradients() {
        int steps = model.input().isSmall() ? STEPS : STEPS_FOR_LARGE;
        double[] slopes = new double[pixels.length];
        for (int step = 0; step < steps; step += AT_ONCE) {
            float[][] points = new float[AT_ONCE][];
            for (int i = 0; i < AT_ONCE; i++) {
                points[i] = scaled((step + i + 0.5) / steps);
            }
            float[] gradient = gradientAt(points);
            for (int i = 0; i < gradient.length; i++) {
                slopes[i % pixels.length] += gradient[i] / steps;
            }
        }
        double[] heat = new double[height * width];
        for (int i = 0; i < pixels.length; i++) {
            heat[i / channels] += slopes[i] * pixels[i];
        }
        float[] ends = outputs(new float[][] {pixels, scaled(0)}, false);
        double gain = (double) ends[0] - ends[1];
        return new IntegratedGradients(new Heat(height, width, heat), gain, gain - Arrays.stream(heat).sum());
    }

    /** How much less probable the class is when a square of the picture is hidden by the mean colour (Zeiler & Fergus 2014). */
    Heat occlusion() {
        int squares = model.input().isSmall() ? SQUARES : SQUARES_FOR_LARGE;
        int rows = Math.min(squares, height);
        int columns = Math.min(squares, width);
        double[] loss = new double[rows * columns];
        double whole = outputs(new float[][] {pixels}, true)[0];
        for (int first = 0; first < loss.length; first += AT_ONCE) {
            float[][] hidden = new float[Math.min(AT_ONCE, loss.length - first)][];
            for (int i = 0; i < hidden.length; i++) {
                hidden[i] = without((first + i) / columns, rows, (first + i) % columns, columns);
            }
            float[] left = outputs(hidden, true);
            for (int i = 0; i < hidden.length; i++) {
                loss[first + i] = whole - left[i];
            }
        }
        return new Heat(rows, columns, loss);
    }

    private float[] without(int row, int rows, int column, int columns) {
        float[] hidden = pixels.clone();
        for (int y = row * height / rows; y < (row + 1) * height / rows; y++) {
            int from = (y * width + column * width / columns) * channels;
            Arrays.fill(hidden, from, (y * width + (column + 1) * width / columns) * channels, 0f);
        }
        return hidden;
    }

    private float[] scaled(double factor) {
        float[] scaled = new float[pixels.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (factor * pixels[i]);
        }
        return scaled;
    }

    private float[] gradientAt(float[][] pictures) {
        try (Tape tape = model.device().record()) {
            Tensor images = batch(pictures).trackGradient();
            tape.backward(output(model.forward(images)), Set.of(images));
            return images.gradient().toFloats();
        }
    }

    /** The class's outputs of all pictures added up. */
    private Tensor output(Tensor logits) {
        float[] chosen = new float[model.classes().size()];
        chosen[label] = 1;
        return Reductions
                .sum(Elementwise.multiply(logits, Tensor.of(model.device(), Shape.of(1, chosen.length), chosen)));
    }

    /** The class's output, or its probability, for each picture. */
    private float[] outputs(float[][] pictures, boolean asProbabilities) {
        try (Scope _ = Scope.open()) {
            Tensor logits = model.forward(batch(pictures));
            float[] all = (asProbabilities ? Softmax.softmax(logits) : logits).toFloats();
            float[] chosen = new float[pictures.length];
            for (int i = 0; i < chosen.length; i++) {
                chosen[i] = all[i * model.classes().size() + label];
            }
            return chosen;
        }
    }

    private Tensor batch(float[][] pictures) {
        float[] all = new float[pictures.length * pixels.length];
        for (int i = 0; i < pictures.length; i++) {
            System.arraycopy(pictures[i], 0, all, i * pixels.length, pixels.length);
        }
        return Tensor.of(model.device(), Shape.of(pictures.length, height, width, channels), all);
    }
}
