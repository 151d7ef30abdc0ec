package dev.halcyon.cpu;

import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/**
 * The kernels of this process: in vectors where the incubator module is there and the optimising compiler runs,
 * otherwise in plain loops, with one line that says what is missing. (Without the optimising compiler every vector
 * would be an object.)
 */
public final class Vectorization {
    /** Forces a vector width in bits, or plain loops with 0, so that one machine can test them all. */
    public static final String BITS_PROPERTY = "halcyon.vectorBits";

    private static final System.Logger LOG = System.getLogger(Vectorization.class.getName());
    private static final String MODULE = "jdk.incubator.vector";
    private static final Vectorization CHOSEN = choose();

    private final RowKernels rows;
    private final FeatureKernels features;
    private final ChannelKernels channels;
    private final PoolKernels pools;
    private final TileKernels tiles;
    private final TransformKernels transforms;
    private final DepthwiseKernels depthwise;
    private final PlaneKernels planes;
    private final GatherKernels gathers;
    private final DrawKernels draws;
    private final PeakKernel peak;
    private final String problem;

    private Vectorization(RowKernels rows, FeatureKernels features, ChannelKernels channels, PoolKernels pools,
            TileKernels tiles, TransformKernels transforms, DepthwiseKernels depthwise, PlaneKernels planes,
            GatherKernels gathers, DrawKernels draws, PeakKernel peak, String problem) {
        this.rows = rows;
        this.features = features;
        this.channels = channels;
        this.pools = pools;
        this.tiles = tiles;
        this.transforms = transforms;
        this.depthwise = depthwise;
        this.planes = planes;
        this.gathers = gathers;
        this.draws = draws;
        this.peak = peak;
        this.problem = problem;
    }

    static RowKernels rows() {
        return CHOSEN.rows;
    }

    static FeatureKernels features() {
        return CHOSEN.features;
    }

    static ChannelKernels channels() {
        return CHOSEN.channels;
    }

    static PoolKernels pools() {
        return CHOSEN.pools;
    }

    static TileKernels tiles() {
        return CHOSEN.tiles;
    }

    static TransformKernels transforms() {
        return CHOSEN.transforms;
    }

    static DepthwiseKernels depthwise() {
        return CHOSEN.depthwise;
    }

    static PlaneKernels planes() {
        return CHOSEN.planes;
    }

    static GatherKernels gathers() {
        return CHOSEN.gathers;
    }

    static DrawKernels draws() {
        return CHOSEN.draws;
    }

    static PeakKernel peak() {
        return CHOSEN.peak;
    }

    /** Why plain loops are used, and what to do; empty if vectors are. */
    static String problem() {
        return CHOSEN.problem;
    }

    /** Floats in a vector; 1 for plain loops. */
    static int lanes() {
        return CHOSEN.rows instanceof ScalarRows ? 1 : CHOSEN.tiles.lanes();
    }

    /** The vector width that was asked for, in bits; 0 for plain loops; -1 if the machine is to decide. */
    public static int forcedBits() {
        return Integer.getInteger(BITS_PROPERTY, -1);
    }

    private static Vectorization choose() {
        String problem = "";
        if (forcedBits() != 0) {
            problem = obstacle();
            if (problem.isEmpty()) {
                return vectors();
            }
            LOG.log(Level.WARNING, problem);
        }
        return new Vectorization(new ScalarRows(), new ScalarFeatures(), new ScalarChannels(), new ScalarPools(),
                new ScalarTiles(), new ScalarTransforms(), new ScalarDepthwise(), new ScalarPlanes(),
                new ScalarGathers(), new ScalarDraws(),
                new ScalarPeak(), problem);
    }

    private static String obstacle() {
        Optional<Module> module = ModuleLayer.boot().findModule(MODULE);
        if (module.isEmpty()) {
            return "the CPU backend runs without vector instructions, many times slower: start Java with --add-modules "
                    + MODULE;
        }
        boolean interpreted = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .anyMatch(flag -> flag.equals("-Xint") || flag.startsWith("-XX:TieredStopAtLevel="));
        return interpreted
                ? "the CPU backend runs without vector instructions, many times slower: the optimising compiler is"
                        + " turned off by -Xint or -XX:TieredStopAtLevel; start Java without them"
                : "";
    }

    /** By name, since the classes cannot be loaded where the module is missing. */
    private static Vectorization vectors() {
        return new Vectorization(make("VectorRows", RowKernels.class), make("VectorFeatures", FeatureKernels.class),
                make("VectorChannels", ChannelKernels.class), make("VectorPools", PoolKernels.class),
                make("VectorTiles", TileKernels.class), make("VectorTransforms", TransformKernels.class),
                make("VectorDepthwise", DepthwiseKernels.class), make("VectorPlanes", PlaneKernels.class),
                make("VectorGathers", GatherKernels.class),
                make("VectorDraws", DrawKernels.class),
                make("VectorPeak", PeakKernel.class), "");
    }

    private static <K> K make(String name, Class<K> kind) {
        try {
            Class<?> found = Class.forName(Vectorization.class.getPackageName() + ".simd." + name);
            return kind.cast(found.getConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the vector kernels cannot be loaded: " + e.getMessage(), e);
        }
    }
}
