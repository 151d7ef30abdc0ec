package dev.halcyon.models.drawings;

import dev.halcyon.data.Image;
import dev.halcyon.random.RandomStream;
import java.util.Arrays;

/**
 * A square sheet of paper and the ink on it, in pixels. What is drawn later covers what is below it. Only arithmetic
 * that rounds the same everywhere is used, so that a drawing is the same bytes on every machine.
 */
final class Sheet {
    private static final double HALF_A_PIXEL = 0.5;

    private final int extent;
    /** Share of ink in every pixel. */
    private final double[] ink;

    /** An empty sheet of extent × extent pixels. */
    Sheet(int extent) {
        this.extent = extent;
        this.ink = new double[extent * extent];
    }

    int extent() {
        return extent;
    }

    /** A straight stroke between two points with round ends. */
    void line(double fromX, double fromY, double toX, double toY, double width) {
        double alongX = toX - fromX;
        double alongY = toY - fromY;
        double square = Math.max(alongX * alongX + alongY * alongY, 1e-9);
        cover(Math.min(fromX, toX), Math.min(fromY, toY), Math.max(fromX, toX), Math.max(fromY, toY), width / 2, 1,
                (x, y) -> {
                    double part = Math.clamp(((x - fromX) * alongX + (y - fromY) * alongY) / square, 0, 1);
                    return distance(x - fromX - part * alongX, y - fromY - part * alongY);
                });
    }

    /** A round dot. */
    void dot(double x, double y, double radius) {
        cover(x, y, x, y, radius, 1, (px, py) -> distance(px - x, py - y));
    }

    /** A filled triangle: three points, clockwise or not, x, y, x, y, x, y. */
    void triangle(double[] p) {
        double turn = Math.signum((p[2] - p[0]) * (p[5] - p[1]) - (p[3] - p[1]) * (p[4] - p[0]));
        cover(Math.min(p[0], Math.min(p[2], p[4])), Math.min(p[1], Math.min(p[3], p[5])),
                Math.max(p[0], Math.max(p[2], p[4])), Math.max(p[1], Math.max(p[3], p[5])), 0, 1,
                (x, y) -> Math.max(outside(p, 0, 2, turn, x, y),
                        Math.max(outside(p, 2, 4, turn, x, y), outside(p, 4, 0, turn, x, y))));
    }

    /** How far a point is on the outer side of the straight line through two corners; below 0 inside. */
    private static double outside(double[] p, int from, int to, double turn, double x, double y) {
        double alongX = p[to] - p[from];
        double alongY = p[to + 1] - p[from + 1];
        return turn * ((x - p[from]) * alongY - (y - p[from + 1]) * alongX) / distance(alongX, alongY);
    }

    /** Takes the ink from a round place. */
    void clear(double x, double y, double radius) {
        cover(x, y, x, y, radius, 0, (px, py) -> distance(px - x, py - y));
    }

    private interface Distance {
        double of(double x, double y);
    }

    private static double distance(double x, double y) {
        return Math.sqrt(x * x + y * y);
    }

    /** Gives pixels within a reach of something that lies in a box this share of ink, and those at its edge a part. */
    private void cover(double left, double top, double right, double bottom, double reach, double share,
            Distance distance) {
        int firstRow = Math.max(0, (int) Math.floor(top - reach - 1));
        int lastRow = Math.min(extent - 1, (int) Math.ceil(bottom + reach + 1));
        int firstColumn = Math.max(0, (int) Math.floor(left - reach - 1));
        int lastColumn = Math.min(extent - 1, (int) Math.ceil(right + reach + 1));
        for (int row = firstRow; row <= lastRow; row++) {
            for (int column = firstColumn; column <= lastColumn; column++) {
                double covered = Math.clamp(reach + HALF_A_PIXEL - distance.of(column, row), 0, 1);
                int pixel = row * extent + column;
                ink[pixel] += covered * (share - ink[pixel]);
            }
        }
    }

    /** Makes all ink that is there paler. */
    void fade(double share) {
        Arrays.setAll(ink, i -> ink[i] * share);
    }

    /**
     * The drawing as a grey picture.
     *
     * @param paper brightness of the paper, in [0, 1]
     * @param contrast how much darker ink is
     * @param grain deviation of the paper's brightness
     */
    Image picture(double paper, double contrast, double grain, RandomStream random) {
        byte[] pixels = new byte[ink.length];
        for (int i = 0; i < pixels.length; i++) {
            double light = paper - contrast * ink[i] + grain * random.nextGaussian();
            pixels[i] = (byte) Math.round(255 * Math.clamp(light, 0, 1));
        }
        return new Image(extent, extent, 1, pixels);
    }
}
