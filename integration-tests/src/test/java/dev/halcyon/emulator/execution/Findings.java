package dev.halcyon.emulator.execution;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects the faults of kernels. Of those of one kind at one instruction of a kernel it keeps that of the first
 * thread of the first block, so that what it holds does not depend on the order in which blocks ran.
 */
public final class Findings {
    private record Where(String kernel, int line, Finding.Kind kind) {
    }

    private static final Comparator<Where> ORDER = Comparator.comparing(Where::kernel).thenComparing(Where::line)
            .thenComparing(Where::kind);
    private static final Comparator<Finding.Place> PLACES = Comparator.comparing(Finding.Place::z)
            .thenComparing(Finding.Place::y).thenComparing(Finding.Place::x);
    private static final Comparator<Finding> FIRST = Comparator.comparing(Finding::block, PLACES)
            .thenComparing(Finding::thread, PLACES);

    private final Map<Where, Finding> found = new TreeMap<>(ORDER);

    /** All findings, in the order of kernels' names and lines. */
    public synchronized List<Finding> all() {
        return new ArrayList<>(found.values());
    }

    synchronized void add(Finding finding) {
        Where where = new Where(finding.kernel(), finding.line(), finding.kind());
        Finding before = found.get(where);
        if (before == null || FIRST.compare(finding, before) < 0) {
            found.put(where, finding);
        }
    }
}
