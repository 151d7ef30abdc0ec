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
    private static final int MOST_PARTS = 16;

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

        /** Bytes of a part's sums. */
        long partBytes() {
            return e.mostGroups() * tiles() * TILE_BYTES;
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
        workers.run(e.groupBlocks(), (number, worker) -> {
            PlaneExtents.Block block = e.block(number * e.blocksOfGroups());
            finish(task, block, task.sums + number * task.parts * task.partBytes(), dw, workers.scratch(worker));
        });
    }

    private Task prepare(PlaneExtents e) {
        int parts = Math.min(e.blocksOfGroups(), Math.ceilDiv(MOST_PARTS, e.groupBlocks()));
        int terms = Math.ceilDiv(e.terms(), CHANNELS) * CHANNELS;
        long offsets = constants.request(8L * terms);
        Task task = new Task(e, e.inputPlanes(STRANDS), e.outputPlanes(STRANDS), parts, offsets, 0);
        e.locateTerms(task.inputs, offsets);
        for (int term = e.terms(); term < terms; term++) {
            Memory.setLong(offsets + 8L * term, 0);
        }
        return new Task(e, task.inputs, task.outputs, parts, offsets,
                sums.request(e.groupBlocks() * parts * task.partBytes()));
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

    /** Adds up parts, then strands, and adds what comes to the gradients of a run of groups. */
    private void finish(Task task, PlaneExtents.Block block, long first, long dw, Scratch scratch) {
        RowKernels rows = Vectorization.rows();
        int tiles = block.groups() * task.tiles();
        long floats = tiles * (TILE_BYTES / 4);
        for (int part = 1; part < task.parts; part++) {
            rows.scaleAdd(1, first + part * task.partBytes(), 1, first, floats);
        }
        int weights = tiles * TILE;
        long strandBytes = 4L * weights + TileKernels.SLACK;
        long strands = scratch.request(STRANDS * strandBytes);
        Vectorization.tiles().transpose(first, 4L * STRANDS, weights, STRANDS, strands, strandBytes);
        for (int strand = 1; strand < STRANDS; strand++) {
            rows.scaleAdd(1, strands + strand * strandBytes, 1, strands, weights);
        }
        PlaneExtents e = task.e;
        for (int group = 0; group < block.groups(); group++) {
            for (int term = 0; term < e.terms(); term++) {
                long to = dw + term * e.outputPixel() + 4L * (block.group() + group) * e.outputs();
                int tile = group * task.tiles() + term / CHANNELS * e.panels();
                for (int output = 0; output < e.outputs(); output++) {
                    int weight = (tile + output / CHANNELS) * TILE + term % CHANNELS * CHANNELS + output % CHANNELS;
                    Memory.setFloat(to + 4L * output,
                            Memory.getFloat(to + 4L * output) + Memory.getFloat(strands + 4L * weight));
                }
            }
        }
    }

    void close() {
        constants.close();
        sums.close();
    }
}
