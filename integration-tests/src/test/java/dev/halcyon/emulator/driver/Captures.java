package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_ILLEGAL_STATE;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_UNMATCHED;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
import static jcuda.driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL;
import static jcuda.driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED;

import java.util.ArrayList;
import java.util.List;

/** The captures that are going on, and what they forbid. */
final class Captures {
    private final Handles handles;
    private final List<Capture> open = new ArrayList<>();
    private final ThreadLocal<Integer> modeOfThread = ThreadLocal.withInitial(() -> CU_STREAM_CAPTURE_MODE_GLOBAL);

    Captures(Handles handles) {
        this.handles = handles;
    }

    /** Begins to capture a stream. */
    void begin(Stream stream, int mode) {
        DriverError.unless(stream.capture() == null && stream.handle() != 0, CUDA_ERROR_ILLEGAL_STATE);
        open.add(new Capture(stream, mode, new Graph(handles)));
    }

    /** Ends the capture of a stream and gives the graph. */
    Graph end(Stream stream) {
        Capture capture = stream.capture();
        DriverError.unless(capture != null, CUDA_ERROR_STREAM_CAPTURE_UNMATCHED);
        try {
            return capture.end(stream);
        } finally {
            open.removeIf(each -> each.origin().capture() != each);
        }
    }

    /** Ends the capture of a stream that goes away. */
    void drop(Stream stream) {
        Capture capture = stream.capture();
        if (capture != null) {
            capture.drop();
            capture.graph().destroy();
            open.remove(capture);
        }
    }

    /**
     * Refuses a call that a device may not be able to do, or not when it is called, while something is captured: it ends
     * the captures that this thread must not disturb.
     */
    void requireNone() {
        if (modeOfThread.get() == CU_STREAM_CAPTURE_MODE_RELAXED) {
            return;
        }
        List<Capture> disturbed = open.stream().filter(this::isDisturbedHere).toList();
        disturbed.forEach(Capture::invalidate);
        DriverError.unless(disturbed.isEmpty(), CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    }

    private boolean isDisturbedHere(Capture capture) {
        boolean own = capture.thread() == Thread.currentThread();
        boolean others = capture.mode() == CU_STREAM_CAPTURE_MODE_GLOBAL
                && modeOfThread.get() == CU_STREAM_CAPTURE_MODE_GLOBAL;
        return capture.mode() != CU_STREAM_CAPTURE_MODE_RELAXED && (own || others);
    }

    /** Refuses to wait for a context of whose streams one is captured, and ends that capture. */
    void requireNone(Context context) {
        List<Capture> theirs = open.stream().filter(each -> each.origin().context() == context).toList();
        theirs.forEach(Capture::invalidate);
        DriverError.unless(theirs.isEmpty(), CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    }

    /** Sets what this thread may do while something is captured, and gives what was set before. */
    int exchangeMode(int mode) {
        int before = modeOfThread.get();
        modeOfThread.set(mode);
        return before;
    }
}
