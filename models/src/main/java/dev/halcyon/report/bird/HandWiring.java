package dev.halcyon.report.bird;

import dev.halcyon.device.Device;
import dev.halcyon.device.NormalizeImages;
import dev.halcyon.models.Models;
import dev.halcyon.models.drawings.Drawings;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Parameter;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The network of the story with weights that a person chose: edges of three pixels, two edges that meet and what lies
 * between them make a beak, beak and eye in the right places make a head.
 */
final class HandWiring {
    /** Paper is about 0 and ink −1.5, so that there is paper beyond the picture's border, too. */
    static final Model.Input INPUT = new Model.Input(Drawings.EXTENT, Drawings.EXTENT,
            new NormalizeImages(new float[] {0.86f}, new float[] {0.5f}));
    static final String ARCHITECTURE = "sketch";

    /** Edges by the side on which it is dark, as on a compass, and a dark spot in the middle. */
    static final List<String> EDGES =
            List.of("dark ↖", "dark ↑", "dark ↗", "dark ←", "dark spot", "dark →", "dark ↙", "dark ↓", "dark ↘");
    static final List<String> PARTS = List.of("beak →", "← beak", "ear ↑", "eye");
    static final List<String> HEADS = List.of("bird →", "← bird", "dog →", "← dog");

    private static final int BEAK_RIGHT = 0;
    private static final int BEAK_LEFT = 1;
    private static final int EAR = 2;
    private static final int EYE = 3;

    /** A point at its loudest is just not enough for a head; any eye in the right place then is. */
    private static final double TRUST_IN_A_POINT = 3;
    private static final double TRUST_IN_AN_EYE = 0.25;

    private HandWiring() {
    }

    /** What a channel hears: an incoming channel, a place of the kernel seen from its middle (x to the right, y down). */
    private record Wire(int from, int x, int y, double weight) {
    }

    /** Something that an edge channel says, with the direction in which it is dark; (0, 0) is the spot. */
    private record Edge(int darkX, int darkY, int x, int y, double weight) {
        Edge mirrored() {
            return new Edge(-darkX, darkY, -x, y, weight);
        }

        /** By a quarter, so that what pointed right points up. */
        Edge turned() {
            return new Edge(darkY, -darkX, y, -x, weight);
        }

        Wire wire() {
            return new Wire(3 * (darkY + 1) + darkX + 1, x, y, weight);
        }
    }

    /** A filled point to the right: dark to the lower left above it, to the upper left below it, dark between them. */
    private static List<Edge> beak() {
        List<Edge> point = List.of(new Edge(-1, 1, -1, -1, 1), new Edge(-1, 0, 0, 0, 1), new Edge(-1, -1, -1, 1, 1),
                new Edge(0, 0, -1, 0, 1.5));
        Stream<Edge> nothingDarkToTheRight = IntStream.range(0, 27)
                .mapToObj(i -> new Edge(1, i / 9 - 1, i % 3 - 1, i / 3 % 3 - 1, -0.5));
        return Stream.concat(point.stream(), nothingDarkToTheRight).toList();
    }

    /** A spot that is dark towards its middle from every side, with little else around it. */
    private static List<Edge> eye() {
        Stream<Edge> spot = Stream.of(new Edge(0, 0, 0, 0, 0.75), new Edge(0, -1, 0, 1, 1), new Edge(0, 1, 0, -1, 1),
                new Edge(1, 0, -1, 0, 1), new Edge(-1, 0, 1, 0, 1));
        Stream<Edge> notBeyond = IntStream.rangeClosed(-1, 1).boxed().flatMap(side -> Stream.of(
                new Edge(side, 1, 0, 1, -0.1), new Edge(1, side, 1, 0, -0.1), new Edge(-1, side, -1, 0, -0.1)));
        return Stream.concat(spot, notBeyond).toList();
    }

    /** A beak at the front and an eye where it may be behind it; the head of a bird that looks right. */
    private static List<Wire> birdHead() {
        return List.of(new Wire(BEAK_RIGHT, 2, 0, TRUST_IN_A_POINT), new Wire(EYE, -2, 0, TRUST_IN_AN_EYE),
                new Wire(EYE, -3, 0, TRUST_IN_AN_EYE),
                new Wire(EYE, -3, -1, TRUST_IN_AN_EYE), new Wire(EYE, -2, -1, TRUST_IN_AN_EYE),
                new Wire(EYE, -2, 1, TRUST_IN_AN_EYE));
    }

