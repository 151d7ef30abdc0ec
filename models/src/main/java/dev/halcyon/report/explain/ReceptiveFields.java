package dev.halcyon.report.explain;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Pool2d;
import dev.halcyon.nn.AvgPool;
import dev.halcyon.nn.Convolution;
import dev.halcyon.nn.GlobalAvgPool;
import dev.halcyon.nn.Linear;
import dev.halcyon.nn.MaxPool;
import dev.halcyon.nn.Module;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;

/** Which part of the picture each place of an activation map depends on (Araujo et al., Distill 2019). */
final class ReceptiveFields {
    /**
     * Along one axis, in pixels: neighbouring places are {@code jump} apart and look at {@code size}, the first of them
     * from {@code start} on.
     */
    record Axis(double jump, double size, double start) {
        private static final Axis PIXEL = new Axis(1, 1, 0);
        /** Of a layer that sees the whole picture, however large. */
        private static final Axis EVERYTHING = new Axis(0, Integer.MAX_VALUE, 0);

        private Axis through(int kernel, int dilation, int stride, int padding) {
            return new Axis(jump * stride, size + (kernel - 1) * dilation * jump, start - padding * jump);
        }

        /** First pixel that a place sees, of {@code extent} there are. */
        int from(int place, int extent) {
            return (int) Math.clamp(start + place * jump, 0, extent - 1);
        }

        /** One behind the last pixel that a place sees. */
        int to(int place, int extent) {
            return (int) Math.clamp(start + place * jump + size, 1, extent);
        }
    }

    /** Both axes. */
    record Field(Axis rows, Axis columns) {
    }

    private final Map<Tensor, Field> fields = new IdentityHashMap<>();
    /** The newest field of a layer with a kernel: what a block around it ends with. */
    private Field newest = new Field(Axis.PIXEL, Axis.PIXEL);

    ReceptiveFields(Tensor images) {
        fields.put(images, newest);
    }

    /** Follows a module; parts come before the whole, so that a block's output has the field of its last layer. */
    void computed(Module module, Tensor input, Tensor output) {
        Field before = fields.getOrDefault(input, newest);
        Field after = switch (module) {
            case Convolution convolution -> through(before, convolution);
            case MaxPool pool -> through(before, pool.window());
            case AvgPool pool -> through(before, pool.window());
            case GlobalAvgPool _,Linear _ -> new Field(Axis.EVERYTHING, Axis.EVERYTHING);
            default -> fields.getOrDefault(output, output.shape().equals(input.shape()) ? before : newest);
        };
        fields.putIfAbsent(output, after);
        newest = after;
    }

    Field of(Tensor tensor) {
        return fields.get(tensor);
    }

    private static Field through(Field field, Convolution convolution) {
        Conv2d d = convolution.geometry();
        Shape kernel = convolution.weight().shape();
        return new Field(
                field.rows.through((int) kernel.extent(0), d.dilationHeight(), d.strideHeight(), d.paddingHeight()),
                field.columns.through((int) kernel.extent(1), d.dilationWidth(), d.strideWidth(), d.paddingWidth()));
    }

    private static Field through(Field field, Pool2d d) {
        return new Field(field.rows.through(d.kernelHeight(), 1, d.strideHeight(), d.paddingHeight()),
                field.columns.through(d.kernelWidth(), 1, d.strideWidth(), d.paddingWidth()));
    }
}
