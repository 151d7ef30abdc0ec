package dev.halcyon.cpu;

import dev.halcyon.device.Binary;
import dev.halcyon.device.Gemm;
import dev.halcyon.device.Unary;
import dev.halcyon.device.View;

/** Matrix products of views. */
final class Gemms {
    /** Products of a batch that are smaller than this are each done by one thread. */
    private static final double SMALL = 4e6;

    private final Workers workers;
    private final Multiplier multiplier;

    Gemms(Workers workers, Multiplier multiplier) {
        this.workers = workers;
        this.multiplier = multiplier;
    }

    void gemm(Gemm d, Unary activation, View a, View b, View bias, View c) {
        long biasAddress = bias == null ? 0 : Memory.address(bias);
        int m = Math.toIntExact(d.m(a.shape()));
        int n = Math.toIntExact(d.n(b.shape()));
        boolean prepared = d.beta() != 0 && (d.beta() != 1 || biasAddress != 0);
        if (prepared) {
            prepare((float) d.beta(), biasAddress, Memory.address(c), m, n);
        }
        multiplier.multiply(product(d, activation, a, Memory.address(a), b, Memory.address(b),
                prepared ? 0 : biasAddress, Memory.address(c)));
    }

    private static Product product(Gemm d, Unary activation, View a, long aAddress, View b, long bAddress, long bias,
            long c) {
        int n = Math.toIntExact(d.n(b.shape()));
        return new Product(d.m(a.shape()), n, d.k(a.shape()),
                new MatrixOperand(aAddress, 4 * a.extent(-1), d.transposeA(), (float) d.alpha()),
                new MatrixOperand(bAddress, 4 * b.extent(-1), d.transposeB(), 1), new Product.Rows(c, 4L * n),
                d.beta() != 0, bias, Epilogue.of(activation));
    }

    /** C = beta C + bias, to be added to. */
    private void prepare(float beta, long bias, long c, int rows, int n) {
        RowKernels kernels = Vectorization.rows();
        workers.forEach(rows, n, (row, _) -> {
            long at = c + 4 * row * n;
            kernels.scaleAdd(beta, at, 0, at, n);
            if (bias != 0) {
                kernels.binary(Binary.ADD, at, 1, bias, 1, at, n);
            }
        });
    }

    void batched(Gemm d, View a, View b, View c) {
        int batch = Math.toIntExact(a.extent(0));
        double operations = 2.0 * d.m(a.shape()) * d.n(b.shape()) * d.k(a.shape());
        if (operations > SMALL) {
            for (int i = 0; i < batch; i++) {
                gemm(d, Unary.IDENTITY, a.row(i), b.row(i), null, c.row(i));
            }
            return;
        }
        if (d.beta() != 0 && d.beta() != 1) {
            prepare((float) d.beta(), 0, Memory.address(c), Math.toIntExact(c.shape().product(0, 2)),
                    (int) c.extent(2));
        }
        long aBytes = a.bytes() / batch;
        long bBytes = b.bytes() / batch;
        long cBytes = c.bytes() / batch;
        workers.forEach(batch, operations, (i, worker) -> multiplier.multiplyAlone(product(d, Unary.IDENTITY, a,
                Memory.address(a) + i * aBytes, b, Memory.address(b) + i * bBytes, 0, Memory.address(c) + i * cBytes),
                worker));
    }
}
