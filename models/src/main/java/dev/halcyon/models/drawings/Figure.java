package dev.halcyon.models.drawings;

/**
 * A figure on a sheet, drawn in coordinates of its own: x forwards, y down, the unit being the size of the figure's head.
 * Figures are mirrored, tilted, scaled and put somewhere.
 */
final class Figure {
    private static final int ARC_PIECES = 18;
    private static final int FILLS = 3;

    private final Sheet sheet;
    private final double originX;
    private final double originY;
    private final double unit;
    private final double direction;
    private final double cosine;
    private final double sine;
    private final double width;

    /**
     * Puts a figure on a sheet.
     *
     * @param originX where its own (0, 0) is, in pixels
     * @param originY the same
     * @param unit pixels
     * @param mirrored whether it faces left
     * @param tilt its turn, in radians
     * @param width of its strokes, in pixels
     */
    Figure(Sheet sheet, double originX, double originY, double unit, boolean mirrored, double tilt, double width) {
        this.sheet = sheet;
        this.originX = originX;
        this.originY = originY;
        this.unit = unit;
        this.direction = mirrored ? -1 : 1;
        this.cosine = StrictMath.cos(tilt);
        this.sine = StrictMath.sin(tilt);
        this.width = width;
    }

    private double x(double x, double y) {
        return originX + direction * unit * (x * cosine - y * sine);
    }

    private double y(double x, double y) {
        return originY + unit * (x * sine + y * cosine);
    }

    /** Strokes from point to point: x, y, x, y, … */
    Figure path(double... points) {
        for (int i = 0; i + 3 < points.length; i += 2) {
            sheet.line(x(points[i], points[i + 1]), y(points[i], points[i + 1]), x(points[i + 2], points[i + 3]),
                    y(points[i + 2], points[i + 3]), width);
        }
        return this;
    }

    /** A filled dot. */
    Figure dot(double x, double y, double radius) {
        sheet.dot(x(x, y), y(x, y), unit * radius);
        return this;
    }

    /** A filled triangle. */
    Figure triangle(double x1, double y1, double x2, double y2, double x3, double y3) {
        sheet.triangle(new double[] {x(x1, y1), y(x1, y1), x(x2, y2), y(x2, y2), x(x3, y3), y(x3, y3)});
        return this;
    }

    /** The outline of an ellipse, which hides what is behind it. */
    Figure oval(double x, double y, double radiusX, double radiusY) {
        double radius = Math.min(radiusX, radiusY);
        for (int i = -FILLS; i <= FILLS; i++) {
            double part = (double) i / FILLS;
            double offsetX = x + part * (radiusX - radius);
            double offsetY = y + part * (radiusY - radius);
            sheet.clear(x(offsetX, offsetY), y(offsetX, offsetY), unit * radius);
        }
        return arc(x, y, radiusX, radiusY, 0, 1);
    }

    /** A part of an ellipse's outline, from and to in turns, clockwise from ahead. */
    Figure arc(double x, double y, double radiusX, double radiusY, double from, double to) {
        double[] points = new double[2 * (ARC_PIECES + 1)];
        for (int i = 0; i <= ARC_PIECES; i++) {
            double angle = 2 * Math.PI * (from + (to - from) * i / ARC_PIECES);
            points[2 * i] = x + radiusX * StrictMath.cos(angle);
            points[2 * i + 1] = y + radiusY * StrictMath.sin(angle);
        }
        return path(points);
    }
}
