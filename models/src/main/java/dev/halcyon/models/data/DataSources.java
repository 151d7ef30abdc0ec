package dev.halcyon.models.data;

import dev.halcyon.data.CifarBinary;
import dev.halcyon.data.DataException;
import dev.halcyon.data.Dataset;
import dev.halcyon.data.IdxFiles;
import dev.halcyon.data.ImageFolder;
import dev.halcyon.data.Splits;
import dev.halcyon.data.Unreadable;
import dev.halcyon.models.drawings.Drawings;
import dev.halcyon.text.Suggestion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Opens data by path or name, whatever form it has. */
public final class DataSources {
    /** The built-in part of Fashion-MNIST: 12,000 training and 2,000 test images. */
    public static final String SAMPLE = "fashion-sample";

    private static final long DRAWINGS_SEED = 0;
    private static final List<String> NAMES = List.of(SAMPLE, Drawings.NAME);
    private static final List<String> ARCHIVES = List.of(".tar", ".tar.gz", ".tgz");

    private DataSources() {
    }

    /**
     * Opens data.
     *
     * @param pathOrName a folder of class folders, of IDX files or of CIFAR's binary files, a tar archive of class
     *        folders, {@value #SAMPLE} or {@value Drawings#NAME}
     * @param unreadable what to do with images that cannot be read
     * @throws DataException if there is nothing of that kind; the message says what would be
     */
    public static Splits open(String pathOrName, Unreadable unreadable) {
        if (pathOrName.equals(SAMPLE)) {
            return sample();
        }
        if (pathOrName.equals(Drawings.NAME)) {
            return Drawings.splits(DRAWINGS_SEED);
        }
        Path path = Path.of(pathOrName);
        if (Files.isDirectory(path)) {
            if (IdxFiles.isIn(path)) {
                return IdxFiles.open(path);
            }
            return CifarBinary.isIn(path) ? CifarBinary.open(path) : ImageFolder.open(path, unreadable);
        }
        if (Files.isRegularFile(path)) {
            String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
            if (ARCHIVES.stream().anyMatch(name::endsWith)) {
                return TarImages.open(path, unreadable);
            }
            throw new DataException(path + ": expected a folder or an archive (" + String.join(", ", ARCHIVES)
                    + "), found a file of another kind");
        }
        throw new DataException("no data at " + path + Suggestion.among(pathOrName, NAMES)
                + "; give a folder of class folders, a folder of IDX or CIFAR files, or a .tar.gz");
    }

    private static Splits sample() {
        return new Splits(part("train"), Optional.empty(), Optional.of(part("t10k")));
    }

    private static Dataset part(String name) {
        return IdxFiles.read(SAMPLE + "/" + name, resource("fashion-" + name + "-images-idx3-ubyte.gz"),
                resource("fashion-" + name + "-labels-idx1-ubyte.gz"), IdxFiles.fashionClasses());
    }

    private static InputStream resource(String name) {
        try {
            InputStream in = DataSources.class.getResourceAsStream(name);
            if (in == null) {
                throw new DataException("the built-in sample " + name + " is not in this build");
            }
            return new GZIPInputStream(in, 1 << 16);
        } catch (IOException e) {
            throw new DataException("the built-in sample " + name + " cannot be read: " + e.getMessage(), e);
        }
    }
}
