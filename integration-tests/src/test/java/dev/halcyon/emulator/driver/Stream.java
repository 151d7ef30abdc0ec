package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_ILLEGAL_ADDRESS;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_IMPLICIT;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
import static jcuda.driver.CUstream_flags.CU_STREAM_NON_BLOCKING;

import dev.halcyon.emulator.memory.AccessFault;
import java.util.ArrayDeque;

/**
 * A queue of work. Nothing of it is done before somebody waits for it, or for an event in it, or the queue is full: a
 * program that reads results without waiting, or changes what a copy has yet to read, gets wrong numbers here always,
 * where on a device it gets them sometimes.
 */
final class Stream {
    /** As many launches as a device queues before a launch blocks, about. */
    private static final int FULL = 1024;

    private final Context context;
    private final long handle;
    private final int flags;
    private final int priority;
    private final ArrayDeque<Work> queued = new ArrayDeque<>();
    private long submitted;
    private long done;
    private Capture capture;

    Stream(Context context, long handle, int flags, int priority) {
        this.context = context;
        this.handle = handle;
        this.flags = flags;
        this.priority = priority;
    }

    Context context() {
        return context;
    }

    long handle() {
        return handle;
    }

    int flags() {
        return flags;
    }

    int priority() {
        return priority;
    }

    /** Whether it and the default stream wait for each other. */
    boolean isBlocking() {
        return (flags & CU_STREAM_NON_BLOCKING) == 0;
    }

    /** The capture that work goes to instead of the queue; null if there is none. */
    Capture capture() {
        return capture;
    }

    void setCapture(Capture begun) {
        capture = begun;
    }

    /** Queues work, or makes it a node of the graph that is captured. */
    void submit(NodeWork work) {
        if (capture != null) {
            DriverError.unless(capture.isValid(), CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
            capture.add(this, work);
        } else {
            queue(work);
        }
    }

    /** Queues work. */
    void queue(Work work) {
        waitForOthers();
        enqueue(work);
        while (queued.size() > FULL) {
            step();
        }
    }

    private void enqueue(Work work) {
        queued.add(work);
        submitted++;
    }

    /** The default stream waits for all blocking ones, and they for it. */
    private void waitForOthers() {
        Stream standard = context.defaultStream();
        if (this == standard) {
            for (Stream other : context.blockingStreams()) {
                if (other.capture != null) {
                    other.capture.invalidate();
                    throw new DriverError(CUDA_ERROR_STREAM_CAPTURE_IMPLICIT);
                }
                waitFor(other, other.submitted);
            }
        } else if (isBlocking()) {
            waitFor(standard, standard.submitted);
        }
    }

    /** Lets later work of this stream begin only when a number of another's works are done. */
    void waitFor(Stream other, long works) {
        if (other.done < works) {
            enqueue(new EventWait(this, other, works));
        }
    }

    /** How many works were queued so far. */
    long submitted() {
        return submitted;
    }

    boolean isIdle() {
        return queued.isEmpty();
    }

    boolean hasDone(long works) {
        return done >= works;
    }

    /** Does all queued work. */
    void finish() {
        finish(submitted);
    }

    /** Does queued work until a number of works are done. */
    void finish(long works) {
        while (done < works && !queued.isEmpty()) {
            step();
        }
    }

    /** Does the first queued work. */
    void step() {
        Work work = queued.remove();
        done++;
        try {
            work.execute();
        } catch (DriverError e) {
            context.fail(e.status());
            throw e;
        } catch (AccessFault e) {
            context.fault(e);
            throw new DriverError(CUDA_ERROR_ILLEGAL_ADDRESS);
        }
    }

    /** Refuses what would wait for this stream while it is captured, and ends the capture. */
    void requireNoCapture() {
        if (capture != null) {
            capture.invalidate();
            throw new DriverError(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
        }
    }

    /** Forgets all queued work, whose context has failed. */
    void abandon() {
        queued.clear();
        done = submitted;
    }
}
