package dev.halcyon.report.dashboard;

import java.util.ArrayList;
import java.util.List;

/**
 * The points of the curves from the first step to the last, in memory that does not grow with the run: when there are too
 * many, neighbours become one, and from then on as many points are gathered into one as the older ones stand for.
 */
final class History {
    private final int most;
    private final List<Point> points = new ArrayList<>();
    private Point gathering;
    private int gathered;
    private int stride = 1;

    /**
     * No points yet.
     *
     * @param most how many are kept, at least 2 and even
     */
    History(int most) {
        this.most = most;
    }

    /** Adds a point. */
    void add(Point point) {
        gathering = gathering == null ? point : gathering.with(point);
        gathered++;
        if (gathered < stride) {
            return;
        }
        points.add(gathering);
        gathering = null;
        gathered = 0;
        if (points.size() == most) {
            halve();
        }
    }

    private void halve() {
        for (int i = 0; i < most / 2; i++) {
            points.set(i, points.get(2 * i).with(points.get(2 * i + 1)));
        }
        points.subList(most / 2, most).clear();
        stride *= 2;
    }

    /** All points, the oldest first; the last one may still be gathering. */
    List<Point> points() {
        List<Point> all = new ArrayList<>(points);
        if (gathering != null) {
            all.add(gathering);
        }
        return all;
    }
}
