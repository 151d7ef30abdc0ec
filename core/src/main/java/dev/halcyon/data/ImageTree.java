package dev.halcyon.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Class folders full of images, wherever they come from: {@code bird/1.jpg}, {@code dog/2.jpg}, or the same within
 * {@code train/}, {@code val/} and {@code test/}. The order is that of names, whatever the file system gives.
 */
public final class ImageTree {
    private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "jpe", "png", "gif", "bmp", "webp");
    private static final Map<String, String> PARTS = Map.of("train", "train", "training", "train", "val", "val",
            "valid", "val", "validation", "val", "test", "test", "testing", "test");

    private ImageTree() {
    }

    /**
     * One file of a tree.
     *
     * @param path where it lies in the tree, with slashes: {@code train/bird/1.jpg}
     * @param content its bytes
     */
    public record Entry(String path, ImageFile content) {
    }

    /** Whether a file's name says that it is an image. Hidden ones are not, nor what lies in hidden folders. */
    static boolean isImage(String path) {
        boolean hidden = path.startsWith(".") || path.contains("/.");
        return !hidden && ENDINGS.contains(path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    /**
     * Sorts files into parts and classes.
     *
     * @param name of the whole, for messages
     * @param files all of them; those that are no images by name are passed over
     * @param folders paths of all folders, to notice those without images
     * @param unreadable what to do with images that cannot be read
     * @throws DataException if there are no images, a class has none, or there is only one class
     */
    public static Splits open(String name, List<Entry> files, Collection<String> folders,
            Unreadable unreadable) {
        TreeMap<String, TreeMap<String, List<Entry>>> parts = new TreeMap<>();
        int depth = commonDepth(files);
        for (Entry file : files) {
            if (isImage(file.path())) {
                sort(file, file.path().split("/"), depth, parts);
            }
        }
        if (parts.isEmpty()) {
            throw new DataException(name + ": expected a folder for each class with images in it, such as bird/1.jpg"
                    + " and dog/1.jpg, found no images in such folders");
        }
        if (!parts.containsKey("train")) {
            throw new DataException(name + ": expected images to learn from in train/, found only "
                    + String.join(", ", parts.keySet()));
        }
        refuseEmptyClasses(name, folders, depth, parts);
        List<String> classes = List.copyOf(parts.get("train").navigableKeySet());
        if (classes.size() < 2) {
            throw new DataException(name + ": expected at least two class folders, found only '" + classes.getFirst()
                    + "'; add a folder with images of something else");
        }
        Map<String, Dataset> datasets = new TreeMap<>();
        parts.forEach((part, byClass) -> datasets.put(part, dataset(name, part, byClass, classes, unreadable)));
        return new Splits(datasets.get("train"), Optional.ofNullable(datasets.get("val")),
                Optional.ofNullable(datasets.get("test")));
    }

    /** How many leading folders all images share and that are neither parts nor classes. */
    private static int commonDepth(List<Entry> files) {
        List<String[]> paths = files.stream().map(Entry::path).filter(ImageTree::isImage).map(path -> path.split("/"))
                .toList();
        int depth = 0;
        while (!paths.isEmpty() && canStrip(paths, depth)) {
            depth++;
        }
        return depth;
    }

    private static boolean canStrip(List<String[]> paths, int depth) {
        String first = paths.getFirst()[depth];
        return !PARTS.containsKey(first)
                && paths.stream().allMatch(path -> path.length > depth + 2 && path[depth].equals(first));
    }

    private static void sort(Entry file, String[] path, int depth,
            TreeMap<String, TreeMap<String, List<Entry>>> parts) {
        boolean inPart = path.length > depth + 2 && PARTS.containsKey(path[depth]);
        int classAt = inPart ? depth + 1 : depth;
        if (path.length > classAt + 1) {
            String part = inPart ? PARTS.get(path[depth]) : "train";
            parts.computeIfAbsent(part, key -> new TreeMap<>()).computeIfAbsent(path[classAt], key -> new ArrayList<>())
                    .add(file);
        }
    }

    private static void refuseEmptyClasses(String name, Collection<String> folders, int depth,
            TreeMap<String, TreeMap<String, List<Entry>>> parts) {
        Set<String> empty = new TreeSet<>();
        for (String folder : folders) {
            String[] path = folder.split("/");
            boolean inPart = path.length == depth + 2 && PARTS.containsKey(path[depth]);
            boolean classFolder = inPart || path.length == depth + 1 && !PARTS.containsKey(path[depth]);
            if (classFolder && !path[path.length - 1].startsWith(".")) {
                String part = inPart ? PARTS.get(path[depth]) : "train";
                if (!parts.getOrDefault(part, new TreeMap<>()).containsKey(path[path.length - 1])) {
                    empty.add(folder);
                }
            }
        }
        if (!empty.isEmpty()) {
            throw new DataException(name + ": expected images in every class folder, found none in "
                    + String.join(", ", empty) + "; add some or remove the folder");
        }
    }

    private static Dataset dataset(String name, String part, Map<String, List<Entry>> byClass, List<String> classes,
            Unreadable unreadable) {
        List<ImageFile> files = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        byClass.forEach((className, entries) -> {
            int label = classes.indexOf(className);
            if (label < 0) {
                throw new DataException(name + ": class '" + className + "' is in " + part + "/ but not in train/");
            }
            List<ImageFile> readable = readable(entries, unreadable);
            if (readable.isEmpty()) {
                throw new DataException(name + ": none of the images of class '" + className + "' in " + part
                        + "/ can be read; the first problem: " + unreadable.messages().getFirst());
            }
            files.addAll(readable);
            labels.addAll(Collections.nCopies(readable.size(), label));
        });
        return new ImageFiles(List.copyOf(files), labels.stream().mapToInt(Integer::intValue).toArray(), classes);
    }

    /** The files that can be read, in the order of their names. */
    private static List<ImageFile> readable(List<Entry> entries, Unreadable unreadable) {
        entries.sort(Comparator.comparing(Entry::path));
        return entries.parallelStream().map(Entry::content).filter(file -> isReadable(file, unreadable)).toList();
    }

    private static boolean isReadable(ImageFile file, Unreadable unreadable) {
        try {
            ImageDecoder.check(file);
            return true;
        } catch (DataException e) {
            unreadable.found(e);
            return false;
        }
    }
}
