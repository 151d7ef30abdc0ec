package dev.halcyon.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lets JCuda load its native libraries safely. JCuda copies each to a fixed name in the folder for temporary files when
 * its class is initialised, and loads a file of that name that is there already, whoever wrote it. So it is given a new
 * folder that only this user may enter, which is deleted once the library is loaded.
 */
final class Natives {
    private static final String TEMPORARY = "java.io.tmpdir";

    private Natives() {
    }

    /**
     * Runs what initialises one of JCuda's classes.
     *
     * @throws LinkageError if the library, or one that it needs, cannot be loaded
     */
    static synchronized void load(Runnable initialisation) {
        Path folder = privateFolder();
        // JCuda asks for this property and offers no other way. The JDK itself has read it at its start, so that other
        // code is not led here unless it reads the property by itself in these milliseconds.
        String shared = System.setProperty(TEMPORARY, folder.toString());
        try {
            initialisation.run();
        } finally {
            System.setProperty(TEMPORARY, shared);
            delete(folder);
        }
    }

    private static Path privateFolder() {
        try {
            return Files.createTempDirectory("halcyon-");
        } catch (IOException e) {
            throw new UncheckedIOException("expected a folder for temporary files, found none to write to; name one"
                    + " with -Djava.io.tmpdir=FOLDER", e);
        }
    }

    /** A loaded library stays in memory without its file. Windows keeps the file; there it lies in the user's own folder. */
    private static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            for (Path file : all) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            folder.toFile().deleteOnExit();
        }
    }
}
