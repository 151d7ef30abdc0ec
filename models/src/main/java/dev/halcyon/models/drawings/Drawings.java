package dev.halcyon.models.drawings;

import dev.halcyon.data.Dataset;
import dev.halcyon.data.Image;
import dev.halcyon.data.Splits;
import dev.halcyon.random.RandomStream;
import java.util.List;
import java.util.Optional;

/**
 * Simple grey drawings of birds, dogs and things, each in a pose, size, place and light of its own, among clutter. Drawing
 * number i is a function of the seed and i, and made when it is asked for; labels take turns.
 */
public final class Drawings implements Dataset {
    /** The name under which commands know this data. */
    public static final String NAME = "drawings";
    /** Names of the classes. */
    public static final List<String> CLASSES = List.of("bird", "dog", "thing");
    /** Rows and columns of a drawing. */
    public static final int EXTENT = 48;

    private static final int TRAINING = 12_000;
    private static final int TEST = 3_000;
    private static final double MARGIN = 3;
    private static final double MOST_TILT = 0.17;

    private final String part;
    private final int size;
    private final long seed;

    /**
     * Some drawings.
     *
     * @param part what they are for; parts have nothing in common
     * @param size how many
     */
    public Drawings(String part, int size, long seed) {
        this.part = part;
        this.size = size;
        this.seed = seed;
    }

    /** Drawings to learn from and to judge by. */
    public static Splits splits(long seed) {
        return new Splits(new Drawings("train", TRAINING, seed), Optional.empty(),
                Optional.of(new Drawings("test", TEST, seed)));
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<String> classes() {
        return CLASSES;
    }

    @Override
    public int label(int index) {
        return index % CLASSES.size();
    }

    @Override
    public String name(int index) {
        return NAME + "/" + part + "/" + index;
    }

    @Override
    public Image image(int index) {
        RandomStream random = RandomStream.of(seed, RandomStream.stream(NAME + "/" + part, index, 0));
        Sheet sheet = new Sheet(EXTENT);
        clutter(sheet, random);
        boolean mirrored = random.nextBoolean(0.5);
        double tilt = MOST_TILT * (2 * random.nextFloat() - 1);
        double width = 1.25 + 0.5 * random.nextFloat();
        switch (label(index)) {
            case 0 -> Animals.bird(placed(sheet, random, new Box(-4.1, -1, 1.8, 3.6), 5, 7, mirrored, tilt, width),
                    random);
            case 1 -> Animals.dog(placed(sheet, random, new Box(-4.1, -1.6, 2, 3.6), 5, 7, mirrored, tilt, width),
                    random);
            default -> Things.any(placed(sheet, random, new Box(-2.6, -2.4, 2.6, 2.8), 5, 8, mirrored, tilt, width),
                    random);
        }
        double paper = 0.72 + 0.28 * random.nextFloat();
        double contrast = paper * (0.72 + 0.23 * random.nextFloat());
        return sheet.picture(paper, contrast, 0.02, random);
    }

    /** What a figure takes up, in its own coordinates. */
    private record Box(double left, double top, double right, double bottom) {
    }

    /** Puts a figure of random size where all of it can be seen, or as much as there is room for. */
    private static Figure placed(Sheet sheet, RandomStream random, Box box, double least, double most,
            boolean mirrored, double tilt, double width) {
        double unit = least + (most - least) * random.nextFloat();
        double x = within(random, mirrored ? -box.right : box.left, mirrored ? -box.left : box.right, unit);
        double y = within(random, box.top, box.bottom, unit);
        return new Figure(sheet, x, y, unit, mirrored, tilt, width);
    }

    /** An origin such that an interval of the figure's coordinates lies on the sheet. */
    private static double within(RandomStream random, double from, double to, double unit) {
        double first = MARGIN - from * unit;
        double last = EXTENT - 1 - MARGIN - to * unit;
        return first + (last - first) * random.nextFloat();
    }

    /** Pale strokes and dots behind everything, and sometimes the ground. */
    private static void clutter(Sheet sheet, RandomStream random) {
        int strokes = random.nextInt(4);
        for (int i = 0; i < strokes; i++) {
            double x = EXTENT * random.nextFloat();
            double y = EXTENT * random.nextFloat();
            double angle = 2 * Math.PI * random.nextFloat();
            double length = 4 + 8 * random.nextFloat();
            sheet.line(x, y, x + length * StrictMath.cos(angle), y + length * StrictMath.sin(angle), 1.3);
        }
        int dots = random.nextInt(3);
        for (int i = 0; i < dots; i++) {
            sheet.dot(EXTENT * random.nextFloat(), EXTENT * random.nextFloat(), 0.8 + 0.8 * random.nextFloat());
        }
        sheet.fade(0.4 + 0.6 * random.nextFloat());
    }
}
