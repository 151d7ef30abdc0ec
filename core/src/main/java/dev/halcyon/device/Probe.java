package dev.halcyon.device;

import java.util.List;

/**
 * What a provider found on this machine.
 *
 * @param kind the provider's kind
 * @param devices a description of each device, by index; empty if there is none
 * @param problem why there is none or what makes it slower than it could be, and what to do; empty if all is well
 */
public record Probe(String kind, List<String> devices, String problem) {
    /** Copies the list. */
    public Probe {
        devices = List.copyOf(devices);
    }
}
