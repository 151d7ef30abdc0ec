package dev.halcyon.emulator.cublas;

/** The values of {@code cublasStatus_t} that a matrix product answers. */
public enum CublasStatus {
    SUCCESS(0),
    /** A parameter is out of its range. */
    INVALID_VALUE(7),
    /** The parameters are each valid, but not this combination of types. */
    NOT_SUPPORTED(15);

    private final int code;

    CublasStatus(int code) {
        this.code = code;
    }

    /** The number in C. */
    public int code() {
        return code;
    }
}
