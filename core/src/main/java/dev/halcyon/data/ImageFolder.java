package dev.halcyon.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A folder of class folders: {@code photos/bird/*.jpg}, {@code photos/dog/*.jpg}; see {@link ImageTree}. */
public final class ImageFolder {
    private ImageFolder() {
    }

    /** Opens a folder; images that cannot be read are left out. */
    public static Splits open(Path folder) {
        return open(folder, Unreadable.leftOut());
    }

    /**
     * Opens a folder.
     *
     * @param unreadable what to do with images that cannot be read
     * @throws DataException if it is missing, or not a folder of class folders
     */
    public static Splits open(Path folder, Unreadable unreadable) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + ": expected a folder of class folders, found "
                    + (Files.exists(folder) ? "a file" : "nothing; is the path right?"));
        }
        List<ImageTree.Entry> files = new ArrayList<>();
        List<String> folders = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                String relative = folder.relativize(path).toString().replace('\\', '/');
                if (Files.isDirectory(path) && !relative.isEmpty()) {
                    folders.add(relative);
                } else if (Files.isRegularFile(path)) {
                    files.add(new ImageTree.Entry(relative, ImageFile.of(path)));
                }
            }
        } catch (UncheckedIOException e) {
            throw new DataException(folder + ": cannot be read: " + e.getCause().getMessage(), e.getCause());
        } catch (IOException e) {
            throw new DataException(folder + ": cannot be read: " + e.getMessage(), e);
        }
        return ImageTree.open(folder.toString(), files, folders, unreadable);
    }
}
