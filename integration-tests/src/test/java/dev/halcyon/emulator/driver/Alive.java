package dev.halcyon.emulator.driver;

/**
 * What the program under test holds of the emulated GPU: all zero when it gave everything back.
 *
 * @param deviceBytes of device memory
 * @param hostBytes of pinned host memory, allocated or registered
 * @param contexts primary ones among them
 * @param modules loaded
 * @param streams created
 * @param events created
 * @param graphs templates
 * @param executables instantiated graphs
 * @param pools of memory, created
 * @param cublasHandles of cuBLAS
 */
public record Alive(long deviceBytes, long hostBytes, int contexts, int modules, int streams, int events, int graphs,
        int executables, int pools, int cublasHandles) {
    /** Nothing is held. */
    public static Alive nothing() {
        return new Alive(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
