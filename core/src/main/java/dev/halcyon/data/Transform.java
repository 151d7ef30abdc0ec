package dev.halcyon.data;

import dev.halcyon.random.RandomStream;

/**
 * A change to images on their way to the network, with draws that depend on the seed, the epoch and the image alone.
 */
public sealed interface Transform {

    /** A change of pixels, made on the host by the worker threads of a {@link DataLoader}. */
    non-sealed interface OnImage extends Transform {
        /** The changed image. */
        Image apply(Image image, RandomStream random);
    }

    /**
     * A choice of the part of an image that the network sees, made on the host and carried out by the device in the
     * same pass that turns pixels into numbers. These come behind all transforms of pixels.
     */
    non-sealed interface OnPlacement extends Transform {
        /** Moves or mirrors the window. */
        Placement apply(Placement placement, RandomStream random);
    }

    /**
     * The window of an image that the network sees; it has the image's size.
     *
     * @param top its first row in the image, negative where it starts above
     * @param left its first column
     * @param mirrored whether it is mirrored left to right
     */
    record Placement(int top, int left, boolean mirrored) {
        /** The whole image as it is. */
        public static final Placement WHOLE = new Placement(0, 0, false);
    }
}
