package dev.halcyon.models;

/**
 * How probable a model finds a class.
 *
 * @param label name of the class
 * @param probability in [0, 1]
 */
public record Prediction(String label, double probability) {
}
