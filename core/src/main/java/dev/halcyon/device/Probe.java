package dev.halcyon.device;

import java.util.List;

/**
 * What a provider found on this machine.
 *
 * @param kind the provider's kind
 * @param devices a description of each device, by index; empty if there is none
 * @param problem why there is none or what makes it slower than it could be, and what to do; empty if all is well
 * @param facts what else there is to know of them: versions, libraries and where they were found
 */
public record Probe(String kind, List<String> devices, String problem, List<String> facts) {
    /** Copies the lists. */
    public Probe {
        devices = List.copyOf(devices);
        facts = List.copyOf(facts);
    }

    /** What a provider found of which no more is to be said. */
    public Probe(String kind, List<String> devices, String problem) {
        this(kind, devices, problem, List.of());
    }
}
