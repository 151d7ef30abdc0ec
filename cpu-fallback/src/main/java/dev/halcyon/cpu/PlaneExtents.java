package dev.halcyon.cpu;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.View;

/**
 * Extents of a convolution without stride that is computed in planes, and how it is cut into blocks: some groups of
 * channels, enough to fill a vector, of some rows of an image.
 *
 * @param images how many
 * @param height rows of an image
 * @param width columns of an image
 * @param groups groups of channels
 * @param inputs input channels of a group
 * @param outputs output channels of a group
 * @param kernelHeight rows of taps
 * @param kernelWidth columns of taps
 * @param dilationHeight rows from a tap to the next
 * @param dilationWidth columns from a tap to the next
 * @param top rows of padding above and below
 * @param left columns of padding left and right
 */
record PlaneExtents(int images, int height, int width, int groups, int inputs, int outputs, int kernelHeight,
        int kernelWidth, int dilationHeight, int dilationWidth, int top, int left) {
    /** So many channels at once are transposed in registers. */
    private static final int FULL_VECTOR = 16;
    private static final long BLOCK_BYTES = 384 << 10;
    private static final int ENOUGH_BLOCKS = 8;
    private static final int LEAST_ROWS = 4;

    /** Those of a convolution. */
    static PlaneExtents of(Conv2d d, View x, View w) {
        return new PlaneExtents(Math.toIntExact(x.extent(0)), (int) x.extent(1), (int) x.extent(2), d.groups(),
                (int) w.extent(2), (int) w.extent(3) / d.groups(), (int) w.extent(0), (int) w.extent(1),
                d.dilationHeight(), d.dilationWidth(), d.paddingHeight(), d.paddingWidth());
    }

    /** Those of the convolution of dy that gives the gradient of the input. */
    static PlaneExtents ofInputGradient(Conv2d d, View dy, View w) {
        PlaneExtents e = of(d, dy, w);
        return new PlaneExtents(e.images, e.height, e.width, e.groups, e.outputs, e.inputs, e.kernelHeight,
                e.kernelWidth, e.dilationHeight, e.dilationWidth, e.reachHeight() - e.top, e.reachWidth() - e.left);
    }

    int reachHeight() {
        return (kernelHeight - 1) * dilationHeight;
    }

    int reachWidth() {
        return (kernelWidth - 1) * dilationWidth;
    }

    int outputHeight() {
        return height + 2 * top - reachHeight();
    }

    int outputWidth() {
        return width + 2 * left - reachWidth();
    }

    /** Terms of a sum: all taps of all input channels of a group. */
    int terms() {
        return kernelHeight * kernelWidth * inputs;
    }

    /** Panels of outputs in a group. */
    int panels() {
        return Math.ceilDiv(outputs, PlaneKernels.CHANNELS);
    }

    /** Bytes from an input pixel to the next. */
    long inputPixel() {
        return 4L * groups * inputs;
    }

    /** Bytes from an output pixel to the next. */
    long outputPixel() {
        return 4L * groups * outputs;
    }

    /** Floats from a row of a plane to the next. What pads a row on the right is what pads the next on the left. */
    int pitch() {
        return Math.max(width + left, outputWidth());
    }

    /** Runs of neighbouring groups. */
    int groupBlocks() {
        return Math.max(1, groups * Math.min(inputs, outputs) / FULL_VECTOR);
    }

    /** Most groups in a block. */
    int mostGroups() {
        return Math.ceilDiv(groups, groupBlocks());
    }

    /** Most rows of outputs in a block: what the second-level cache holds, and fewer where blocks would be few. */
    int mostRows() {
        long rowBytes = 8L * pitch() * (inputs + outputs) * mostGroups();
        int fitting = Math.clamp(BLOCK_BYTES / rowBytes, 1, outputHeight());
        int wanted = Math.ceilDiv(ENOUGH_BLOCKS, images * groupBlocks());
        int most = Math.min(fitting, Math.max(LEAST_ROWS, outputHeight() / wanted));
        return Math.ceilDiv(outputHeight(), Math.ceilDiv(outputHeight(), most));
    }

    private int bands() {
        return Math.ceilDiv(outputHeight(), mostRows());
    }

    /** Blocks of the same groups: bands of rows of all images. */
    int blocksOfGroups() {
        return Math.multiplyExact(images, bands());
    }

    /** Blocks in all. */
    int blocks() {
        return Math.multiplyExact(blocksOfGroups(), groupBlocks());
    }

    /** A block; those of the same groups follow one another. */
    Block block(int number) {
        int groupBlock = number / blocksOfGroups();
        int first = firstGroup(groupBlock);
        int row = number % bands() * mostRows();
        return new Block(number % blocksOfGroups() / bands(), row, Math.min(mostRows(), outputHeight() - row), first,
                firstGroup(groupBlock + 1) - first);
    }

    /** Bytes from the first input to the first of a block's groups, in its image. */
    long inputAt(Block block) {
        return block.image * height * width * inputPixel() + 4L * block.group * inputs;
    }

    /** Bytes from the first output to the first of a block. */
    long outputAt(Block block) {
        return ((long) block.image * outputHeight() + block.row) * outputWidth() * outputPixel()
                + 4L * block.group * outputs;
    }

    /** Planes of a block's inputs; vectors of so many pixels may begin at every computed one. */
    Planes inputPlanes(int pixels) {
        int rows = mostRows() + reachHeight();
        return Planes.of(rows, pitch(), left, width, rows * pitch() + reachWidth() + pixels);
    }

    /** Planes of a block's outputs, with room for whole vectors of so many pixels. */
    Planes outputPlanes(int pixels) {
        return Planes.of(mostRows(), pitch(), 0, outputWidth(), mostRows() * pitch() + pixels);
    }

    /** Writes where each term's pixels lie from an output's, in a group's planes. */
    void locateTerms(Planes planes, long offsets) {
        for (int term = 0; term < terms(); term++) {
            int tap = term / inputs;
            int pixel = tap / kernelWidth * dilationHeight * pitch() + tap % kernelWidth * dilationWidth;
            Memory.setLong(offsets + 8L * term, term % inputs * planes.bytes() + 4L * pixel);
        }
    }

    /** The first row of taps that sees the image from a row of outputs. */
    int firstTap(int row) {
        return Math.clamp(Math.ceilDiv(top - row, dilationHeight), 0, kernelHeight);
    }

    /** One more than the last row of taps that does. */
    int endTap(int row) {
        return Math.clamp(Math.floorDiv(height - 1 + top - row, dilationHeight) + 1L, 0, kernelHeight);
    }

    /** The run of groups that has a group. */
    int groupBlock(int group) {
        int block = (int) ((long) group * groupBlocks() / groups);
        return firstGroup(block + 1) <= group ? block + 1 : block;
    }

    private int firstGroup(int groupBlock) {
        return (int) ((long) groupBlock * groups / groupBlocks());
    }

    /**
     * Some groups of some rows of an image's outputs.
     *
     * @param image which image
     * @param row first row of outputs
     * @param rows rows of outputs
     * @param group first group
     * @param groups how many
     */
    record Block(int image, int row, int rows, int group, int groups) {
    }
}
