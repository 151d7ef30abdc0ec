package dev.halcyon.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
        List<OnDisk> files = new ArrayList<>();
        List<String> folders = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                String relative = folder.relativize(path).toString().replace('\\', '/');
                if (Files.isDirectory(path) && !relative.isEmpty()) {
                    folders.add(relative);
                } else if (Files.isRegularFile(path)) {
                    files.add(new OnDisk(path, relative, Files.size(path)));
                }
            }
        } catch (IOException e) {
            throw new DataException(folder + ": cannot be read: " + e.getMessage(), e);
        }
        return ImageTree.open(folder.toString(), files, folders, unreadable);
    }

    private record OnDisk(Path file, String path, long size) implements ImageTree.Entry {
        @Override
        public byte[] read() throws IOException {
            return Files.readAllBytes(file);
        }

        @Override
        public byte[] readStart(int count) throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes(count);
            }
        }

        @Override
        public byte[] readEnd(int count) throws IOException {
            try (FileChannel channel = FileChannel.open(file)) {
                ByteBuffer end = ByteBuffer.allocate((int) Math.min(count, size));
                long start = size - end.capacity();
                while (end.hasRemaining() && channel.read(end, start + end.position()) >= 0) {
                    // until all is there
                }
                return end.array();
            }
        }
    }
}
