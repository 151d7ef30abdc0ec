package dev.halcyon.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Native libraries go through a folder that nobody else can enter, and that is gone afterwards. */
final class NativesTest {
    private static final String SHARED = System.getProperty("java.io.tmpdir");

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theFolderIsThisUsersAlone() {
        Natives.load(() -> {
            try {
                assertEquals(PosixFilePermissions.fromString("rwx------"),
                        Files.getPosixFilePermissions(temporary()));
                Files.writeString(temporary().resolve("library.so"), "");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void theFolderIsNewAndDeletedAndTheSharedOneComesBack() {
        List<Path> folders = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Natives.load(() -> folders.add(temporary()));
        }
        assertNotEquals(folders.get(0), folders.get(1));
        folders.forEach(folder -> assertFalse(Files.exists(folder), folder.toString()));
        assertEquals(SHARED, System.getProperty("java.io.tmpdir"));
    }

    @Test
    void aLibraryThatCannotBeLoadedChangesNothingOfThat() {
        List<Path> folders = new ArrayList<>();
        assertThrows(UnsatisfiedLinkError.class, () -> Natives.load(() -> {
            folders.add(temporary());
            throw new UnsatisfiedLinkError();
        }));
        assertFalse(Files.exists(folders.getFirst()));
        assertEquals(SHARED, System.getProperty("java.io.tmpdir"));
    }
}
