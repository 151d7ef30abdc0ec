package dev.halcyon.emulator.execution;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs the blocks of a launch: in order, or, once it turns out to be a long one, on several threads. What comes out is the
 * same: blocks that may depend on each other are always run in order; blocks begin in order, so that all before the
 * first one with a fault are run, and findings of those after it are dropped.
 */
final class Grid {
    private static final int WORKERS = Math.min(4, Runtime.getRuntime().availableProcessors());
    /** Instructions after which the rest is worth being shared. */
    private static final long LONG = 200_000;

    private final Launch launch;
    private final long blocks;
    private final AtomicLong next = new AtomicLong();
    private long failedBlock = Long.MAX_VALUE;
    private Throwable failure;

    private Grid(Launch launch) {
        this.launch = launch;
        blocks = launch.shape().blocks();
    }

    /** @throws LaunchFault of the first block that has one */
    static Counters run(Launch launch) {
        return new Grid(launch).run();
    }

    private Counters run() {
        Block first = new Block(launch);
        boolean ordered = launch.code().ordersBlocks() || WORKERS == 1;
        for (long number = next.getAndIncrement(); number < blocks; number = next.getAndIncrement()) {
            first.run(number);
            if (!ordered && first.tally.warpInstructions > LONG) {
                share(first.tally);
                break;
            }
        }
        return first.tally.counters();
    }

    /** A thread's part of the work. */
    private final class Worker extends Thread {
        private final Findings findings = new Findings();
        private final Tally tally = new Tally();

        Worker() {
            super("emulated multiprocessor");
            setDaemon(true);
        }

        @Override
        public void run() {
            long number = next.getAndIncrement();
            try {
                Block block = new Block(launch.with(findings));
                for (; isWanted(number); number = next.getAndIncrement()) {
                    block.run(number);
                }
                tally.add(block.tally);
            } catch (RuntimeException | Error e) {
                fail(number, e);
            }
        }
    }

    private synchronized boolean isWanted(long number) {
        return number < blocks && number < failedBlock;
    }

    private synchronized void fail(long number, Throwable e) {
        if (number < failedBlock) {
            failedBlock = number;
            failure = e;
        }
    }

    private void share(Tally tally) {
        List<Worker> workers = new ArrayList<>();
        for (int i = 0; i < Math.min(WORKERS, blocks - next.get()); i++) {
            workers.add(new Worker());
        }
        workers.forEach(Thread::start);
        workers.forEach(Grid::join);
        for (Worker worker : workers) {
            tally.add(worker.tally);
            worker.findings.all().stream().filter(finding -> number(finding.block()) <= failedBlock)
                    .forEach(launch.findings()::add);
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    private static void join(Thread worker) {
        boolean interrupted = false;
        while (worker.isAlive()) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private long number(Finding.Place block) {
        return block.x() + launch.shape().gridX() * (block.y() + (long) launch.shape().gridY() * block.z());
    }
}
