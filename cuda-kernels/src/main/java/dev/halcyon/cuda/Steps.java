package dev.halcyon.cuda;

import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUresult;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/**
 * Submits the work of a step as a whole: while it is called, its kernels and copies are captured into a graph, which is
 * then launched once. Java runs every step anew, so that anything may differ; where only addresses and numbers differ,
 * the graph that was made ready for the device is brought up to date, otherwise another one is made.
 *
 * <p>A step is captured if the one before it needed nothing that cannot be part of a graph: data read back, kernels
 * loaded. If a captured step needs such a thing, what was captured so far is launched, and the rest goes its way call by
 * call. Either way the device does the same work in the same order.
 */
final class Steps implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Steps.class.getName());
    private static final AtomicBoolean TOLD = new AtomicBoolean();
    /** Graphs kept ready: a step in up to three parts, those with fewer images, and evaluation with and without these. */
    private static final int KEPT = 8;

    /** A graph of which {@link #handle} is the address. */
    private static final class Graph extends CUgraph {
        long handle() {
            return getNativePointer();
        }
    }

    /** A graph made ready, of which {@link #handle} is the address. */
    private static final class Executable extends CUgraphExec {
        long handle() {
            return getNativePointer();
        }
    }

    private final Context context;
    private final DriverLibrary library;
    private final boolean enabled;
    private final SequencedMap<Integer, Executable> executables = new LinkedHashMap<>(2 * KEPT, 0.75f, true);
    private DeviceMemory memory;
    private Staging staging;
    private boolean inside;
    private boolean capturing;
    private boolean interrupted = true;
    /** Tells graphs apart by what they consist of. */
    private int form;

    Steps(Context context, DriverLibrary library, Submission submission) {
        this.context = context;
        this.library = library;
        this.enabled = submission == Submission.GRAPHS;
    }

    /** Tells of the parts that have to know what is captured. */
    void attach(DeviceMemory newMemory, Staging newStaging) {
        memory = newMemory;
        staging = newStaging;
    }

    /** Carries out a step. */
    void run(Runnable work) {
        if (!enabled || inside) {
            work.run();
            return;
        }
        boolean settled = !interrupted;
        inside = true;
        interrupted = false;
        try {
            if (settled) {
                begin();
            }
            work.run();
            submit();
        } catch (RuntimeException | Error e) {
            abandon(e);
            throw e;
        } finally {
            inside = false;
        }
    }

    /** Whether calls are noted for a graph rather than carried out. */
    boolean isCapturing() {
        return capturing;
    }

    /** Has what was captured so far carried out, since what follows cannot be captured. */
    void interrupt() {
        interrupted |= inside;
        submit();
    }

    /** Notes what is put into the graph. */
    void note(Object part) {
        form = 31 * form + part.hashCode();
    }

    private void begin() {
        context.makeCurrent();
        memory.hold();
        form = 1;
        // nothing that is called meanwhile waits for the stream, so nothing need be forbidden
        int mode = CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED;
        int status = JCudaDriver.cuStreamBeginCapture(context.stream(), mode);
        capturing = status == CUresult.CUDA_SUCCESS;
        if (!capturing) {
            memory.release();
            context.check(status, "cuStreamBeginCapture");
        }
    }

    private void submit() {
        if (!capturing) {
            return;
        }
        capturing = false;
        memory.release();
        context.makeCurrent();
        Graph graph = new Graph();
        context.check(JCudaDriver.cuStreamEndCapture(context.stream(), graph), "cuStreamEndCapture");
        try {
            staging.awaitUploads();
            Executable executable = executable(graph);
            context.check(memory.withUnused(() -> JCudaDriver.cuGraphLaunch(executable, context.stream())),
                    "cuGraphLaunch");
            staging.afterLaunch();
        } finally {
            JCudaDriver.cuGraphDestroy(graph);
        }
    }

    /** The work before a failure has been done, as it would be without graphs. */
    private void abandon(Throwable failure) {
        interrupted = true;
        try {
            submit();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private Executable executable(Graph graph) {
        Executable known = executables.get(form);
        if (known != null) {
            int status = library.update(known.handle(), graph.handle());
            if (status == CUresult.CUDA_SUCCESS) {
                return known;
            }
            tellOfRefusal(status);
            executables.remove(form);
            JCudaDriver.cuGraphExecDestroy(known);
        }
        Executable made = new Executable();
        context.check(memory.withUnused(() -> JCudaDriver.cuGraphInstantiate(made, graph, 0L)), "cuGraphInstantiate");
        executables.put(form, made);
        if (executables.size() > KEPT) {
            JCudaDriver.cuGraphExecDestroy(executables.pollFirstEntry().getValue());
        }
        return made;
    }

    /** Such steps are right, but each takes milliseconds longer. */
    private static void tellOfRefusal(int status) {
        if (!TOLD.getAndSet(true)) {
            LOG.log(Level.WARNING,
                    "the driver cannot bring the graph of a step up to date ({0}), so that each such step is"
                            + " made ready anew; -Dhalcyon.cudaSubmission=launches may be faster",
                    CUresult.stringFor(status));
        }
    }

    @Override
    public void close() {
        executables.values().forEach(JCudaDriver::cuGraphExecDestroy);
        executables.clear();
    }
}
