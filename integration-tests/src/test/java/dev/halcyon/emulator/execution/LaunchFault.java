package dev.halcyon.emulator.execution;

/** A fault of a kernel after which its launch could not go on. It is among the launch's findings too. */
public final class LaunchFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Finding finding;

    LaunchFault(Finding finding) {
        super(finding.toString());
        this.finding = finding;
    }

    public Finding finding() {
        return finding;
    }
}
