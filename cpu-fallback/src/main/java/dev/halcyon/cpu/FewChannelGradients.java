package dev.halcyon.cpu;

/**
 * Gradients of the weights of convolutions of few channels, in planes: every weight's is the sum over all pixels of an
 * input plane times a plane of output gradients, which have zeros where the pixels of an input's padding lie.
 */
final class FewChannelGradients {
    private static final int CHANNELS = PlaneKernels.CHANNELS;
    private static final int STRANDS = PlaneKernels.STRANDS;
    /** Weights of a tile. */
    private static final int TILE = CHANNELS * CHANNELS;
    private static final long TILE_BYTES = 4L * TILE * STRANDS;
    private static final int ENOUGH_PARTS = 16;
    private static final int LEAST_PARTS = 2;
    /** Sums beyond this cost more than threads that wait for each other. */
    private static final long MOST_BYTES = 2 << 20;

    private final Workers workers;
    private final PlaneKernels kernels = Vectorization.planes();
    private final Scratch sums = new Scratch();
    private final Scratch constants = new Scratch();

    FewChannelGradients(Workers workers) {
        this.workers = workers;
    }

    /**
     * What all parts of the work need. A part is some blocks of the same groups; it has sums of its own.
     *
     * @param offsets where each term's pixels lie from an output's, for whole tiles
     * @param sums [run of groups][part][group][tile of terms][panel][16 weights][16 strands]
     */
    private record Task(PlaneExtents e, Planes inputs, Planes outputs, int parts, long offsets, long sums) {
        /** Tiles of a group. */
        int tiles() {
            return termTiles() * e.panels();
        }

        int termTiles() {
            return Math.ceilDiv(e.terms(), CHANNELS);
        }

        long partBytes() {
            return FewChannelGradients.partBytes(e);
        }
    }

    /** dw += the sums over all pixels of inputs times output gradients. */
    void run(PlaneExtents e, long x, long dy, long dw) {
        Task task = prepare(e);
        workers.run(task.parts * e.groupBlocks(), (number, worker) -> {
            long target = task.sums + number * task.partBytes();
            Memory.clear(target, task.partBytes());
            int part = number % task.parts;
            int first = number / task.parts * e.blocksOfGroups();
            int end = first + (int) ((part + 1L) * e.blocksOfGroups() / task.parts);
            for (int i = first + (int) ((long) part * e.blocksOfGroups() / task.parts); i < end; i++) {
                add(task, e.block(i), x, dy, target, workers.scratch(worker));
            }
        });
        workers.run(e.groups(), (group, worker) -> finish(task, group, dw, workers.scratch(worker)));
    }

    private Task prepare(PlaneExtents e) {
        int terms = Math.ceilDiv(e.terms(), CHANNELS) * CHANNELS;
        long offsets = constants.request(8L * terms);
        Planes inputs = e.inputPlanes(STRANDS);
        e.locateTerms(inputs, offsets);
        for (int term = e.terms(); term < terms; term++) {
            Memory.setLong(offsets + 8L * term, 0);
        }
        long perPart = e.groupBlocks() * partBytes(e);
        int parts = Math.min(e.blocksOfGroups(), Math.clamp(MOST_BYTES / perPart, LEAST_PARTS,
                Math.max(LEAST_PARTS, ENOUGH_PARTS / e.groupBlocks())));
        return new Task(e, inputs, e.outputPlanes(STRANDS), parts, offsets, sums.request(parts * perPart));
    }

    /** Bytes of a part's sums. */
    private static long partBytes(PlaneExtents e) {
        return e.mostGroups() * e.panels() * Math.ceilDiv(e.terms(), CHANNELS) * TILE_BYTES;
    }

    /** Adds a block's products. */
    private void add(Task task, PlaneExtents.Block block, long x, long dy, long target, Scratch scratch) {
        PlaneExtents e = task.e;
        Planes outputs = task.outputs.withRows(block.rows());
        int channels = block.groups() * e.inputs();
        int gradients = block.groups() * e.outputs();
        long gradientBytes = (gradients + CHANNELS) * outputs.bytes();
        long from = scratch.request(channels * task.inputs.bytes() + gradientBytes
                + Math.max(task.inputs.staging(channels), outputs.staging(gradients)));
        long to = from + channels * task.inputs.bytes();
        long staging = to + gradientBytes;
        task.inputs.fill(x + e.inputAt(block), e.inputPixel(), e.height(), block.row() - e.top(), channels, staging,
                from);
        outputs.fill(dy + e.outputAt(block), e.outputPixel(), block.rows(), 0, gradients, staging, to);
        int pixels = Math.ceilDiv(block.rows() * e.pitch(), STRANDS) * STRANDS;
        long tile = target;
        for (int group = 0; group < block.groups(); group++) {
            for (int terms = 0; terms < task.termTiles(); terms++) {
                for (int panel = 0; panel < e.panels(); panel++) {
                    kernels.correlations(from + group * e.inputs() * task.inputs.bytes(),
                            task.offsets + 8L * CHANNELS * terms,
                            to + (group * e.outputs() + panel * CHANNELS) * outputs.bytes(), outputs.bytes(), pixels,
                            tile);
                    tile += TILE_BYTES;
                }
            }
        }
    }

    /** Adds up parts, then strands, and adds what comes to the gradients of a group. */
    private void finish(Task task, int group, long dw, Scratch scratch) {
        PlaneExtents e = task.e;
        int run = e.groupBlock(group);
        long first = task.sums + run * task.parts * task.partBytes()
                + (group - e.block(run * e.blocksOfGroups()).group()) * task.tiles() * TILE_BYTES;
        RowKernels rows = Vectorization.rows();
        int weights = task.tiles() * TILE;
        for (int part = 1; part < task.parts; part++) {
            rows.scaleAdd(1, first + part * task.partBytes(), 1, first, (long) weights * STRANDS);
        }
        long strandBytes = 4L * weights + TileKernels.SLACK;
        long strands = scratch.request(STRANDS * strandBytes);
        Vectorization.tiles().transpose(first, 4L * STRANDS, weights, STRANDS, strands, strandBytes);
        for (int strand = 1; strand < STRANDS; strand++) {
            rows.scaleAdd(1, strands + strand * strandBytes, 1, strands, weights);
        }
        for (int term = 0; term < e.terms(); term++) {
            long to = dw + term * e.outputPixel() + 4L * group * e.outputs();
            long row = strands + 4L * (term / CHANNELS * e.panels() * TILE + term % CHANNELS * CHANNELS);
            for (int output = 0; output < e.outputs(); output++) {
                long from = row + 4L * (output / CHANNELS * TILE + output % CHANNELS);
                Memory.setFloat(to + 4L * output, Memory.getFloat(to + 4L * output) + Memory.getFloat(from));
            }
        }
    }

    void close() {
        constants.close();
        sums.close();
    }
}
