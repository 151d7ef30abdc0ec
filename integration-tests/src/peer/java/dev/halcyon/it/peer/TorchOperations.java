package dev.halcyon.it.peer;

import static org.bytedeco.pytorch.global.torch.avg_pool2d;
import static org.bytedeco.pytorch.global.torch.avg_pool2d_backward;
import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.convolution_backward;
import static org.bytedeco.pytorch.global.torch.max_pool2d_with_indices;
import static org.bytedeco.pytorch.global.torch.max_pool2d_with_indices_backward;
import static org.bytedeco.pytorch.global.torch.native_batch_norm;
import static org.bytedeco.pytorch.global.torch.native_batch_norm_backward;
import static org.bytedeco.pytorch.global.torch.ones;
import static org.bytedeco.pytorch.global.torch.set_num_threads;
import static org.bytedeco.pytorch.global.torch.zeros;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Pool2d;
import dev.halcyon.it.timing.HalcyonOperation;
import dev.halcyon.it.timing.OperationCase;
import dev.halcyon.it.timing.OperationCases;
import dev.halcyon.tensor.Shape;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** A process that times operations in libtorch, by the functions that its autograd calls. */
final class TorchOperations {
    private static final double WARMUP = 0.2;

    private final boolean channelsLast;

    private TorchOperations(boolean channelsLast) {
        this.channelsLast = channelsLast;
    }

    /** Arguments as of {@link HalcyonOperations}, then threads and whether memory is channels last. */
    public static void main(String[] arguments) {
        set_num_threads(Integer.parseInt(arguments[4]));
        TorchOperations operations = new TorchOperations(Boolean.parseBoolean(arguments[5]));
        List<OperationCase> cases = OperationCases.containing(arguments[1]);
        try (NoGradGuard _ = new NoGradGuard()) {
            int end = Integer.parseInt(arguments[3]);
            for (int number = Integer.parseInt(arguments[2]); number < end; number++) {
                try (PointerScope _ = new PointerScope()) {
                    System.out.println(
                            operations.time(number, cases.get(number), Integer.parseInt(arguments[0])).line());
                }
            }
        }
    }

    private OperationTime time(int number, OperationCase operation, int samples) {
        Supplier<Tensor> work = switch (operation) {
            case OperationCase.Convolution it -> convolution(it);
            case OperationCase.Linear it -> linear(it);
            case OperationCase.Pooling it -> it.maximum() ? maxPool(it) : averagePool(it);
            case OperationCase.Norm it -> norm(it);
            case OperationCase.Softmax it -> {
                Tensor x = matrix(Shape.of(it.n(), it.classes()), 0);
                yield () -> torch.softmax(x, 1);
            }
        };
        double norm = work.get().to(torch.ScalarType.Double).norm().item_double();
        double microseconds = Stopwatch.median(WARMUP, samples, () -> {
            try (PointerScope _ = new PointerScope()) {
                work.get();
            }
        });
        return new OperationTime(number, microseconds, norm);
    }

    private static Tensor matrix(Shape shape, int stream) {
        return Tensor.create(HalcyonOperation.numbers(shape, stream), shape.extents());
    }

    /** Images from [n, h, w, c], or weights from [kh, kw, cin, cout], in PyTorch's order of axes. */
    private Tensor ordered(Shape shape, int stream, long... axes) {
        return matrix(shape, stream).permute(axes)
                .contiguous(channelsLast ? torch.MemoryFormat.ChannelsLast : torch.MemoryFormat.Contiguous);
    }

    private Tensor images(Shape shape, int stream) {
        return ordered(shape, stream, 0, 3, 1, 2);
    }

    private static BoolPointer mask(boolean... wanted) {
        BoolPointer mask = new BoolPointer(wanted.length);
        for (int i = 0; i < wanted.length; i++) {
            mask.put(i, wanted[i]);
        }
        return mask;
    }

    private Supplier<Tensor> convolution(OperationCase.Convolution it) {
        Conv2d d = it.d();
        Tensor x = images(it.x(), 0);
        Tensor w = ordered(it.w(), 1, 3, 2, 0, 1);
        long[] stride = TorchLayers.stride(d);
        long[] padding = TorchLayers.padding(d);
        long[] dilation = TorchLayers.dilation(d);
        if (it.direction() == OperationCase.Direction.FORWARD) {
            TensorOptional none = new TensorOptional();
            return () -> conv2d(x, w, none, stride, padding, dilation, d.groups());
        }
        Tensor dy = images(d.outputShape(it.x(), it.w()), 2);
        boolean ofInput = it.direction() == OperationCase.Direction.INPUT_GRADIENT;
        BoolPointer mask = mask(ofInput, !ofInput, false);
        LongArrayRefOptional noBias = new LongArrayRefOptional();
        return () -> {
            T_TensorTensorTensor_T gradients = convolution_backward(dy, x, w, noBias, stride, padding, dilation, false,
                    new long[] {0, 0}, d.groups(), mask);
            return ofInput ? gradients.get0() : gradients.get1();
        };
    }

