package dev.halcyon.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
    @TempDir
    private Path folder;

    private static Image decode(byte[] content) {
        return ImageDecoder.decode(ImageFile.of("test", content), Integer.MAX_VALUE);
    }

    private static String refusal(byte[] content) {
        return assertThrows(DataException.class, () -> decode(content)).getMessage();
    }

    private static void assertColor(Image image, int row, int column, int red, int green, int blue, int tolerance) {
        int[] expected = {red, green, blue};
        for (int c = 0; c < 3; c++) {
            assertEquals(expected[c], image.at(row, column, c), tolerance,
                    "channel " + c + " at " + row + ", " + column);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp"})
    void losslessFormatsGiveTheirPixels(String format) {
        Image image = decode(Encoded.encode(Encoded.ramp(17, 5), format));
        assertEquals("17x5x3", image.toString());
        for (int y = 0; y < 5; y++) {
            for (int x = 0; x < 17; x++) {
                assertColor(image, y, x, 255 * x / 17, 255 * y / 5, 0x40, 0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "gif"})
    void lossyFormatsComeNear(String format) {
        Image image = decode(Encoded.encode(Encoded.ramp(64, 48), format));
        assertEquals("64x48x3", image.toString());
        assertColor(image, 24, 32, 127, 127, 0x40, 30);
        assertColor(image, 4, 60, 239, 21, 0x40, 30);
    }

    @Test
    void readsWebp() {
        assertColor(decode(Encoded.LOSSY_WEBP), 3, 3, 201, 60, 32, 2);
        Image lossless = decode(Encoded.LOSSLESS_WEBP);
        assertEquals("8x6x3", lossless.toString());
        assertColor(lossless, 5, 7, 60, 90, 180, 0);
        assertColor(decode(Encoded.TRANSPARENT_WEBP), 2, 2, 255, 127, 127, 3);
    }

    @Test
    void readsCmykWithAdobesInvertedValues() {
        Image image = decode(Encoded.CMYK_JPEG);
        assertEquals("8x6x3", image.toString());
        assertColor(image, 3, 4, 200, 60, 30, 40);
    }

    @Test
    void readsGreyWithoutBrighteningIt() {
        BufferedImage grey = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
        fill(grey.getRaster(), 100);
        assertColor(decode(Encoded.encode(grey, "png")), 8, 8, 100, 100, 100, 0);
        assertColor(decode(Encoded.encode(grey, "jpeg")), 8, 8, 100, 100, 100, 1);
    }

    @Test
    void readsSixteenBitsAsTheirUpperEight() {
        BufferedImage grey = new BufferedImage(4, 4, BufferedImage.TYPE_USHORT_GRAY);
        fill(grey.getRaster(), 100 * 257);
        assertColor(decode(Encoded.encode(grey, "png")), 1, 1, 100, 100, 100, 0);
        ComponentColorModel model = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false,
                Transparency.OPAQUE, DataBuffer.TYPE_USHORT);
        WritableRaster raster = model.createCompatibleWritableRaster(4, 4);
        raster.setPixel(2, 1, new int[] {200 * 257, 150 * 257, 10 * 257});
        Image color = decode(Encoded.encode(new BufferedImage(model, raster, false, null), "png"));
        assertColor(color, 1, 2, 200, 150, 10, 1);
        assertColor(color, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void readsPalettes() {
        byte[] red = {10, (byte) 250};
        byte[] green = {20, (byte) 240};
        byte[] blue = {30, (byte) 230};
        BufferedImage picture = new BufferedImage(5, 5, BufferedImage.TYPE_BYTE_BINARY,
                new IndexColorModel(1, 2, red, green, blue));
        picture.getRaster().setSample(3, 2, 0, 1);
        Image image = decode(Encoded.encode(picture, "png"));
        assertColor(image, 2, 3, 250, 240, 230, 0);
        assertColor(image, 0, 0, 10, 20, 30, 0);
    }

    @Test
    void laysTransparentPixelsOverWhite() {
        BufferedImage picture = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
        picture.setRGB(0, 0, 0x00ff0000);
        picture.setRGB(1, 0, 0x80ff0000);
        picture.setRGB(2, 0, 0xffff0000);
        Image image = decode(Encoded.encode(picture, "png"));
        assertColor(image, 0, 0, 255, 255, 255, 0);
        assertColor(image, 0, 1, 255, 127, 127, 0);
        assertColor(image, 0, 2, 255, 0, 0, 0);
    }

    /** A red spot in the upper left corner of an upright 64×32 picture, and where a camera would have stored it. */
    @ParameterizedTest
    @CsvSource({"1, 0, 0", "2, 1, 0", "3, 1, 1", "4, 0, 1", "5, 0, 0", "6, 0, 1", "7, 1, 1", "8, 1, 0"})
    void undoesTheCamerasOrientation(int orientation, int right, int bottom) {
        boolean turned = orientation >= 5;
        BufferedImage stored = new BufferedImage(turned ? 32 : 64, turned ? 64 : 32, BufferedImage.TYPE_INT_RGB);
        var brush = stored.createGraphics();
        brush.setColor(Color.RED);
        brush.fillRect(right * (stored.getWidth() - 16), bottom * (stored.getHeight() - 16), 16, 16);
        brush.dispose();
        byte[] jpeg = Encoded.encode(stored, "jpeg");
        for (boolean littleEndian : new boolean[] {true, false}) {
            Image image = decode(Encoded.withOrientation(jpeg, orientation, littleEndian));
            assertEquals("64x32x3", image.toString());
            assertColor(image, 4, 4, 254, 0, 0, 8);
            assertColor(image, 28, 4, 0, 0, 0, 8);
            assertColor(image, 4, 60, 0, 0, 0, 8);
            assertColor(image, 28, 60, 0, 0, 0, 8);
        }
    }

    @Test
    void takesADamagedOrientationForUpright() {
        byte[] jpeg = Encoded.withOrientation(Encoded.jpeg(16, 8), 99, true);
        assertEquals("16x8x3", decode(jpeg).toString());
    }

    @Test
    void refusesWhatIsNoPicture() {
        assertEquals("test: expected a picture, found an empty file", refusal(new byte[0]));
        String text = refusal("dear diary, today I saw a bird".getBytes(StandardCharsets.US_ASCII));
        assertEquals("test: expected a JPEG, PNG, WebP, GIF or BMP picture, found something else", text);
        assertTrue(refusal(new byte[] {(byte) 0xff}).startsWith("test: the picture is damaged"));
    }

    @Test
    void refusesAHugePictureBeforeTakingMemory() {
        String message = refusal(Encoded.claiming(Encoded.jpeg(16, 16), 60_000, 60_000));
        assertEquals("test: expected a picture of at most 100000000 pixels, found a header that claims 60000x60000",
                message);
        byte[] png = Encoded.png(4, 4);
        Arrays.fill(png, 16, 24, (byte) 0x7f);
        assertTrue(refusal(png).contains("2139062143x2139062143"));
        assertTrue(refusal(Encoded.claiming(Encoded.jpeg(16, 16), 0, 16)).contains("claims 0x16"));
    }

    @Test
    void refusesAPictureThatIsCutOff() {
        for (byte[] whole : new byte[][] {Encoded.jpeg(200, 150), Encoded.png(200, 150),
            Encoded.encode(Encoded.ramp(200, 150), "gif"), Encoded.encode(Encoded.ramp(200, 150), "bmp"),
            Encoded.LOSSLESS_WEBP, Encoded.LOSSY_WEBP}) {
            assertDoesNotThrow(() -> decode(whole));
            for (int part = 1; part < 10; part++) {
                byte[] cut = Arrays.copyOf(whole, whole.length * part / 10);
                assertTrue(refusal(cut).startsWith("test: "));
                assertThrows(DataException.class, () -> ImageDecoder.check(ImageFile.of("test", cut)));
            }
        }
    }

    @Test
    void acceptsDataBehindThePicture() {
        byte[] longer = Encoded.join(Encoded.jpeg(40, 30), new byte[1000]);
        assertDoesNotThrow(() -> ImageDecoder.check(ImageFile.of("test", longer)));
        assertEquals("40x30x3", decode(longer).toString());
    }

    @Test
    void damageNeverEscapesAsAnythingButADataException() {
        for (byte[] whole : new byte[][] {Encoded.jpeg(40, 30), Encoded.png(40, 30), Encoded.LOSSLESS_WEBP,
            Encoded.LOSSY_WEBP, Encoded.encode(Encoded.ramp(40, 30), "gif")}) {
            for (int i = 0; i < whole.length; i += Math.max(1, whole.length / 150)) {
                byte[] damaged = whole.clone();
                damaged[i] ^= (byte) 0x55;
                try {
                    decode(damaged);
                } catch (DataException e) {
                    assertTrue(e.getMessage().startsWith("test: "));
                }
            }
        }
    }

    @Test
    void skipsPixelsOfLargePicturesOnRequest() {
        ImageFile large = ImageFile.of("test", Encoded.jpeg(900, 600));
        Image reduced = ImageDecoder.decode(large, 100);
        assertEquals("150x100x3", reduced.toString());
        assertColor(reduced, 50, 75, 127, 127, 0x40, 6);
        assertArrayEquals(reduced.pixels(), ImageDecoder.decode(large, 100).pixels());
        assertEquals("900x600x3", ImageDecoder.decode(large, 301).toString());
        assertEquals("450x300x3", ImageDecoder.decode(large, 300).toString());
    }

    @Test
    void namesTheFile() throws IOException {
        Path file = Files.write(folder.resolve("bird.jpg"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
        String message = assertThrows(DataException.class, () -> ImageDecoder.decode(file)).getMessage();
        assertTrue(message.startsWith(file.toString()), message);
        Path missing = folder.resolve("none.jpg");
        assertTrue(assertThrows(DataException.class, () -> ImageDecoder.decode(missing)).getMessage()
                .startsWith(missing.toString()));
    }

    private static void fill(WritableRaster raster, int value) {
        for (int y = 0; y < raster.getHeight(); y++) {
            for (int x = 0; x < raster.getWidth(); x++) {
                raster.setSample(x, y, 0, value);
            }
        }
    }
}
