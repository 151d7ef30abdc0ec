package dev.halcyon.models.data;

import dev.halcyon.data.DataException;
import dev.halcyon.data.ImageFile;
import dev.halcyon.data.ImageTree;
import dev.halcyon.data.Splits;
import dev.halcyon.data.Unreadable;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * A tar archive of class folders; see {@link ImageTree}. Images are read where they lie in the archive; a compressed
 * one is inflated once, into a temporary file that goes when the process does.
 */
public final class TarImages {
    private static final int BUFFER = 1 << 16;

    private TarImages() {
    }

    /**
     * Opens an archive.
     *
     * @param archive {@code .tar}, {@code .tar.gz} or {@code .tgz}
     * @param unreadable what to do with images that cannot be read
     * @throws DataException if it is not an archive, or an entry would lie outside the folder it is unpacked in
     */
    public static Splits open(Path archive, Unreadable unreadable) {
        boolean compressed = !archive.toString().toLowerCase(Locale.ROOT).endsWith(".tar");
        try {
            FileChannel content = compressed ? inflate(archive) : FileChannel.open(archive, StandardOpenOption.READ);
            return ImageTree.open(archive.toString(), entries(archive, content), List.of(), unreadable);
        } catch (IOException | IllegalArgumentException e) {
            throw new DataException(archive + ": expected a tar archive, which cannot be read: " + e.getMessage(), e);
        }
    }

    private static FileChannel inflate(Path archive) throws IOException {
        Path file = Files.createTempFile("halcyon-", ".tar");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
        try (InputStream packed = new BufferedInputStream(Files.newInputStream(archive), BUFFER);
                InputStream in = new GZIPInputStream(packed, BUFFER)) {
            in.transferTo(Channels.newOutputStream(channel));
            channel.position(0);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** The archive's channel stays open for the images; the table of contents is read once. */
    private static List<ImageTree.Entry> entries(Path archive, FileChannel content) throws IOException {
        List<ImageTree.Entry> entries = new ArrayList<>();
        try (TarFile tar = new TarFile(new Unclosed(content))) {
            for (TarArchiveEntry entry : tar.getEntries()) {
                String path = entry.getName().replace('\\', '/');
                if (path.startsWith("/") || Arrays.asList(path.split("/")).contains("..")) {
                    throw new DataException(archive + ": entry '" + entry.getName()
                            + "' climbs out of the archive; archives that do are refused");
                }
                if (entry.isFile()) {
                    String plain = path.startsWith("./") ? path.substring(2) : path;
                    entries.add(new ImageTree.Entry(plain,
                            new InArchive(archive + "/" + plain, content, entry.getDataOffset(), entry.getSize())));
                }
            }
        }
        return entries;
    }

    private record InArchive(String name, FileChannel content, long offset, long size) implements ImageFile {
        @Override
        public byte[] read(long from, int length) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, Math.min(length, size - from)));
            while (bytes.hasRemaining()) {
                if (content.read(bytes, offset + from + bytes.position()) < 0) {
                    throw new EOFException("the archive is cut off");
                }
            }
            return bytes.array();
        }
    }
}
