package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_NOT_INITIALIZED;
import static jcuda.driver.CUresult.CUDA_ERROR_UNKNOWN;
import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static jcuda.jcublas.cublasStatus.CUBLAS_STATUS_INTERNAL_ERROR;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halcyon.emulator.execution.Finding;
import java.lang.System.Logger.Level;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An emulated GPU in this process: while it runs, the CUDA driver and cuBLAS that programs find here are stand-ins whose
 * work is done by Java code. Kernels are executed by an interpreter of their PTX. One at a time.
 *
 * <p>Work that is queued on streams is done when somebody waits for it, as late as possible.
 */
public final class EmulatedGpu implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EmulatedGpu.class.getName());
    private static final String CUDA = "libcuda.so.1";
    private static final String CUBLAS = "libcublas.so.12";
    private static final Set<String> BEFORE_INITIALISATION = Set.of("cuInit", "cuDriverGetVersion");

    private static StandIn cuda;
    private static StandIn cublas;
    private static EmulatedGpu running;
    /** A process initialises its driver once, however many emulated GPUs it sees. */
    private static boolean initialised;

    private final Driver driver;
    private final Functions functions = new Functions();
    private final List<Throwable> failures = new ArrayList<>();

    private EmulatedGpu(Settings settings) {
        driver = new Driver(settings);
        new DeviceCalls(driver).addTo(functions);
        new ContextCalls(driver).addTo(functions);
        new ModuleCalls(driver).addTo(functions);
        new MemoryCalls(driver).addTo(functions);
        new PoolCalls(driver).addTo(functions);
        new CopyCalls(driver).addTo(functions);
        new StreamCalls(driver).addTo(functions);
        new LaunchCalls(driver).addTo(functions);
        new CaptureCalls(driver).addTo(functions);
        new GraphCalls(driver).addTo(functions);
        new CublasCalls(driver).addTo(functions);
    }

    /** Why there can be no emulated GPU here; empty if there can. */
    public static Optional<String> problem() {
        Path library = libraries().resolve(CUDA);
        return Files.exists(library)
                ? Optional.empty()
                : Optional.of(library + " is missing: the test build makes it on Linux with gcc, which was not found");
    }

    /** Starts one, or skips the test with the reason. */
    public static EmulatedGpu startOrSkip(Settings settings) {
        Optional<String> problem = problem();
        assumeTrue(problem.isEmpty(), () -> problem.orElse(""));
        return start(settings);
    }

    /**
     * Starts one.
     *
     * @throws IllegalStateException if one is running, or there can be none here
     */
    public static synchronized EmulatedGpu start(Settings settings) {
        problem().ifPresent(text -> {
            throw new IllegalStateException(text);
        });
        requireCollector();
        if (running != null) {
            throw new IllegalStateException("expected no emulated GPU, found one running; close it first");
        }
        EmulatedGpu gpu = new EmulatedGpu(settings);
        if (cuda == null) {
            cuda = new StandIn(libraries().resolve(CUDA));
        }
        cuda.attach(gpu::call, gpu.functions.names());
        if (settings.cublas()) {
            if (cublas == null) {
                cublas = new StandIn(libraries().resolve(CUBLAS));
            }
            cublas.attach(gpu::callCublas, gpu.functions.names());
        }
        running = gpu;
        return gpu;
    }

    /**
     * JCuda calls the driver while it holds on to the Java arrays it was given. The G1 collector can work meanwhile;
     * others wait until they are let go, which is never when the emulator itself is what needs memory.
     */
    private static void requireCollector() {
        List<String> names = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map(GarbageCollectorMXBean::getName).toList();
        if (names.stream().noneMatch(name -> name.startsWith("G1"))) {
            throw new IllegalStateException("expected the collector G1 for the emulated GPU, found " + names
                    + "; start Java with -XX:+UseG1GC, behind -XX:-UseSerialGC if need be");
        }
    }

    /** The folder of the stand-in libraries: that of the agent's jar, or beside the test classes. */
    static Path libraries() {
        try {
            Path code = Path.of(EmulatedGpu.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return Files.isDirectory(code) ? code.resolveSibling("emulated-gpu") : code.getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized int call(String function, Arguments arguments) {
        if (!initialised && !BEFORE_INITIALISATION.contains(function)) {
            return CUDA_ERROR_NOT_INITIALIZED;
        }
        int status = perform(function, arguments, CUDA_ERROR_UNKNOWN);
        initialised |= function.equals("cuInit") && status == CUDA_SUCCESS;
        return status;
    }

    private synchronized int callCublas(String function, Arguments arguments) {
        return perform(function, arguments, CUBLAS_STATUS_INTERNAL_ERROR);
    }

    private int perform(String function, Arguments arguments, int statusOfEmulatorsFailure) {
        try {
            functions.get(function).call(arguments);
            return CUDA_SUCCESS;
        } catch (DriverError e) {
            return e.status();
        } catch (Throwable e) { // nothing may be thrown through C code
            LOG.log(Level.ERROR, "the emulator failed in " + function, e);
            failures.add(e);
            return statusOfEmulatorsFailure;
        }
    }

    /** What programs hold of it. */
    public synchronized Alive alive() {
        Handles handles = driver.handles();
        return new Alive(driver.devices().stream().mapToLong(Device::heldBytes).sum(), driver.pinned().bytes(),
                handles.count(Context.class), handles.count(KernelModule.class), handles.count(Stream.class),
                handles.count(Event.class), handles.count(Graph.class), handles.count(ExecutableGraph.class),
                handles.count(MemoryPool.class), handles.count(CublasHandle.class));
    }

    /** What its devices have done so far, in order; what is queued is not done. */
    public synchronized List<Launch> launches() {
        return List.copyOf(driver.launches());
    }

    /** Forgets what its devices have done so far. */
    public synchronized void forgetLaunches() {
        driver.launches().clear();
    }

    /** What kernels did that they must not do. */
    public synchronized List<Finding> findings() {
        return driver.findings().all();
    }

    /** What copies and fills did that they must not do. */
    public synchronized List<String> faults() {
        return List.copyOf(driver.faults());
    }

    /**
     * Takes it away: programs find a driver without a device from now on.
     *
     * @throws IllegalStateException if the emulator itself failed, with the first failure as its cause
     */
    @Override
    public void close() {
        synchronized (EmulatedGpu.class) {
            cuda.detach();
            if (cublas != null) {
                cublas.detach();
            }
            running = null;
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("the emulator failed " + failures.size() + " times", failures.getFirst());
        }
    }
}
