package dev.halcyon.it;

import dev.halcyon.data.HorizontalFlip;
import dev.halcyon.data.ImageFolder;
import dev.halcyon.data.Resize;
import dev.halcyon.data.Splits;
import dev.halcyon.device.Device;
import dev.halcyon.io.ModelFile;
import dev.halcyon.models.Classifier;
import dev.halcyon.models.Models;
import dev.halcyon.models.Prediction;
import dev.halcyon.nn.Model;
import dev.halcyon.optim.Schedule;
import dev.halcyon.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** The README's example: train on a folder of photographs, save, load, ask about one picture. */
final class LibraryExample {
    static Prediction trainAndAsk(Path folder, Path weights, Path picture) throws IOException {
        try (Device device = Device.best()) {
            Splits photos = ImageFolder.open(folder);
            Model.Input input = new Model.Input(32, 32, Models.usualNormalization(3));
            try (Model model = Models.create("convnet", input, photos.classes(), device, 0)) {
                Trainer.of(model).prepare(new Resize(32, 32)).augment(HorizontalFlip.random())
                        .schedule(Schedule.oneCycle(0.05)).epochs(10).batchSize(16).fit(photos);
                ModelFile.save(weights, model);
            }
            try (Classifier classifier = Classifier.load(weights, device)) {
                return classifier.predict(ImageIO.read(picture.toFile())).getFirst();
            }
        }
    }
}
