package dev.halcyon.cpu;

/**
 * Gradients of the weights of convolutions from few channels to no more than fill a vector. A lane is a term here, not
 * an output as in {@link FewInputConvolutions}: the terms of a row of taps follow one another, so that a tile may have
 * two vectors of them by several outputs. Each weight's gradient is the same chain of sums either way.
 */
final class FewInputGradients {
    private static final int ROWS = TileKernels.ROWS;

    private final Workers workers;
    private final TileKernels tiles = Vectorization.tiles();
    private final Scratch constants = new Scratch();
    private final Scratch sums = new Scratch();

    FewInputGradients(Workers workers) {
        this.workers = workers;
    }

    /** Whether outputs would fill one vector at most, and runs of terms fill three quarters of theirs. */
    boolean suits(PaddedBands bands, int outputs) {
        return outputs <= tiles.lanes() && 4 * bands.runTerms() >= 3 * runLanes(bands);
    }

    private int runLanes(PaddedBands bands) {
        return Math.ceilDiv(bands.runTerms(), tiles.lanes()) * tiles.lanes();
    }

    /**
     * Where the sums lie.
     *
     * @param sums [part][run][output][term of the run], the last two rounded up to whole tiles
     * @param runLanes terms of a run, rounded up
     * @param panels tiles of outputs
     */
    private record Sums(PaddedBands bands, int outputs, int parts, long sums, int runLanes, int panels) {
        long outputBytes() {
            return 4L * runLanes;
        }

        long runBytes() {
            return outputBytes() * ROWS * panels;
        }

        long partBytes() {
            return runBytes() * bands.runs();
        }
    }

    /** dw += the sums over all pixels of inputs times output gradients. Parts of the bands have sums of their own. */
    void run(PaddedBands bands, long x, long dy, int outputs, long dw) {
        PaddedBands.Tables tables = bands.locate(constants.request(8L * bands.tableEntries()));
        int parts = Math.min(FewInputConvolutions.MOST_PARTS, bands.count());
        int panels = Math.ceilDiv(outputs, ROWS);
        int runLanes = runLanes(bands);
        Sums task = new Sums(bands, outputs, parts,
                sums.request(4L * parts * bands.runs() * panels * ROWS * runLanes), runLanes, panels);
        workers.run(parts, (part, worker) -> {
            long target = task.sums + part * task.partBytes();
            Memory.clear(target, task.partBytes());
            long copy = workers.scratch(worker).request(bands.copyBytes() + panelBytes(bands));
            int end = bands.firstOf(part + 1, parts);
            for (int band = bands.firstOf(part, parts); band < end; band++) {
                add(task, tables, band, bands.input(x, band, copy), dy + 4 * bands.firstPixel(band) * outputs,
                        copy + bands.copyBytes(), target);
            }
        });
        workers.forEach(bands.runs(), (double) parts * outputs * runLanes,
                (run, worker) -> finish(task, (int) run, workers.scratch(worker), dw));
    }

    /** Bytes of a band's gradients of a panel of outputs. */
    private static long panelBytes(PaddedBands bands) {
        return 4L * ROWS * bands.mostPixels() + TileKernels.SLACK;
    }

    /** Adds a band's products. */
    private void add(Sums task, PaddedBands.Tables tables, int band, long input, long dy, long packed, long target) {
        int lanes = tiles.lanes();
        int pixels = task.bands.pixels(band);
        for (int output = 0; output < task.outputs; output += ROWS) {
            tiles.copyRuns(dy + 4L * output, 4L * task.outputs, packed, 4L * ROWS, pixels, ROWS);
            for (int run = 0; run < task.bands.runs(); run++) {
                long terms = input + Memory.getLong(tables.runs() + 8L * run);
                long rows = target + run * task.runBytes() + output * task.outputBytes();
                for (int lane = 0; lane < task.runLanes; lane += 2 * lanes) {
                    tiles.byOffsets(Math.min(2, (task.runLanes - lane) / lanes), packed, terms + 4L * lane,
                            tables.pixels(), pixels, rows + 4L * lane, task.outputBytes(), rows + 4L * lane,
                            task.outputBytes());
                }
            }
        }
    }

    /** Adds up the parts of a run, and adds what comes to its gradients. */
    private void finish(Sums task, int run, Scratch scratch, long dw) {
        RowKernels rows = Vectorization.rows();
        int terms = task.bands.runTerms();
        long sum = task.sums + run * task.runBytes();
        for (int part = 1; part < task.parts; part++) {
            rows.scaleAdd(1, sum + part * task.partBytes(), 1, sum, task.runBytes() / 4);
        }
        long weights = (long) terms * task.outputs;
        long turned = scratch.request(4 * weights + TileKernels.SLACK);
        tiles.transpose(sum, task.outputBytes(), task.outputs, terms, turned, 4L * task.outputs);
        rows.scaleAdd(1, turned, 1, dw + 4 * run * weights, weights);
    }

    void close() {
        constants.close();
        sums.close();
    }
}
