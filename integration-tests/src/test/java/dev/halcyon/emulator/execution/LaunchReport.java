package dev.halcyon.emulator.execution;

/** What a launch did. */
public record LaunchReport(String kernel, LaunchShape shape, Counters counters) {
}
