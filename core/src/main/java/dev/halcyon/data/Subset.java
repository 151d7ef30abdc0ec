package dev.halcyon.data;

import java.util.List;

/**
 * Some images of another dataset.
 *
 * @param indices which ones
 * @param relabelled the new label of each old one, or null where labels stay
 */
record Subset(Dataset source, int[] indices, List<String> classes, int[] relabelled) implements Dataset {
    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public int label(int index) {
        int label = source.label(indices[index]);
        return relabelled == null ? label : relabelled[label];
    }

    @Override
    public Image image(int index) {
        return source.image(indices[index]);
    }

    @Override
    public String name(int index) {
        return source.name(indices[index]);
    }
}
