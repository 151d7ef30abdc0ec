package dev.halcyon.emulator.arithmetic;

/** {@code vote.sync.mode.pred}; {@code vote.sync.ballot.b32} is {@code predicates & members}. */
public enum Vote {
    /** True for all. */
    ALL,
    /** True for at least one. */
    ANY,
    /** The same for all. */
    UNI;

    /**
     * The result, the same for every lane that takes part.
     *
     * @param predicates bit l: the operand of lane l
     * @param members the lanes that take part, at least one
     */
    public boolean apply(int predicates, int members) {
        int ballot = predicates & members;
        return switch (this) {
            case ALL -> ballot == members;
            case ANY -> ballot != 0;
            case UNI -> ballot == members || ballot == 0;
        };
    }
}
