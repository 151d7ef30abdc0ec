package dev.halcyon.report.explain;

import dev.halcyon.autograd.Tape;
import dev.halcyon.autograd.ops.Softmax;
import dev.halcyon.data.HostBatch;
import dev.halcyon.device.Conv2d;
import dev.halcyon.loss.Losses;
import dev.halcyon.nn.Activation;
import dev.halcyon.nn.BatchNorm2d;
import dev.halcyon.nn.Convolution;
import dev.halcyon.nn.Linear;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Module;
import dev.halcyon.nn.Parameter;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One picture's way up through a network in inference mode and the loss's way back down.
 *
 * @param probabilities softmax of the outputs
 * @param loss −log of the true class's probability
 * @param floors all layers with weights, from the picture upwards
 * @param gradients of all learned parameters, by name
 */
record Passage(float[] probabilities, double loss, List<Floor> floors, Map<String, float[]> gradients) {

    /** What is known of a layer before the way back. */
    private static final class Ascent {
        private final Module layer;
        private final float[] input;
        private final Shape inputShape;
        private final float[] sums;
        private final Tensor linear;
        private Tensor report;

        Ascent(Module layer, Tensor input, Tensor output) {
            this.layer = layer;
            this.input = input.toFloats();
            this.inputShape = input.shape();
            this.sums = output.toFloats();
            this.linear = output;
            this.report = output;
        }
    }

    /** Shows a picture to a network and asks for another answer than it gave, if the label is one. */
    static Passage of(Model model, HostBatch picture, int label) {
        model.network().training(false);
        List<Ascent> ascents = new ArrayList<>();
        try (Tape tape = model.device().record()) {
            Tensor images = model.prepare(picture);
            ReceptiveFields fields = new ReceptiveFields(images);
            model.network().listen((module, input, output) -> {
                fields.computed(module, input, output);
                follow(ascents, module, input, output);
            });
            Tensor logits = model.forward(images);
            ascents.forEach(ascent -> tape.keep(ascent.report));
            List<float[]> activations = ascents.stream().map(ascent -> ascent.report.toFloats()).toList();
            float[] probabilities = Softmax.softmax(logits).toFloats();
            List<Parameter> learned = model.network().parameters().stream().filter(Parameter::isLearned).toList();
            learned.forEach(parameter -> model.device().backend().fill(parameter.tensor().gradient().view(), 0));
            Tensor loss = Losses.crossEntropy(logits, Tensor.of(model.device(), Shape.of(1), (long) label));
            tape.backward(loss);
            List<Floor> floors = new ArrayList<>();
            for (int i = 0; i < ascents.size(); i++) {
                Ascent ascent = ascents.get(i);
                floors.add(floor(ascent, activations.get(i), tape.gradient(ascent.report).toFloats(),
                        fields.of(ascent.linear)));
            }
            Map<String, float[]> gradients = new LinkedHashMap<>();
            learned.forEach(parameter -> gradients.put(parameter.name(), parameter.tensor().gradient().toFloats()));
            return new Passage(probabilities, loss.item(), List.copyOf(floors), gradients);
        } finally {
            model.network().listen(null);
        }
    }

    /** A layer reports what comes out of the norm and activation behind it, or out of the block that it ends. */
    private static void follow(List<Ascent> ascents, Module module, Tensor input, Tensor output) {
        if (module instanceof Convolution || module instanceof Linear) {
            ascents.add(new Ascent(module, input, output));
            return;
        }
        for (Ascent ascent : ascents) {
            boolean behind = (module instanceof BatchNorm2d || module instanceof Activation) && ascent.report == input;
            boolean around = ascent.report == ascent.linear && ascent.layer.path().startsWith(module.path() + ".")
                    && ascent == ascents.getLast() && output.shape().equals(ascent.linear.shape());
            if (behind || around) {
                ascent.report = output;
            }
        }
    }

    private static Floor floor(Ascent ascent, float[] activation, float[] gradient, ReceptiveFields.Field field) {
        Parameter weight = ascent.layer instanceof Convolution convolution ? convolution.weight()
                : ((Linear) ascent.layer).weight();
        Conv2d geometry = ascent.layer instanceof Convolution convolution ? convolution.geometry() : Conv2d.of(1, 0);
        return new Floor(ascent.layer.path(), ascent.layer.toString(), ascent.input, picture(ascent.inputShape),
                weight.tensor().toFloats(), fourAxes(weight.shape()), geometry, ascent.sums, activation, gradient,
                picture(ascent.report.shape()), field);
    }

    /** Without the batch's axis; rows of features are a picture of one pixel. */
    private static Shape picture(Shape shape) {
        return shape.rank() == 4 ? Shape.of(shape.extent(1), shape.extent(2), shape.extent(3))
                : Shape.of(1, 1, shape.extent(1));
    }

    private static Shape fourAxes(Shape weights) {
        return weights.rank() == 4 ? weights : Shape.of(1, 1, weights.extent(0), weights.extent(1));
    }
}
