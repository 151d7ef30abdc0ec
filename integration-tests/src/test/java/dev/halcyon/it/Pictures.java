package dev.halcyon.it;

import dev.halcyon.random.RandomStream;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Makes small pictures that a network can learn to tell apart: reddish ones and bluish ones, with noise. */
public final class Pictures {
    private Pictures() {
    }

    /** A folder with class folders {@code red} and {@code blue}. */
    public static Path folder(Path root, int perClass, int extent) throws IOException {
        for (String name : new String[] {"red", "blue"}) {
            Path classFolder = Files.createDirectories(root.resolve(name));
            for (int i = 0; i < perClass; i++) {
                ImageIO.write(picture(name.equals("red"), i, extent), "png", classFolder.resolve(i + ".png").toFile());
            }
        }
        return root;
    }

    static BufferedImage picture(boolean red, int number, int extent) {
        RandomStream random = RandomStream.of(number, red ? 1 : 2);
        BufferedImage picture = new BufferedImage(extent, extent, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < extent; y++) {
            for (int x = 0; x < extent; x++) {
                int strong = 120 + random.nextInt(100);
                int weak = random.nextInt(120);
                int green = random.nextInt(200);
                picture.setRGB(x, y, red ? strong << 16 | green << 8 | weak : weak << 16 | green << 8 | strong);
            }
        }
        return picture;
    }
}
