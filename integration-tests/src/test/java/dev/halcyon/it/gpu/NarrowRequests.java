package dev.halcyon.it.gpu;

import java.util.List;

/**
 * Launches whose requests fill fewer of their sectors than others, and why. No network of the zoo has these shapes; what
 * a request touches beyond what it asks for, the next one finds in the cache.
 *
 * @param kernels pattern of their families and names
 * @param shapes what the text of the operation's first shape ends in
 * @param least share of the sectors that has to be filled all the same
 */
record NarrowRequests(String kernels, String shapes, double least, String reason) {
    private static final String ODD = "what 32 threads read of pixels of 75 channels begins anywhere in a sector, and"
            + " elsewhere for every tap; only by way of shared memory could all of it begin with one.";
    private static final String OVERLAPPING = "pixels of 6 channels are 24 (12) bytes, of which windows of 3 × 3 with a"
            + " stride of 2 leave out every other one for each tap.";
    private static final String OVERLAPPED = "32 inputs lie under a few outputs, pixels of 24 (12) bytes that begin"
            + " anywhere in a sector, other ones for each place in a window.";
    private static final String RUNS = "runs of 37 elements of 75, of 37 to 148 bytes, begin anywhere in a sector.";

    static final List<NarrowRequests> ALL = List.of(
            new NarrowRequests("depthwise\\.(forward|inputGradient|weightGradient)_1_f32", ", 75]", 0.77, ODD),
            new NarrowRequests("depthwise\\.(forward|inputGradient|weightGradient)_1_bf16", ", 75]", 0.61, ODD),
            new NarrowRequests("pools\\.(average|max)_pool(_gradient)?_f32", ", 75]", 0.79, ODD),
            new NarrowRequests("pools\\.(average|max)_pool(_gradient)?_bf16", ", 75]", 0.65, ODD),
            new NarrowRequests("pools\\.average_pool_gradient_bf16", ", 1, 1, 10]", 0.85,
                    "averages of 10 channels, of 20 bytes, are read again for every pixel."),
            new NarrowRequests("pools\\.(average|max)_pool_f32", ", 6]", 0.51, OVERLAPPING),
            new NarrowRequests("pools\\.(average|max)_pool_bf16", ", 6]", 0.44, OVERLAPPING),
            new NarrowRequests("pools\\.(average|max)_pool_gradient_f32", ", 6]", 0.85, OVERLAPPED),
            new NarrowRequests("pools\\.(average|max)_pool_gradient_bf16", ", 6]", 0.79, OVERLAPPED),
            new NarrowRequests("shapes\\.copy_axes_1", ", 75]", 0.53, RUNS),
            new NarrowRequests("shapes\\.copy_axes_2", ", 75]", 0.7, RUNS),
            new NarrowRequests("shapes\\.copy_axes_4", ", 75]", 0.84, RUNS),
            new NarrowRequests("shapes\\.copy_axes_16", ", 96]", 0.84,
                    "48 bytes of every 96 are a sector and a half: no request can touch less than two for them."),
            new NarrowRequests("shapes\\.gather_rows_1", "[100, 75]", 0.68,
                    "rows of 75 bytes lie wherever their index says; a request is one sector, and meets two."),
            new NarrowRequests("shapes\\.gather_rows_2", "[100, 75]", 0.8, "the same with 150 bytes."),
            new NarrowRequests("shapes\\.transpose_tiles_1", ", 96]", 0.8,
                    "a warp writes 32 bytes of planes of 784, every other of which begins amidst a sector."));

    /** Whether this is about a launch, and says enough. */
    boolean explains(ExecutedLaunch launch) {
        String name = launch.kernel().family() + "." + launch.kernel().name();
        return name.matches(kernels) && launch.operation().shapes().getFirst().toString().endsWith(shapes)
                && launch.sectorEfficiency() >= least;
    }

    @Override
    public String toString() {
        return "- `" + kernels + "` of `" + shapes + "`: " + reason + "\n";
    }
}
