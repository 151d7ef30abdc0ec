package dev.halcyon.models;

import dev.halcyon.device.Device;
import dev.halcyon.device.NormalizeImages;
import dev.halcyon.io.FormatException;
import dev.halcyon.io.ModelFile;
import dev.halcyon.io.SafeTensors;
import dev.halcyon.io.Weights;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Module;
import dev.halcyon.text.Suggestion;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The zoo: networks by name. */
public final class Models {
    /** Mean of ImageNet's pixels per channel: what published weights usually expect. */
    private static final float[] IMAGENET_MEAN = {0.485f, 0.456f, 0.406f};
    private static final float[] IMAGENET_DEVIATION = {0.229f, 0.224f, 0.225f};
    private static final Map<String, Architecture> ZOO = new LinkedHashMap<>();

    static {
        Model.Input grey = new Model.Input(28, 28, usualNormalization(1));
        Model.Input small = new Model.Input(32, 32, usualNormalization(3));
        Model.Input large = new Model.Input(224, 224, usualNormalization(3));
        add("mlp", "two hidden layers of 512", grey, Mlp::describe);
        add("lenet", "two convolutions, three linear layers (LeCun et al. 1998, with ReLU)", grey, LeNet::describe);
        add("convnet", "convolutions with batch norm: the default for small images", grey, ConvNet::describe);
        add("resnet9", "a short residual network that learns small photographs fast", small, ResNet9::describe);
        for (int depth : new int[] {20, 32, 44, 56}) {
            add("resnet" + depth, "residual network for CIFAR, " + depth + " layers (He et al. 2016, section 4.2)",
                    small,
                    (input, classes) -> CifarResNet.describe(depth, input, classes));
        }
        add("resnet18", "residual network, 18 layers (He et al. 2016)", large,
                (input, classes) -> ResNet.describe(List.of(2, 2, 2, 2), input, classes));
        add("resnet34", "residual network, 34 layers", large,
                (input, classes) -> ResNet.describe(List.of(3, 4, 6, 3), input, classes));
        add("resnet50", "residual network of bottlenecks, 50 layers", large,
                (input, classes) -> ResNet.describeDeep(List.of(3, 4, 6, 3), input, classes));
        add("vgg11", "eleven layers of 3x3 convolutions with batch norm (Simonyan and Zisserman 2015)", small,
                Vgg11::describe);
        add("sketch", "nine edges, four parts, four heads: the network of 'demo bird'",
                new Model.Input(48, 48, usualNormalization(1)), Sketch::describe);
        add("mobilenetv2", "inverted residuals for small devices (Sandler et al. 2018)", large, MobileNetV2::describe);
    }

    private Models() {
    }

    private static void add(String name, String description, Model.Input input, Architecture.Factory factory) {
        ZOO.put(name, new Architecture(name, description, input, factory));
    }

    /** Every network of the zoo. */
    public static List<Architecture> all() {
        return List.copyOf(ZOO.values());
    }

    /**
     * A network by name.
     *
     * @throws IllegalArgumentException if there is none; the message suggests the nearest
     */
    public static Architecture find(String name) {
        Architecture found = ZOO.get(name);
        if (found == null) {
            throw new IllegalArgumentException("unknown model '" + name + "'" + Suggestion.among(name, ZOO.keySet()));
        }
        return found;
    }

    /**
     * A new model with initial weights.
     *
     * @param name of the network
     * @param input the images it will read
     * @param classes names of its outputs
     * @param seed of the initial weights
     */
    public static Model create(String name, Model.Input input, List<String> classes, Device device, long seed) {
        Model model = describe(name, input, classes, device);
        model.network().initialize(device, seed);
        return model;
    }

    private static Model describe(String name, Model.Input input, List<String> classes, Device device) {
        return new Model(name, find(name).factory().describe(input, classes.size()), input, classes, device);
    }

    /**
     * A model from a file that Halcyon wrote.
     *
     * @throws FormatException if the file is damaged, or does not say what model it holds
     */
    public static Model load(Path file, Device device) {
        try (SafeTensors weights = SafeTensors.open(file)) {
            ModelFile.Description description = ModelFile.describe(weights).orElseThrow(() -> new FormatException(file
                    + ": does not say which model it holds; name it with --model"));
            return load(weights, description, device);
        }
    }

    /**
     * A model from weights of any origin.
     *
     * @param description what model they are for
     */
    public static Model load(SafeTensors weights, ModelFile.Description description, Device device) {
        Model model = describe(description.architecture(), description.input(), description.classes(), device);
        model.network().allocate(device);
        try {
            Weights.load(weights, model.network());
        } catch (FormatException e) {
            model.close();
            throw e;
        }
        return model;
    }

    /** The normalisation that published weights usually expect: ImageNet's for colour, else 0.5 and 0.5. */
    public static NormalizeImages usualNormalization(int channels) {
        if (channels == 3) {
            return new NormalizeImages(IMAGENET_MEAN, IMAGENET_DEVIATION);
        }
        float[] half = new float[channels];
        Arrays.fill(half, 0.5f);
        return new NormalizeImages(half, half);
    }
}
