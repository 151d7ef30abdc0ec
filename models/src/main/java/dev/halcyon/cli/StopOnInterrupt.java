package dev.halcyon.cli;

import dev.halcyon.train.Trainer;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;

/**
 * While it is open, Ctrl-C (and any other request to end the process) lets training finish its step and save a
 * checkpoint; the process ends when this is closed.
 */
final class StopOnInterrupt implements AutoCloseable {
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook;

    StopOnInterrupt(Trainer trainer, PrintWriter err) {
        hook = Thread.ofPlatform().unstarted(() -> stop(trainer, err));
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop(Trainer trainer, PrintWriter err) {
        if (finished.getCount() > 0) {
            err.println("stopping after this step and saving a checkpoint");
            trainer.stop();
            try {
                finished.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            System.getLogger(StopOnInterrupt.class.getName()).log(System.Logger.Level.DEBUG, "already stopping", e);
        }
    }
}
