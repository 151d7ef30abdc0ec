package dev.halcyon.cli;

import dev.halcyon.train.EpochResult;
import dev.halcyon.train.StepResult;
import dev.halcyon.train.TrainingListener;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Set;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how training goes: a progress bar on a terminal, plain lines elsewhere. Both on standard error. */
final class ConsoleProgress implements TrainingListener, AutoCloseable {
    private static final long LINE_INTERVAL_NANOS = 10_000_000_000L;
    private static final int UPDATE_MILLIS = 200;
    private static final int NAMES_SHOWN = 5;
    private static final double SMOOTHING = 0.95;

    private final PrintWriter err;
    private final int epochs;
    private final boolean terminal = StandardError.isTerminal();
    private ProgressBar bar;
    private long lastLine = System.nanoTime();
    private double smoothLoss = Double.NaN;

    ConsoleProgress(PrintWriter err, int epochs) {
        this.err = err;
        this.epochs = epochs;
    }

    @Override
    public void step(StepResult result) {
        smoothLoss = Double.isNaN(smoothLoss) ? result.loss()
                : SMOOTHING * smoothLoss + (1 - SMOOTHING) * result.loss();
        String state = String.format(Locale.ROOT, "loss %.4f", smoothLoss);
        if (terminal) {
            showBar(result, state);
        } else if (System.nanoTime() - lastLine >= LINE_INTERVAL_NANOS) {
            lastLine = System.nanoTime();
            err.printf(Locale.ROOT, "epoch %d/%d  step %d/%d  %s%n", result.epoch(), epochs, result.batch(),
                    result.batches(), state);
        }
    }

    private void showBar(StepResult result, String state) {
        if (bar == null) {
            bar = new ProgressBarBuilder().setTaskName("epoch " + result.epoch() + "/" + epochs)
                    .setInitialMax(result.batches()).setStyle(ProgressBarStyle.UNICODE_BLOCK)
                    .setUpdateIntervalMillis(UPDATE_MILLIS)
                    .setConsumer(new ConsoleProgressBarConsumer(System.err, StandardError.columns())).build();
        }
        bar.stepTo(result.batch());
        bar.setExtraMessage(state);
    }

    @Override
    public void epoch(EpochResult result) {
        close();
        lastLine = System.nanoTime();
        String validation = Double.isNaN(result.valTop1()) ? ""
                : String.format(Locale.ROOT, "  val loss %.4f  val top-1 %.2f %%", result.valLoss(),
                        100 * result.valTop1());
        err.printf(Locale.ROOT, "epoch %d/%d  train loss %.4f%s  lr %.4g  %.1f s%n", result.epoch(), epochs,
                result.trainLoss(), validation, result.lr(), result.seconds());
    }

    @Override
    public void skipped(Set<String> images) {
        err.println(images.size() + " images could not be read and were left out: " + String.join("; ",
                images.stream().sorted().limit(NAMES_SHOWN).toList()) + (images.size() > NAMES_SHOWN ? "; …" : ""));
    }

    @Override
    public void notice(String message) {
        err.println("note: " + message);
    }

    /** Takes the bar away. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
