package dev.halcyon.cli;

import dev.halcyon.data.CenterCrop;
import dev.halcyon.data.DataException;
import dev.halcyon.data.Dataset;
import dev.halcyon.data.HorizontalFlip;
import dev.halcyon.data.Image;
import dev.halcyon.data.RandomCrop;
import dev.halcyon.data.RandomResizedCrop;
import dev.halcyon.data.Transform;
import dev.halcyon.device.NormalizeImages;
import dev.halcyon.nn.Model;
import dev.halcyon.random.RandomStream;
import dev.halcyon.text.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How images of a dataset become what a network reads, where the user leaves it to us. */
final class Preparation {
    /** Random changes of training images. */
    enum Augment {
        /** What suits the data. */
        AUTO,
        /** None. */
        NONE,
        /** Small random moves. */
        CROP,
        /** Small random moves, every other image mirrored. */
        CROP_FLIP,
        /** Random parts of the image, every other one mirrored. */
        RESIZED_CROP;

        /** As options and recipes give it: {@code crop-flip}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Reads the option's text. */
        static final class Converter implements ITypeConverter<Augment> {
            /** Called by picocli. */
            Converter() {
            }

            @Override
            public Augment convert(String text) {
                return Arrays.stream(values()).filter(kind -> kind.name().equalsIgnoreCase(text.replace('-', '_')))
                        .findFirst()
                        .orElseThrow(() -> new TypeConversionException("unknown kind '" + text + "'"
                                + Suggestion.among(text, Arrays.stream(values()).map(Augment::toString).toList())));
            }
        }
    }

    private static final int DEFAULT_PHOTO = 128;
    private static final int MOST_SAMPLES = 512;
    private static final long MOST_SAMPLED_PIXELS = 32_000_000;
    private static final double LEAST_AREA = 0.25;
    private static final float LEAST_DEVIATION = 0.02f;

    private Preparation() {
    }

    /** The input of a network for a dataset: its own size if all images share one, with its own mean and deviation. */
    static Model.Input inputFor(Dataset dataset, ImageSize wanted) {
        int[] order = RandomStream.of(0, RandomStream.stream("statistics")).permutation(dataset.size());
        List<Image> samples = readable(dataset, order, MOST_SAMPLES);
        Image first = samples.getFirst();
        boolean same = samples.stream().allMatch(image -> image.hasSizeOf(first));
        boolean keep = same && Math.max(first.height(), first.width()) <= Model.Input.LARGEST_SMALL_EXTENT;
        ImageSize size = wanted != null ? wanted
                : keep ? new ImageSize(first.height(), first.width()) : new ImageSize(DEFAULT_PHOTO, DEFAULT_PHOTO);
        return new Model.Input(size.height(), size.width(), normalization(samples));
    }

    /** The first images in an order that can be read: fewer of large photographs, whose decoding takes long. */
    private static List<Image> readable(Dataset dataset, int[] order, int most) {
        List<Image> images = new ArrayList<>();
        long pixels = 0;
        for (int i = 0; i < order.length && images.size() < most && pixels < MOST_SAMPLED_PIXELS; i++) {
            try {
                Image image = dataset.image(order[i]);
                pixels += (long) image.height() * image.width();
                images.add(image);
            } catch (DataException e) {
                System.getLogger(Preparation.class.getName()).log(System.Logger.Level.DEBUG, e.getMessage());
            }
        }
        if (images.isEmpty()) {
            throw new DataException("none of the images can be read, the first of them being " + dataset.name(0));
        }
        return images;
    }

    /** Mean and deviation per channel of some images, in [0, 1]. */
    private static NormalizeImages normalization(List<Image> samples) {
        int channels = samples.getFirst().channels();
        double[] sums = new double[channels];
        double[] squares = new double[channels];
        long count = 0;
        for (Image image : samples) {
            byte[] pixels = image.pixels();
            for (int i = 0; i < pixels.length; i++) {
                double value = Byte.toUnsignedInt(pixels[i]) / 255.0;
                sums[i % channels] += value;
                squares[i % channels] += value * value;
            }
            count += pixels.length / channels;
        }
        float[] mean = new float[channels];
        float[] deviation = new float[channels];
        for (int c = 0; c < channels; c++) {
            double average = sums[c] / count;
            mean[c] = (float) average;
            deviation[c] =
                    Math.max(LEAST_DEVIATION, (float) Math.sqrt(Math.max(0, squares[c] / count - average * average)));
        }
        return new NormalizeImages(mean, deviation);
    }

    /** The size of a dataset's images, judged by the first that can be read. */
    static Image example(Dataset dataset) {
        return readable(dataset, IntStream.range(0, dataset.size()).toArray(), 1).getFirst();
    }

    /** Brings images of any size to the model's. */
    static Transform[] forEvaluation(Model.Input input) {
        return new Transform[] {new CenterCrop(input.height(), input.width(), 1)};
    }

    static Transform[] forTraining(Augment augment, Model.Input input) {
        Augment chosen = augment != Augment.AUTO ? augment
                : !input.isSmall() ? Augment.RESIZED_CROP : input.channels() == 1 ? Augment.CROP : Augment.CROP_FLIP;
        RandomCrop crop = RandomCrop.padding(Math.max(1, Math.min(input.height(), input.width())
                / (input.channels() == 1 ? 14 : 8)));
        return switch (chosen) {
            case AUTO, NONE -> new Transform[0];
            case CROP -> new Transform[] {crop};
            case CROP_FLIP -> new Transform[] {crop, HorizontalFlip.random()};
            case RESIZED_CROP -> new Transform[] {new RandomResizedCrop(input.height(), input.width(), LEAST_AREA),
                HorizontalFlip.random()};
        };
    }
}
