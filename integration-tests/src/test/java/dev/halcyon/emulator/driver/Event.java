package dev.halcyon.emulator.driver;

import static jcuda.driver.CUevent_flags.CU_EVENT_DISABLE_TIMING;
import static jcuda.driver.CUresult.CUDA_ERROR_CAPTURED_EVENT;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_HANDLE;
import static jcuda.driver.CUresult.CUDA_ERROR_NOT_READY;

import java.util.Set;

/** A mark in a stream, to wait for and to take times by. */
final class Event {
    private final Context context;
    private final long handle;
    private final int flags;
    private Recording last;
    private Set<GraphNode> captured = Set.of();
    private Capture capture;

    Event(Context context, long handle, int flags) {
        this.context = context;
        this.handle = handle;
        this.flags = flags;
    }

    Context context() {
        return context;
    }

    long handle() {
        return handle;
    }

    /** Puts the mark at the end of a stream's queue, or of what is captured of it. */
    void record(Stream stream) {
        if (stream.capture() != null) {
            capture = stream.capture();
            captured = capture.frontier(stream);
            return;
        }
        capture = null;
        Recording recording = new Recording(stream);
        stream.queue(recording);
        recording.place = stream.submitted();
        last = recording;
    }

    /** Lets later work of a stream wait for the mark. */
    void letWait(Stream stream) {
        if (capture != null) {
            capture.join(stream, captured);
        } else if (stream.capture() != null) {
            stream.capture().refuseWorkFromOutside();
        } else if (last != null) {
            stream.waitFor(last.stream, last.place);
        }
    }

    /** Whether all before the mark is done. Asking does some of it, so that a program that asks until then ends. */
    boolean isDone() {
        requireUncaptured();
        if (last == null || last.isDone()) {
            return true;
        }
        last.stream.step();
        return false;
    }

    /** Does all before the mark. */
    void finish() {
        requireUncaptured();
        if (last != null) {
            last.stream.finish(last.place);
        }
    }

    /** Milliseconds from another event's mark to this one's. */
    float millisecondsSince(Event start) {
        DriverError.unless(isTimed() && start.isTimed(), CUDA_ERROR_INVALID_HANDLE);
        DriverError.unless(last.isDone() && start.last.isDone(), CUDA_ERROR_NOT_READY);
        return (last.nanoTime - start.last.nanoTime) * 1e-6f;
    }

    private boolean isTimed() {
        return (flags & CU_EVENT_DISABLE_TIMING) == 0 && last != null && capture == null;
    }

    private void requireUncaptured() {
        if (capture != null) {
            capture.invalidate();
            throw new DriverError(CUDA_ERROR_CAPTURED_EVENT);
        }
    }

    /** One use of an event: when it is recorded again, whoever waits for the earlier mark still does. */
    private static final class Recording implements Work {
        private final Stream stream;
        private long place;
        private long nanoTime;

        private Recording(Stream stream) {
            this.stream = stream;
        }

        @Override
        public void execute() {
            nanoTime = System.nanoTime();
        }

        private boolean isDone() {
            return stream.hasDone(place);
        }
    }
}
