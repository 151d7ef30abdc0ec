package dev.halcyon.emulator.driver;

import dev.halcyon.emulator.execution.LaunchReport;
import dev.halcyon.emulator.execution.LaunchShape;
import java.util.Optional;

/** Something that a device was made to do, as {@link EmulatedGpu#launches} tells it. */
public sealed interface Launch {
    /** Ordinal of the device. */
    int device();

    /**
     * A kernel of a module.
     *
     * @param ptx text of the module
     * @param kernel its name there
     * @param parameters their bytes, laid out as the kernel's PTX declares them
     * @param report what its execution counted; empty if it was not executed
     */
    record Kernel(int device, String ptx, String kernel, LaunchShape shape, byte[] parameters,
            Optional<LaunchReport> report)
            implements Launch {
        @Override
        public String toString() {
            return kernel + " " + shape;
        }
    }

    /**
     * A product of matrices by cuBLAS, for each of a batch: m by k times k by n.
     *
     * @param computeType a value of {@code cublasComputeType}
     * @param typeA {@code cudaDataType} of the first matrix
     * @param typeB of the second
     * @param typeC of the result
     * @param accumulating whether it is added to what was there
     */
    record Product(int device, int m, int n, int k, int batch, int computeType, int typeA, int typeB, int typeC,
            boolean accumulating)
            implements Launch {
    }

    /**
     * A graph; what its nodes do follows.
     *
     * @param nodes how many it has
     */
    record Graph(int device, int nodes) implements Launch {
    }

    /** A copy from or to the device, or on it. */
    record Copy(int device, Direction direction, long bytes) implements Launch {
    }

    /** A fill of device memory. */
    record Fill(int device, long bytes) implements Launch {
    }

    /** Where a copy goes. */
    enum Direction {
        TO_DEVICE, TO_HOST, ON_DEVICE, BETWEEN_DEVICES,
        /** From a device to another that may not reach its memory. */
        BY_WAY_OF_HOST
    }
}