    private static Supplier<Tensor> linear(OperationCase.Linear it) {
        Tensor x = matrix(Shape.of(it.n(), it.in()), 0);
        Tensor w = matrix(Shape.of(it.in(), it.out()), 1).t().contiguous();
        Tensor dy = matrix(Shape.of(it.n(), it.out()), 2);
        TensorOptional bias = new TensorOptional(matrix(Shape.of(it.out()), 3));
        return switch (it.direction()) {
            case FORWARD -> () -> torch.linear(x, w, bias);
            case INPUT_GRADIENT -> () -> dy.mm(w);
            case WEIGHT_GRADIENT -> () -> dy.t().mm(x);
        };
    }

    private Supplier<Tensor> maxPool(OperationCase.Pooling it) {
        Tensor x = images(it.x(), 0);
        long[] kernel = kernel(it.d());
        long[] stride = stride(it.d());
        long[] padding = padding(it.d());
        long[] dilation = {1, 1};
        if (it.direction() == OperationCase.Direction.FORWARD) {
            return () -> max_pool2d_with_indices(x, kernel, stride, padding, dilation, false).get0();
        }
        Tensor indices = max_pool2d_with_indices(x, kernel, stride, padding, dilation, false).get1();
        Tensor dy = images(it.d().outputShape(it.x()), 2);
        return () -> max_pool2d_with_indices_backward(dy, x, kernel, stride, padding, dilation, false, indices);
    }

    /** Where the window is the whole image, libtorch's mean and the gradient of it, which do better. */
    private Supplier<Tensor> averagePool(OperationCase.Pooling it) {
        Tensor x = images(it.x(), 0);
        Tensor dy = images(it.d().outputShape(it.x()), 2);
        boolean forward = it.direction() == OperationCase.Direction.FORWARD;
        if (it.d().equals(Pool2d.global(it.x()))) {
            long[] extents = {x.size(0), x.size(1), x.size(2), x.size(3)};
            Scalar size = new Scalar((double) (x.size(2) * x.size(3)));
            return forward ? () -> torch.adaptive_avg_pool2d(x, 1, 1) : () -> dy.expand(extents).div(size);
        }
        LongOptional none = new LongOptional();
        return forward
                ? () -> avg_pool2d(x, kernel(it.d()), stride(it.d()), padding(it.d()), false, true, none)
                : () -> avg_pool2d_backward(dy, x, kernel(it.d()), stride(it.d()), padding(it.d()), false, true, none);
    }

    private static long[] kernel(Pool2d d) {
        return new long[] {d.kernelHeight(), d.kernelWidth()};
    }

    private static long[] stride(Pool2d d) {
        return new long[] {d.strideHeight(), d.strideWidth()};
    }

    private static long[] padding(Pool2d d) {
        return new long[] {d.paddingHeight(), d.paddingWidth()};
    }

    private Supplier<Tensor> norm(OperationCase.Norm it) {
        long channels = it.x().extent(3);
        Tensor x = images(it.x(), 0);
        TensorOptional gamma = new TensorOptional(matrix(Shape.of(channels), 1));
        TensorOptional beta = new TensorOptional(matrix(Shape.of(channels), 3));
        TensorOptional mean = new TensorOptional(zeros(channels));
        TensorOptional variance = new TensorOptional(ones(channels));
        Supplier<T_TensorTensorTensor_T> forward =
                () -> native_batch_norm(x, gamma, beta, mean, variance, true, 0.1, 1e-5);
        if (it.direction() == OperationCase.Direction.FORWARD) {
            return () -> forward.get().get0();
        }
        T_TensorTensorTensor_T saved = forward.get();
        TensorOptional savedMean = new TensorOptional(saved.get1());
        TensorOptional savedDeviation = new TensorOptional(saved.get2());
        Tensor dy = images(it.x(), 2);
        BoolPointer mask = mask(true, true, true);
        return () -> native_batch_norm_backward(dy, x, gamma, mean, variance, savedMean, savedDeviation, true, 1e-5,
                mask).get0();
    }
}
