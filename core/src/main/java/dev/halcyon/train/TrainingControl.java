package dev.halcyon.train;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Steers a run while it goes: pause, go on, stop, another learning rate. All methods may be called by any thread; the
 * training thread obeys before its next step.
 */
public final class TrainingControl {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean paused;
    private volatile boolean stopping;
    private volatile boolean stoppingAfterEpoch;
    private volatile double rateFactor = 1;

    TrainingControl() {
    }

    /** Lets training wait after the current step, until {@link #proceed} or {@link #stop}. */
    public void pause() {
        paused = true;
    }

    /** Ends a pause. */
    public void proceed() {
        paused = false;
        wake();
    }

    /** Asks training to stop after the current step, with a checkpoint; this also ends a pause. */
    public void stop() {
        stopping = true;
        wake();
    }

    /** Whether training is to stop after the epoch that it is in, with a checkpoint. */
    public void stopAfterEpoch(boolean wanted) {
        stoppingAfterEpoch = wanted;
    }

    /**
     * Multiplies the schedule's learning rate from the next step on. Checkpoints keep the factor.
     *
     * @param factor above 0 and finite; 1 for the schedule as it is
     */
    public void rateFactor(double factor) {
        if (!(factor > 0 && Double.isFinite(factor))) {
            throw new IllegalArgumentException("learning rate: expected a finite factor above 0, found " + factor);
        }
        rateFactor = factor;
    }

    /** Whether training waits, or will after the current step. */
    public boolean isPaused() {
        return paused;
    }

    /** Whether training was asked to stop after the current step. */
    public boolean isStopping() {
        return stopping;
    }

    /** Whether training was asked to stop after the current epoch. */
    public boolean isStoppingAfterEpoch() {
        return stoppingAfterEpoch;
    }

    /** What the schedule's learning rate is multiplied by. */
    public double rateFactor() {
        return rateFactor;
    }

    /**
     * Waits for the end of a pause. A thread that is interrupted while it waits stops training.
     *
     * @return nanoseconds waited, 0 where there was no pause
     */
    long awaitProceeding() {
        if (!paused || stopping) {
            return 0;
        }
        long began = System.nanoTime();
        lock.lock();
        try {
            while (paused && !stopping) {
                changed.await();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            stopping = true;
        } finally {
            lock.unlock();
        }
        return System.nanoTime() - began;
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
