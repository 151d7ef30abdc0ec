package dev.halcyon.emulator.driver;

/** A program's access to cuBLAS in a context. */
final class CublasHandle {
    private final Context context;
    private Stream stream;
    private int mathMode;
    private int atomicsMode;

    CublasHandle(Context context) {
        this.context = context;
        stream = context.defaultStream();
    }

    Device device() {
        return context.device();
    }

    /** The stream that products are queued on. */
    Stream stream() {
        return stream;
    }

    void setStream(Stream other) {
        stream = other;
    }

    int mathMode() {
        return mathMode;
    }

    void setMathMode(int mode) {
        mathMode = mode;
    }

    int atomicsMode() {
        return atomicsMode;
    }

    void setAtomicsMode(int mode) {
        atomicsMode = mode;
    }
}
