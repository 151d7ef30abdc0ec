package dev.halcyon.report.bird;

import dev.halcyon.data.Dataset;
import dev.halcyon.data.Image;
import dev.halcyon.models.drawings.Drawings;
import java.util.List;

/** Images with the classes of drawings: birds, dogs, and everything else a thing. */
record AsDrawn(Dataset images) implements Dataset {
    @Override
    public int size() {
        return images.size();
    }

    @Override
    public List<String> classes() {
        return Drawings.CLASSES;
    }

    @Override
    public int label(int index) {
        int label = Drawings.CLASSES.indexOf(images.classes().get(images.label(index)));
        return label < 0 ? Drawings.CLASSES.size() - 1 : label;
    }

    @Override
    public Image image(int index) {
        return images.image(index);
    }

    @Override
    public String name(int index) {
        return images.name(index);
    }
}
