package dev.halcyon.models.drawings;

import dev.halcyon.random.RandomStream;

/** Birds and dogs from the side, no two alike. The head's centre is (0, 0), its radius 1. */
final class Animals {
    private Animals() {
    }

    /** A number around 1, at most {@code spread} away. */
    private static double about(RandomStream random, double spread) {
        return 1 + spread * (2 * random.nextFloat() - 1);
    }

    /** A head with a beak and an eye; a body with wing, tail and two legs. */
    static void bird(Figure figure, RandomStream random) {
        double length = about(random, 0.15);
        double girth = about(random, 0.2);
        double open = about(random, 0.12);
        double leg = about(random, 0.3);
        boolean standing = random.nextBoolean(0.8);
        figure.path(-3.1 * length, 1.4, -4.3 * length, 0.9, -4.2 * length, 1.7, -3.1 * length, 2);
        figure.oval(-1.6 * length, 1.7, 1.7 * length, 1.15 * girth);
        figure.path(-0.8 * length, 1.4, -1.7 * length, 2.2, -2.6 * length, 1.5);
        if (standing) {
            double ground = 2.8 + leg;
            figure.path(-1.2 * length, 2.8, -1.2 * length, ground, -0.7 * length, ground);
            figure.path(-2 * length, 2.8, -2 * length, ground, -1.5 * length, ground);
        }
        figure.oval(0, 0, 1, 1);
        double tip = 0.75 + 0.85 * about(random, 0.1);
        figure.triangle(0.8, -0.75 * open, tip, 0.05, 0.8, 0.85 * open);
        figure.dot(0.1, -0.15, 0.36);
    }

    /** A head with a blunt snout, a pointed ear and an eye; a long body with tail and four legs. */
    static void dog(Figure figure, RandomStream random) {
        double length = about(random, 0.15);
        double girth = about(random, 0.2);
        double leg = about(random, 0.3);
        double snout = about(random, 0.15);
        double tail = about(random, 0.8);
        double ground = 2.3 + 1.3 * leg;
        figure.path(-3.4 * length, 1.2, -4.1 * length, 1.2 - tail);
        for (double x : new double[] {-3.1, -2.5, -1.2, -0.6}) {
            figure.path(x * length, 2.1, x * length, ground);
        }
        figure.oval(-1.9 * length, 1.6, 1.7 * length, 0.85 * girth);
        figure.oval(0, 0, 1.05, 0.95);
        figure.path(0.8, -0.4, 1.7 * snout, -0.3, 1.85 * snout, 0.15, 1.7 * snout, 0.6, 0.7, 0.7);
        figure.dot(1.75 * snout, -0.1, 0.25);
        double ear = about(random, 0.12);
        figure.triangle(-0.95, -0.65, -0.2, -0.8 - 0.8 * ear, 0.55, -0.75);
        figure.dot(0.15, -0.1, 0.36);
    }
}
