package dev.halcyon.data;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/**
 * Runs ImageIO's readers. For JPEG there are two: the platform's own is some five times faster on small pictures, and
 * takes the colors of unusual ones wrongly; TwelveMonkeys' knows them all.
 */
final class PictureReader {
    private static final Map<ImageHeader.Format, List<ImageReaderSpi>> INSTALLED = new ConcurrentHashMap<>();

    private PictureReader() {
    }

    /** Decodes a picture, keeping every {@code step}-th pixel of every {@code step}-th row. */
    static BufferedImage read(byte[] content, ImageHeader header, int step) throws IOException {
        List<ImageReaderSpi> readers = INSTALLED.computeIfAbsent(header.format(), PictureReader::installed);
        if (readers.isEmpty()) {
            throw new IOException("this installation has no reader for " + header.format());
        }
        if (header.plain()) {
            try {
                return read(content, readers.getLast(), step);
            } catch (IIOException e) {
                if (readers.size() == 1) {
                    throw e;
                }
            }
        }
        return read(content, readers.getFirst(), step);
    }

    /** The readers for a format, the platform's own last. */
    private static List<ImageReaderSpi> installed(ImageHeader.Format format) {
        ImageIO.scanForPlugins();
        String name = format.name().toLowerCase(Locale.ROOT);
        List<ImageReaderSpi> readers = new ArrayList<>();
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true).forEachRemaining(reader -> {
            if (Arrays.asList(reader.getFormatNames()).contains(name)) {
                readers.add(reader);
            }
        });
        readers.sort(Comparator.comparing(PictureReader::isOfPlatform));
        return List.copyOf(readers);
    }

    private static boolean isOfPlatform(ImageReaderSpi reader) {
        return reader.getClass().getModule() == ImageIO.class.getModule();
    }

    private static BufferedImage read(byte[] content, ImageReaderSpi kind, int step) throws IOException {
        ImageReader reader = kind.createReaderInstance();
        try (ImageInputStream in = new ByteArrayImageInputStream(content)) {
            AtomicBoolean cutOff = new AtomicBoolean();
            reader.addIIOReadWarningListener((source, warning) -> {
                if (warning.toLowerCase(Locale.ROOT).contains("premature end")) {
                    cutOff.set(true);
                }
            });
            reader.setInput(in, true, true);
            ImageReadParam settings = reader.getDefaultReadParam();
            settings.setSourceSubsampling(step, step, step / 2, step / 2);
            BufferedImage picture = reader.read(0, settings);
            if (cutOff.get()) {
                throw new EOFException("the picture's data ends before the picture does");
            }
            return picture;
        } finally {
            reader.dispose();
        }
    }
}
