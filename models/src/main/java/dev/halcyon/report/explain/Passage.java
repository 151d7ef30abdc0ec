package dev.halcyon.report.explain;

import dev.halcyon.autograd.Tape;
import dev.halcyon.autograd.ops.Softmax;
import dev.halcyon.data.HostBatch;
import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        private final Optional<BatchNorm2d> norm;
        private final float[] input;
        private final Shape inputShape;
        private final float[] sums;
        private final Tensor linear;
        private Tensor report;
        private float[] shortcut = new float[0];
        private Unary function = Unary.IDENTITY;

        Ascent(Module layer, Optional<BatchNorm2d> norm, Tensor input, Tensor output) {
            this.layer = layer;
            this.norm = norm;
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
        try (Tape tape = model.device().record()) {
            Tensor images = model.prepare(picture);
            Follower follower = new Follower(model.network(), images);
            model.network().listen(follower);
            Tensor logits = model.forward(images);
            List<Ascent> ascents = follower.ascents;
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
                        follower.fields.of(ascent.linear)));
            }
            Map<String, float[]> gradients = new LinkedHashMap<>();
            learned.forEach(parameter -> gradients.put(parameter.name(), parameter.tensor().gradient().toFloats()));
            return new Passage(probabilities, loss.item(), List.copyOf(floors), gradients);
        } finally {
            model.network().listen(null);
        }
    }

    /** The norm behind each convolution that has one: blocks describe the two one after the other. */
    private static Map<Module, BatchNorm2d> norms(Module network) {
        Map<Module, BatchNorm2d> norms = new IdentityHashMap<>();
        List<Module> modules = network.modules();
        for (int i = 1; i < modules.size(); i++) {
            if (modules.get(i - 1) instanceof Convolution convolution && modules.get(i) instanceof BatchNorm2d norm) {
                norms.put(convolution, norm);
            }
        }
        return norms;
    }

    /** Follows what layers report: what comes out of the norm and activation behind them, or of the block they end. */
    private static final class Follower implements Module.ForwardListener {
        private static final List<String> SHORTCUTS = List.of(".downsample", ".shortcut");

        private final List<Ascent> ascents = new ArrayList<>();
        private final Map<String, Tensor> shortcuts = new HashMap<>();
        private final Map<Module, BatchNorm2d> norms;
        private final ReceptiveFields fields;

        Follower(Module network, Tensor images) {
            norms = norms(network);
            fields = new ReceptiveFields(images);
        }

        @Override
        public void computed(Module module, Tensor input, Tensor output) {
            fields.computed(module, input, output);
            if (SHORTCUTS.stream().anyMatch(module.path()::endsWith)) {
                shortcuts.put(module.path().substring(0, module.path().lastIndexOf('.')), output);
            }
            if (module instanceof Convolution || module instanceof Linear) {
                ascents.add(new Ascent(module, Optional.ofNullable(norms.get(module)), input, output));
                return;
            }
            for (Ascent ascent : ascents) {
                if (module instanceof BatchNorm2d norm && ascent.report == input) {
                    ascent.report = output;
                    ascent.function = norm.activation();
                } else if (module instanceof Activation activation && ascent.report == input) {
                    ascent.report = output;
                    ascent.function = activation.function();
                }
            }
            if (!ascents.isEmpty() && endsBlock(ascents.getLast(), module, output)) {
                Ascent last = ascents.getLast();
                last.report = output;
                last.function = last.norm.orElseThrow().activation();
                last.shortcut = shortcuts.getOrDefault(module.path(), input).toFloats();
            }
        }

        /** Whether a module is the block that applies a layer's norm itself, to add the shortcut before the activation. */
        private static boolean endsBlock(Ascent last, Module module, Tensor output) {
            return last.report == last.linear && last.norm.isPresent() && output != last.linear
                    && last.layer.path().startsWith(module.path() + ".")
                    && output.shape().equals(last.linear.shape());
        }
    }

    private static Floor floor(Ascent ascent, float[] activation, float[] gradient, ReceptiveFields.Field field) {
        Parameter weight = ascent.layer instanceof Convolution convolution ? convolution.weight()
                : ((Linear) ascent.layer).weight();
        Conv2d geometry = ascent.layer instanceof Convolution convolution ? convolution.geometry() : Conv2d.of(1, 0);
        int channels = (int) weight.shape().extent(-1);
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        BatchNorm2d.Affine affine = ascent.norm.map(BatchNorm2d::affine)
                .orElse(new BatchNorm2d.Affine(ones, new float[channels]));
        return new Floor(ascent.layer.path(), ascent.layer.toString(), ascent.input, picture(ascent.inputShape),
                weight.tensor().toFloats(), fourAxes(weight.shape()), geometry, ascent.sums,
                new Floor.Becomes(affine, ascent.shortcut, ascent.function), activation, gradient,
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
