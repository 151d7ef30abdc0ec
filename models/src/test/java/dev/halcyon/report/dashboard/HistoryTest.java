package dev.halcyon.report.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    @Test
    void fewPointsStayAsTheyAre() {
        History history = filled(5);
        assertEquals(List.of(1.0, 2.0, 3.0, 4.0, 5.0), history.points().stream().map(Point::epoch).toList());
    }

    @Test
    void manyPointsBecomeFewerWithoutLosingAny() {
        for (int count : new int[] {8, 9, 100, 1001, 12_345}) {
            List<Point> points = filled(count).points();
            assertTrue(points.size() <= 9, count + " became " + points.size());
            assertTrue(points.size() >= 4, count + " became " + points.size());
            assertEquals(count, points.getLast().epoch());
            assertEquals(10L * count, points.stream().mapToLong(Point::images).sum());
            assertEquals(0.5 * count, points.stream().mapToDouble(Point::seconds).sum(), 1e-6);
            assertEquals((count + 1) / 2.0,
                    points.stream().mapToDouble(point -> point.loss() * point.images()).sum() / (10 * count), 1e-9);
        }
    }

    @Test
    void newPointsStandForAsManyStepsAsOldOnes() {
        List<Point> points = filled(64).points();
        assertEquals(1, points.stream().limit(points.size() - 1).mapToLong(Point::images).distinct().count());
    }

    private static History filled(int count) {
        History history = new History(8);
        for (int i = 1; i <= count; i++) {
            history.add(new Point(i, i, 0.5, 0.1, 10, 0.5, 1, 1));
        }
        return history;
    }
}
