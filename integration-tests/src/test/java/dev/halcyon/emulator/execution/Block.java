package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.execution.Finding.Kind;

/** Runs blocks of a launch, one after the other, on one thread. */
final class Block {
    /** So many instructions are taken to be endless. */
    private static final long ENDLESS = 1L << 32;

    final Launch launch;
    final SharedMemory shared;
    final Tally tally = new Tally();
    private final Warp[] warps;
    private final Barrier[] barriers = new Barrier[Barrier.COUNT];
    private int x;
    private int y;
    private int z;

    Block(Launch launch) {
        this.launch = launch;
        KernelCode code = launch.code();
        shared = new SharedMemory(code.sharedBytes() + launch.shape().dynamicSharedBytes(), code.granule());
        warps = new Warp[(launch.shape().threads() + Warp.LANES - 1) / Warp.LANES];
        for (int i = 0; i < warps.length; i++) {
            warps[i] = new Warp(this, i);
        }
        for (int i = 0; i < barriers.length; i++) {
            barriers[i] = new Barrier(this);
        }
    }

    int x() {
        return x;
    }

    int y() {
        return y;
    }

    int z() {
        return z;
    }

    Finding.Place place() {
        return new Finding.Place(x, y, z);
    }

    Warp[] warps() {
        return warps;
    }

    Barrier barrier(int number) {
        return barriers[number];
    }

    /** Runs the block of that number, counted along x first, to its end. */
    void run(long number) {
        LaunchShape shape = launch.shape();
        x = (int) (number % shape.gridX());
        y = (int) (number / shape.gridX() % shape.gridY());
        z = (int) (number / shape.gridX() / shape.gridY());
        shared.begin();
        int stamp = shared.tick();
        for (Warp warp : warps) {
            warp.blockStamp = stamp;
            warp.warpStamp = stamp;
            warp.begin();
        }
        runWarps();
        shared.end();
    }

    private void runWarps() {
        long limit = tally.warpInstructions + ENDLESS;
        int unfinished = warps.length;
        while (unfinished > 0) {
            boolean progress = false;
            unfinished = 0;
            for (Warp warp : warps) {
                if (warp.state == Warp.State.RUNNING) {
                    warp.run();
                    progress = true;
                }
                unfinished += warp.state == Warp.State.FINISHED ? 0 : 1;
            }
            for (Barrier barrier : barriers) {
                progress |= barrier.release(unfinished);
            }
            if (unfinished > 0) {
                checkProgress(progress, limit);
            }
        }
        for (Barrier barrier : barriers) {
            barrier.reset();
        }
    }

    private void checkProgress(boolean progress, long limit) {
        if (!progress) {
            for (Barrier barrier : barriers) {
                LaunchFault stuck = barrier.stuck();
                if (stuck != null) {
                    throw stuck;
                }
            }
        }
        if (tally.warpInstructions > limit) {
            Warp warp = warps[0];
            throw warp.fault(Kind.ENDLESS, 0,
                    "the block has not ended after " + ENDLESS + " instructions of its warps");
        }
    }
}
