package dev.halcyon.models;

import dev.halcyon.nn.Model;
import dev.halcyon.nn.Module;

/**
 * A network of the zoo.
 *
 * @param name by which options, files and recipes call it
 * @param description one line
 * @param typicalInput images it is usually given, for listings and benchmarks
 * @param factory describes the network for a size of images and a number of classes
 */
public record Architecture(String name, String description, Model.Input typicalInput, Factory factory) {
    /** Describes a network. */
    @FunctionalInterface
    public interface Factory {
        /** The network for images of a size and a number of classes. */
        Module describe(Model.Input input, int classes);
    }
}
