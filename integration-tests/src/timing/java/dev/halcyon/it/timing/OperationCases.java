package dev.halcyon.it.timing;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Pool2d;
import dev.halcyon.it.timing.OperationCase.Direction;
import dev.halcyon.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The sizes at which single operations are compared: those of networks, and many that nobody would tune for. */
public final class OperationCases {
    private final List<OperationCase> cases = new ArrayList<>();

    private OperationCases() {
    }

    /** Those whose operation or sizes contain a text, in the order of the table. */
    public static List<OperationCase> containing(String text) {
        OperationCases all = new OperationCases();
        all.denseConvolutions();
        all.pointwiseConvolutions();
        all.fewChannels();
        all.groupedConvolutions();
        all.linearLayers();
        all.pools();
        all.norms();
        all.softmax();
        return all.cases.stream().filter(it -> (it.operation() + " " + it.sizes()).contains(text)).toList();
    }

    private void denseConvolutions() {
        convolution(Conv2d.of(1, 1), Shape.of(1, 56, 56, 64), 3, 64);
        convolution(Conv2d.of(1, 1), Shape.of(256, 8, 8, 64), 3, 64);
        convolution(Conv2d.of(1, 1), Shape.of(16, 14, 14, 256), 3, 256);
        convolution(Conv2d.of(1, 1), Shape.of(2, 7, 7, 512), 3, 512);
        convolution(Conv2d.of(1, 1), Shape.of(8, 33, 35, 17), 3, 29);
        convolution(Conv2d.of(1, 1), Shape.of(16, 28, 28, 130), 3, 126);
        convolution(Conv2d.of(1, 2), Shape.of(7, 27, 31, 37), 5, 53);
        convolution(Conv2d.of(2, 1), Shape.of(16, 29, 29, 48), 3, 96);
        convolution(Conv2d.of(3, 0), Shape.of(3, 41, 43, 21), 4, 35);
        convolution(Conv2d.of(1, 2).dilated(2), Shape.of(4, 33, 33, 64), 3, 64);
        convolution(Conv2d.of(1, 4).dilated(4), Shape.of(2, 41, 37, 31), 3, 47);
    }

    private void pointwiseConvolutions() {
        convolution(Conv2d.of(1, 0), Shape.of(16, 28, 28, 192), 1, 64);
        convolution(Conv2d.of(1, 0), Shape.of(1, 14, 14, 256), 1, 1024);
        convolution(Conv2d.of(1, 0), Shape.of(3, 13, 13, 33), 1, 65);
        convolution(Conv2d.of(1, 0), Shape.of(32, 48, 48, 16), 1, 96);
        convolution(Conv2d.of(2, 0), Shape.of(16, 28, 28, 256), 1, 512);
        convolution(Conv2d.of(2, 0), Shape.of(5, 31, 31, 67), 1, 131);
    }

    private void fewChannels() {
        convolution(Conv2d.of(1, 1), Shape.of(64, 32, 32, 3), 3, 64);
        convolution(Conv2d.of(2, 1), Shape.of(32, 96, 96, 3), 3, 32);
        convolution(Conv2d.of(2, 3), Shape.of(8, 224, 224, 3), 7, 64);
        convolution(Conv2d.of(2, 3), Shape.of(1, 97, 97, 3), 7, 13);
        convolution(Conv2d.of(1, 2), Shape.of(128, 28, 28, 1), 5, 6);
        convolution(Conv2d.of(1, 0), Shape.of(128, 14, 14, 6), 5, 16);
    }

    private void groupedConvolutions() {
        convolution(Conv2d.of(1, 1).grouped(144), Shape.of(16, 24, 24, 144), 3, 144);
        convolution(Conv2d.of(2, 1).grouped(96), Shape.of(32, 48, 48, 96), 3, 96);
        convolution(Conv2d.of(2, 1).grouped(75), Shape.of(16, 57, 57, 75), 3, 75);
        convolution(Conv2d.of(1, 2).grouped(193), Shape.of(1, 28, 28, 193), 5, 193);
        convolution(Conv2d.of(1, 2).dilated(2).grouped(64), Shape.of(4, 33, 33, 64), 3, 64);
        convolution(Conv2d.of(1, 1).grouped(32), Shape.of(4, 28, 28, 32), 3, 64);
        convolution(Conv2d.of(1, 1).grouped(32), Shape.of(8, 28, 28, 128), 3, 128);
        convolution(Conv2d.of(1, 1).grouped(3), Shape.of(4, 15, 15, 66), 3, 42);
    }

    /** A convolution's three directions; images of three channels or fewer are inputs, whose gradient nobody wants. */
    private void convolution(Conv2d d, Shape x, int kernel, int out) {
        Shape w = Shape.of(kernel, kernel, x.extent(3) / d.groups(), out);
        for (Direction direction : Direction.values()) {
            if (direction != Direction.INPUT_GRADIENT || x.extent(3) > 3) {
                cases.add(new OperationCase.Convolution(direction, d, x, w));
            }
        }
    }

    private void linearLayers() {
        int[][] sizes = {{1, 784, 512}, {128, 784, 512}, {256, 512, 10}, {37, 1001, 203}, {16, 2048, 1000},
            {256, 1280, 1280}};
        for (int[] size : sizes) {
            for (Direction direction : Direction.values()) {
                cases.add(new OperationCase.Linear(direction, size[0], size[1], size[2]));
            }
        }
    }

    private void pools() {
        pool(true, Pool2d.of(2, 2, 0), Shape.of(64, 32, 32, 64));
        pool(true, Pool2d.of(2, 2, 0), Shape.of(128, 28, 28, 6));
        pool(true, Pool2d.of(3, 2, 1), Shape.of(16, 112, 112, 64));
        pool(true, Pool2d.of(3, 2, 1), Shape.of(5, 31, 33, 17));
        pool(false, Pool2d.of(2, 2, 0), Shape.of(16, 28, 28, 48));
        pool(false, Pool2d.of(3, 1, 1), Shape.of(4, 35, 35, 19));
        pool(false, Pool2d.of(7, 7, 0), Shape.of(16, 7, 7, 2048));
        pool(false, Pool2d.of(4, 4, 0), Shape.of(64, 4, 4, 512));
    }

    private void pool(boolean maximum, Pool2d d, Shape x) {
        cases.add(new OperationCase.Pooling(maximum, Direction.FORWARD, d, x));
        cases.add(new OperationCase.Pooling(maximum, Direction.INPUT_GRADIENT, d, x));
    }

    private void norms() {
        for (Shape x : List.of(Shape.of(64, 32, 32, 64), Shape.of(16, 28, 28, 256), Shape.of(7, 13, 11, 37),
                Shape.of(256, 4, 4, 512), Shape.of(1, 112, 112, 33))) {
            cases.add(new OperationCase.Norm(Direction.FORWARD, x));
            cases.add(new OperationCase.Norm(Direction.INPUT_GRADIENT, x));
        }
    }

    private void softmax() {
        int[][] sizes = {{128, 10}, {16, 1000}, {256, 1001}, {1, 50_257}, {4096, 17}};
        for (int[] size : sizes) {
            cases.add(new OperationCase.Softmax(size[0], size[1]));
        }
    }
}
