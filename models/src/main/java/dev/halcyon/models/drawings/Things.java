package dev.halcyon.models.drawings;

import dev.halcyon.random.RandomStream;

/** Things with edges, points and dots as animals have them, but no head. Their middle is about (0, 0). */
final class Things {
    private static final int KINDS = 9;

    private Things() {
    }

    static void any(Figure figure, RandomStream random) {
        double width = 0.8 + 0.4 * random.nextFloat();
        double height = 0.8 + 0.4 * random.nextFloat();
        switch (random.nextInt(KINDS)) {
            case 0 -> house(figure, width, height);
            case 1 -> boat(figure, width, height);
            case 2 -> tree(figure, width, height);
            case 3 -> kite(figure, width, height);
            case 4 -> car(figure, width);
            case 5 -> cup(figure, width, height);
            case 6 -> sun(figure, width);
            case 7 -> flag(figure, width, height);
            default -> signpost(figure, width, height);
        }
    }

    private static void house(Figure figure, double width, double height) {
        double side = 1.8 * width;
        figure.path(-side, 2 * height, -side, 0, 0, -1.7 * height, side, 0, side, 2 * height, -side, 2 * height);
        figure.path(-side, 0, side, 0);
        figure.path(-0.4 * side, 2 * height, -0.4 * side, 0.9 * height, 0.1 * side, 0.9 * height, 0.1 * side,
                2 * height);
        figure.path(0.4 * side, 0.5, 0.8 * side, 0.5, 0.8 * side, 1.1, 0.4 * side, 1.1, 0.4 * side, 0.5);
    }

    private static void boat(Figure figure, double width, double height) {
        figure.path(-2.4 * width, 1, -1.6 * width, 2, 1.6 * width, 2, 2.4 * width, 1, -2.4 * width, 1);
        figure.path(0, 1, 0, -2.2 * height, 1.7 * width, 0.5, 0, 0.5);
    }

    private static void tree(Figure figure, double width, double height) {
        figure.path(-0.3, 2.6 * height, -0.3, 0.5, 0.3, 0.5, 0.3, 2.6 * height, -0.3, 2.6 * height);
        figure.oval(0, -0.7 * height, 1.7 * width, 1.5 * height);
    }

    private static void kite(Figure figure, double width, double height) {
        figure.path(0, -2 * height, 1.5 * width, -0.4, 0, 1.6 * height, -1.5 * width, -0.4, 0, -2 * height);
        figure.path(0, 1.6 * height, -0.5, 2.1 * height, 0.4, 2.5 * height, -0.3, 3 * height);
    }

    private static void car(Figure figure, double width) {
        figure.path(-2.6 * width, 0.9, -2.6 * width, 0, -1.5 * width, -0.1, -1 * width, -1.1, 0.9 * width, -1.1,
                1.4 * width, -0.1, 2.6 * width, 0.1, 2.6 * width, 0.9, -2.6 * width, 0.9);
        figure.oval(-1.5 * width, 1, 0.65, 0.65).dot(-1.5 * width, 1, 0.2);
        figure.oval(1.5 * width, 1, 0.65, 0.65).dot(1.5 * width, 1, 0.2);
    }

    private static void cup(Figure figure, double width, double height) {
        figure.path(-1.3 * width, -1.4 * height, -1 * width, 1.5 * height, 1 * width, 1.5 * height, 1.3 * width,
                -1.4 * height);
        figure.arc(0, -1.4 * height, 1.3 * width, 0.4, 0, 1);
        figure.arc(1.2 * width, 0, 0.8, 0.8, -0.25, 0.25);
    }

    private static void sun(Figure figure, double width) {
        figure.oval(0, 0, 1.1 * width, 1.1 * width);
        for (int ray = 0; ray < 8; ray++) {
            double angle = Math.PI * ray / 4;
            double x = StrictMath.cos(angle);
            double y = StrictMath.sin(angle);
            figure.path(1.5 * width * x, 1.5 * width * y, 2.3 * width * x, 2.3 * width * y);
        }
    }

    private static void flag(Figure figure, double width, double height) {
        figure.path(-1, -2.2, -1, 2.8 * height);
        figure.triangle(-1, -2.2, 1.2 * width, -1.3, -1, -0.4);
    }

    private static void signpost(Figure figure, double width, double height) {
        figure.path(0, -0.1, 0, 2.8 * height);
        figure.path(-1.6 * width, -1.5 * height, 1.2 * width, -1.5 * height, 2.1 * width, -0.8 * height, 1.2 * width,
                -0.1 * height, -1.6 * width, -0.1 * height, -1.6 * width, -1.5 * height);
    }
}
