package dev.halcyon.emulator.arithmetic;

/** How a result between two representable numbers is rounded. */
public enum Rounding {
    /** {@code .rn}, {@code .rni}: to the nearest, of two equally near ones to the even one. */
    NEAREST_EVEN,
    /** {@code .rna}: to the nearest, of two equally near ones to the one further from zero. */
    NEAREST_AWAY,
    /** {@code .rz}, {@code .rzi}: towards zero. */
    ZERO,
    /** {@code .rm}, {@code .rmi}: towards minus infinity. */
    DOWN,
    /** {@code .rp}, {@code .rpi}: towards plus infinity. */
    UP;

    /**
     * The rounding that a modifier of an instruction stands for.
     *
     * @param modifier without its dot, as {@code rn} or {@code rzi}
     * @throws IllegalArgumentException if it is no rounding modifier
     */
    public static Rounding of(String modifier) {
        return switch (modifier) {
            case "rn", "rni" -> NEAREST_EVEN;
            case "rna" -> NEAREST_AWAY;
            case "rz", "rzi" -> ZERO;
            case "rm", "rmi" -> DOWN;
            case "rp", "rpi" -> UP;
            default -> throw new IllegalArgumentException(
                    "expected a rounding modifier such as rn or rzi, found " + modifier);
        };
    }

    /** The whole number that {@code x} is rounded to, with the sign of {@code x} if it is zero. */
    public double integral(double x) {
        return switch (this) {
            case NEAREST_EVEN -> Math.rint(x);
            case NEAREST_AWAY -> Math.copySign(nearestAway(Math.abs(x)), x);
            case ZERO -> x < 0 ? Math.ceil(x) : Math.floor(x);
            case DOWN -> Math.floor(x);
            case UP -> Math.ceil(x);
        };
    }

    private static double nearestAway(double magnitude) {
        double below = Math.floor(magnitude);
        return magnitude - below >= 0.5 ? below + 1 : below;
    }
}
