package dev.halcyon.report.bird;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.data.DataLoader;
import dev.halcyon.data.Image;
import dev.halcyon.device.Device;
import dev.halcyon.models.PictureBatch;
import dev.halcyon.models.drawings.Drawings;
import dev.halcyon.nn.Model;
import dev.halcyon.tensor.Scope;
import dev.halcyon.train.Evaluation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person wired does what it is called. */
class HandWiringTest {
    private static final int EXTENT = Drawings.EXTENT;

    private static Device device;
    private static Model model;

    @BeforeAll
    static void wire() {
        device = Device.open("cpu");
        model = HandWiring.model(device);
        model.network().training(false);
    }

    @AfterAll
    static void close() {
        model.close();
        device.close();
    }

    private interface Ink {
        boolean isAt(int x, int y);
    }

    /** The loudest each channel of a floor is within so many pixels of a place of a drawing. */
    private static float[] loudest(String floor, Ink ink, int nearX, int nearY, int reach) {
        byte[] pixels = new byte[EXTENT * EXTENT];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (ink.isAt(i % EXTENT, i / EXTENT) ? 20 : 225);
        }
        float[][] seen = new float[1][];
        model.network().listen((module, _, output) -> {
            if (module.path().equals(floor + "_limit")) {
                float[] all = output.toFloats();
                int columns = (int) output.shape().extent(2);
                int pixel = EXTENT / columns;
                seen[0] = new float[(int) output.shape().extent(3)];
                for (int i = 0; i < all.length; i++) {
                    int place = i / seen[0].length;
                    if (Math.abs(pixel * (place % columns) - nearX) <= reach
                            && Math.abs(pixel * (place / columns) - nearY) <= reach) {
                        seen[0][i % seen[0].length] = Math.max(seen[0][i % seen[0].length], all[i]);
                    }
                }
            }
        });
        try (Scope _ = Scope.open()) {
            model.forward(model.prepare(PictureBatch.of(model.input(), new Image(EXTENT, EXTENT, 1, pixels))));
        } finally {
            model.network().listen(null);
        }
        return seen[0];
    }

    @ParameterizedTest
    @CsvSource({"0, 1, dark ↓", "0, -1, dark ↑", "1, 0, dark →", "-1, 0, dark ←", "1, 1, dark ↘", "-1, -1, dark ↖",
        "1, -1, dark ↗", "-1, 1, dark ↙"})
    void anEdgeIsLoudWhereItIsDarkOnItsSideAndItsOppositeIsNot(int darkX, int darkY, String name) {
        float[] loud = loudest("edges", (x, y) -> darkX * (x - 24) + darkY * (y - 24) > 0, 24, 24, 12);
        int edge = HandWiring.EDGES.indexOf(name);
        assertEquals(6, loud[edge]);
        assertEquals(0, loud[HandWiring.EDGES.size() - 1 - edge]);
    }

    @Test
    void aFilledPointIsABeakOnTheSideItPointsToOrAnEarIfItPointsUp() {
        Ink right = (x, y) -> x >= 18 && x < 28 - Math.abs(y - 24);
        float[] toTheRight = loudest("parts", right, 27, 24, 4);
        float[] toTheLeft = loudest("parts", (x, y) -> right.isAt(48 - x, y), 21, 24, 4);
        float[] up = loudest("parts", (x, y) -> right.isAt(48 - y, x), 24, 21, 4);
        float[] down = loudest("parts", (x, y) -> right.isAt(y, x), 24, 27, 4);
        assertEquals(List.of(6f, 0f), List.of(toTheRight[0], toTheRight[1]));
        assertEquals(List.of(0f, 6f), List.of(toTheLeft[0], toTheLeft[1]));
        assertEquals(List.of(6f, 0f), List.of(up[2], down[2]));
    }

    @Test
    void aDotIsAnEyeAndALineIsNot() {
        int eye = HandWiring.PARTS.indexOf("eye");
        Ink dot = (x, y) -> (x - 24) * (x - 24) + (y - 24) * (y - 24) <= 4;
        assertTrue(loudest("parts", dot, 24, 24, 4)[eye] > 3);
        assertEquals(0, loudest("parts", (x, y) -> y == 24 || y == 25, 24, 24, 12)[eye]);
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void itKnowsNineOfTenFreshDrawings(long seed) {
        Evaluation evaluation = Evaluation.of(model, new Drawings("fresh", 1_500, seed), List.of(),
                DataLoader.Settings.evaluation(64));
        assertTrue(evaluation.top1() >= 0.9, () -> evaluation.top1() + " "
                + Arrays.deepToString(evaluation.confusion()));
    }
}
