package dev.halcyon.it.timing;

import dev.halcyon.device.Backend;
import dev.halcyon.device.BatchNorm;
import dev.halcyon.device.Device;
import dev.halcyon.device.Gemm;
import dev.halcyon.device.Unary;
import dev.halcyon.random.RandomStream;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.function.Supplier;

/**
 * The work of a case on a device, for whoever times it. As in libtorch, the memory for a result is obtained each time;
 * only gradients of weights are added to memory that is there, as in training.
 */
public final class HalcyonOperation {
    private final Device device;
    private final Backend backend;

    private HalcyonOperation(Device device) {
        this.device = device;
        backend = device.backend();
    }

    /** Makes the operands, which belong to the open scope; every call computes the result into a new tensor. */
    public static Supplier<Tensor> of(OperationCase operation, Device device) {
        HalcyonOperation on = new HalcyonOperation(device);
        return switch (operation) {
            case OperationCase.Convolution it -> on.convolution(it);
            case OperationCase.Linear it -> on.linear(it);
            case OperationCase.Pooling it -> it.maximum() ? on.maxPool(it) : on.averagePool(it);
            case OperationCase.Norm it -> on.norm(it);
            case OperationCase.Softmax it -> on.softmax(Shape.of(it.n(), it.classes()));
        };
    }

    /** The numbers that are computed with, in the order of Halcyon's memory: uniform in [-1, 1). */
    public static float[] numbers(Shape shape, int stream) {
        RandomStream random = RandomStream.of(7, stream);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return values;
    }

    private Tensor input(Shape shape, int stream) {
        return Tensor.of(device, shape, numbers(shape, stream));
    }

    private Tensor empty(Shape shape) {
        return Tensor.empty(device, DataType.FLOAT32, shape);
    }

    private Tensor zeros(Shape shape) {
        return Tensor.zeros(device, DataType.FLOAT32, shape);
    }

    private Supplier<Tensor> convolution(OperationCase.Convolution it) {
        Tensor x = input(it.x(), 0);
        Tensor w = input(it.w(), 1);
        Shape output = it.d().outputShape(it.x(), it.w());
        return switch (it.direction()) {
            case FORWARD -> () -> {
                Tensor y = empty(output);
                backend.conv2d(it.d(), x.view(), w.view(), y.view());
                return y;
            };
            case INPUT_GRADIENT -> {
                Tensor dy = input(output, 2);
                yield () -> {
                    Tensor dx = empty(it.x());
                    backend.conv2dInputGradient(it.d(), false, dy.view(), w.view(), dx.view());
                    return dx;
                };
            }
            case WEIGHT_GRADIENT -> {
                Tensor dy = input(output, 2);
                Tensor dw = zeros(it.w());
                yield () -> {
                    backend.conv2dWeightGradient(it.d(), x.view(), dy.view(), dw.view());
                    return dw;
                };
            }
        };
    }

    private Supplier<Tensor> linear(OperationCase.Linear it) {
        Tensor x = input(Shape.of(it.n(), it.in()), 0);
        Tensor w = input(Shape.of(it.in(), it.out()), 1);
        Tensor dy = input(Shape.of(it.n(), it.out()), 2);
        Tensor bias = input(Shape.of(it.out()), 3);
        return switch (it.direction()) {
            case FORWARD -> () -> {
                Tensor y = empty(dy.shape());
                backend.gemmBiasActivation(Gemm.PLAIN, Unary.IDENTITY, x.view(), w.view(), bias.view(), y.view());
                return y;
            };
            case INPUT_GRADIENT -> () -> {
                Tensor dx = empty(x.shape());
                backend.gemm(Gemm.of(false, true), dy.view(), w.view(), dx.view());
                return dx;
            };
            case WEIGHT_GRADIENT -> {
                Tensor dw = zeros(w.shape());
                yield () -> {
                    backend.gemm(Gemm.of(true, false).accumulate(), x.view(), dy.view(), dw.view());
                    return dw;
                };
            }
        };
    }

    private Supplier<Tensor> maxPool(OperationCase.Pooling it) {
        Tensor x = input(it.x(), 0);
        Shape output = it.d().outputShape(it.x());
        if (it.direction() == OperationCase.Direction.FORWARD) {
            return () -> {
                Tensor y = empty(output);
                Tensor argument = Tensor.empty(device, DataType.UINT8, output);
                backend.maxPool(it.d(), x.view(), y.view(), argument.view());
                return y;
            };
        }
        Tensor argument = Tensor.empty(device, DataType.UINT8, output);
        backend.maxPool(it.d(), x.view(), empty(output).view(), argument.view());
        Tensor dy = input(output, 2);
        return () -> {
            Tensor dx = empty(it.x());
            backend.maxPoolGradient(it.d(), argument.view(), dy.view(), dx.view());
            return dx;
        };
    }

    private Supplier<Tensor> averagePool(OperationCase.Pooling it) {
        Shape output = it.d().outputShape(it.x());
        if (it.direction() == OperationCase.Direction.FORWARD) {
            Tensor x = input(it.x(), 0);
            return () -> {
                Tensor y = empty(output);
                backend.averagePool(it.d(), x.view(), y.view());
                return y;
            };
        }
        Tensor dy = input(output, 2);
        return () -> {
            Tensor dx = empty(it.x());
            backend.averagePoolGradient(it.d(), dy.view(), dx.view());
            return dx;
        };
    }

    private Supplier<Tensor> norm(OperationCase.Norm it) {
        Shape channels = Shape.of(it.x().extent(3));
        Tensor x = input(it.x(), 0);
        Tensor gamma = input(channels, 1);
        Tensor beta = input(channels, 3);
        Tensor mean = empty(channels);
        Tensor deviation = empty(channels);
        Tensor runningMean = zeros(channels);
        Tensor runningVariance = zeros(channels);
        Supplier<Tensor> forward = () -> {
            Tensor y = empty(it.x());
            backend.batchNorm(BatchNorm.DEFAULT, x.view(), gamma.view(), beta.view(), runningMean.view(),
                    runningVariance.view(), mean.view(), deviation.view(), y.view());
            return y;
        };
        if (it.direction() == OperationCase.Direction.FORWARD) {
            return forward;
        }
        forward.get();
        Tensor dy = input(it.x(), 2);
        Tensor dgamma = zeros(channels);
        Tensor dbeta = zeros(channels);
        return () -> {
            Tensor dx = empty(it.x());
            backend.batchNormGradient(x.view(), gamma.view(), mean.view(), deviation.view(), dy.view(), dx.view(),
                    dgamma.view(), dbeta.view());
            return dx;
        };
    }

    private Supplier<Tensor> softmax(Shape shape) {
        Tensor x = input(shape, 0);
        return () -> {
            Tensor y = empty(shape);
            backend.softmax(x.view(), y.view());
            return y;
        };
    }
}
