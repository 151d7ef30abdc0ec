package dev.halcyon.emulator.ptx;

/** PTX text that the emulator does not accept: not well formed, or with something it does not know. */
public final class PtxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final String what;

    /**
     * @param line the line of the PTX text, from 1
     * @param what what is wrong there
     */
    public PtxException(int line, String what) {
        super("PTX line " + line + ": " + what);
        this.line = line;
        this.what = what;
    }

    /** The same fault, said of an instruction. */
    PtxException in(String opcode) {
        return new PtxException(line, "instruction '" + opcode + "': " + what);
    }

    /** The line of the PTX text, from 1. */
    public int line() {
        return line;
    }
}