    /** An ear above and an eye where it may be below it; the head of a dog that looks right. */
    private static List<Wire> dogHead() {
        return List.of(new Wire(EAR, 0, -2, TRUST_IN_A_POINT), new Wire(EYE, 1, 2, TRUST_IN_AN_EYE),
                new Wire(EYE, 2, 2, TRUST_IN_AN_EYE), new Wire(EYE, 1, 3, TRUST_IN_AN_EYE),
                new Wire(EYE, 0, 2, TRUST_IN_AN_EYE), new Wire(EYE, 0, 3, TRUST_IN_AN_EYE),
                new Wire(EYE, 2, 3, TRUST_IN_AN_EYE), new Wire(EYE, -1, 2, TRUST_IN_AN_EYE));
    }

    private static List<Wire> lookingLeft(List<Wire> head) {
        return head.stream().map(wire -> new Wire(wire.from == BEAK_RIGHT ? BEAK_LEFT : wire.from, -wire.x, wire.y,
                wire.weight)).toList();
    }

    /** The network with these weights, for drawings. */
    static Model model(Device device) {
        Model model = Models.create(ARCHITECTURE, INPUT, Drawings.CLASSES, device, 0);
        Layer edges = new Layer(3, 1, EDGES.size());
        for (int dark = 0; dark < EDGES.size(); dark++) {
            if (dark == EDGES.size() / 2) {
                edges.channel(dark, 3, 9.5, nineDark());
            } else {
                edges.channel(dark, 8, 1.1, darkTowards(dark % 3 - 1, dark / 3 - 1));
            }
        }
        Layer parts = new Layer(3, EDGES.size(), PARTS.size());
        parts.channel(BEAK_RIGHT, 1, 8, beak().stream().map(Edge::wire).toList());
        parts.channel(BEAK_LEFT, 1, 8, beak().stream().map(Edge::mirrored).map(Edge::wire).toList());
        parts.channel(EAR, 1, 14, beak().stream().map(Edge::turned).map(Edge::wire).toList());
        parts.channel(EYE, 1, 22, eye().stream().map(Edge::wire).toList());
        Layer heads = new Layer(7, PARTS.size(), HEADS.size());
        heads.channel(0, 1.5, 18, birdHead());
        heads.channel(1, 1.5, 18, lookingLeft(birdHead()));
        heads.channel(2, 1.5, 18, dogHead());
        heads.channel(3, 1.5, 18, lookingLeft(dogHead()));
        Layer answers = new Layer(1, HEADS.size(), Drawings.CLASSES.size());
        answers.channel(0, 1, 0, List.of(new Wire(0, 0, 0, 3), new Wire(1, 0, 0, 3)));
        answers.channel(1, 1, 0, List.of(new Wire(2, 0, 0, 3), new Wire(3, 0, 0, 3)));
        answers.channel(2, 1, -3, List.of());
        edges.write(model, "edges");
        parts.write(model, "parts");
        heads.write(model, "heads");
        answers.write(model, "answers");
        return model;
    }

    /** Three pixels light, and opposite them three dark. */
    private static List<Wire> darkTowards(int darkX, int darkY) {
        return IntStream.range(0, 9).mapToObj(i -> new Wire(0, i % 3 - 1, i / 3 - 1,
                -Math.signum((i % 3 - 1) * darkX + (i / 3 - 1) * darkY))).toList();
    }

    private static List<Wire> nineDark() {
        return IntStream.range(0, 9).mapToObj(i -> new Wire(0, i % 3 - 1, i / 3 - 1, -1)).toList();
    }

    /** Weights [k, k, in, out] and biases [out] in the making. */
    private static final class Layer {
        private final int kernel;
        private final int inputs;
        private final int outputs;
        private final float[] weights;
        private final float[] biases;

        Layer(int kernel, int inputs, int outputs) {
            this.kernel = kernel;
            this.inputs = inputs;
            this.outputs = outputs;
            this.weights = new float[kernel * kernel * inputs * outputs];
            this.biases = new float[outputs];
        }

        /** A channel that speaks up where what it hears adds up to more than a threshold. */
        void channel(int channel, double gain, double threshold, List<Wire> wires) {
            biases[channel] = (float) (-gain * threshold);
            for (Wire wire : wires) {
                int place = (wire.y + kernel / 2) * kernel + wire.x + kernel / 2;
                weights[(place * inputs + wire.from) * outputs + channel] += (float) (gain * wire.weight);
            }
        }

        void write(Model model, String name) {
            write(model, name + ".weight", weights);
            write(model, name + ".bias", biases);
        }

        private static void write(Model model, String name, float[] values) {
            Parameter parameter = model.network().parameters().stream().filter(p -> p.name().equals(name)).findFirst()
                    .orElseThrow();
            parameter.tensor().upload(MemorySegment.ofArray(values));
        }
    }
}
