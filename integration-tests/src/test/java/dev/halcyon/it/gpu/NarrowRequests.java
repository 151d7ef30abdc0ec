package dev.halcyon.it.gpu;

import java.util.List;

/**
 * Launches whose requests fill fewer of their sectors than others, and why.
 *
 * @param kernel its name
 * @param extent of the innermost axis of one of the operation's tensors
 * @param least share of the sectors that has to be filled all the same
 */
record NarrowRequests(String kernel, long extent, double least, String reason) {
    static final List<NarrowRequests> ALL = List.of(
            new NarrowRequests("weightGradient_64x64", 3, 0.89,
                    "The first layer's patches are rows of three pixels of 16"
                            + " bytes, and every other one begins in the middle of a sector."),
            new NarrowRequests("pad_bf16", 3, 0.85, "A warp writes 64 bytes and reads for them the 24 bytes of four"
                    + " pixels, every other time from two sectors; it is done to a batch of images twice."),
            new NarrowRequests("addSlices", 10, 0.25, "The bias of ten classes: threads have four neighbouring columns,"
                    + " which in rows of 40 bytes they move one by one. 10 kB a step."));

    /** Whether this is about a launch, and says enough. */
    boolean explains(ExecutedLaunch launch) {
        return launch.launch().kernel().equals(kernel) && launch.sectorEfficiency() >= least
                && launch.operation().shapes().stream()
                        .anyMatch(shape -> shape.rank() > 0 && shape.extent(-1) == extent);
    }

    @Override
    public String toString() {
        return "- " + kernel + ", " + extent + " channels: " + reason + "\n";
    }
}
