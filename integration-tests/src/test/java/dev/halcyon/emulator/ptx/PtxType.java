package dev.halcyon.emulator.ptx;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A fundamental type of PTX: what a register or an operand of an instruction holds. */
public enum PtxType {
    PRED(1, Kind.PREDICATE), B8(8, Kind.BITS), B16(16, Kind.BITS), B32(32, Kind.BITS), B64(64, Kind.BITS),
    U8(8, Kind.UNSIGNED), U16(16, Kind.UNSIGNED), U32(32, Kind.UNSIGNED), U64(64, Kind.UNSIGNED), S8(8, Kind.SIGNED),
    S16(16, Kind.SIGNED), S32(32, Kind.SIGNED), S64(64, Kind.SIGNED), F16(16, Kind.FLOAT), BF16(16, Kind.FLOAT),
    F16X2(32, Kind.FLOAT), BF16X2(32, Kind.FLOAT), TF32(32, Kind.FLOAT), F32(32, Kind.FLOAT), F64(64, Kind.FLOAT);

    /** How the bits are understood. */
    public enum Kind {
        PREDICATE, BITS, UNSIGNED, SIGNED, FLOAT
    }

    private static final Map<String, PtxType> NAMED = Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(PtxType::ptxName, type -> type));

    private final int bits;
    private final Kind kind;

    PtxType(int bits, Kind kind) {
        this.bits = bits;
        this.kind = kind;
    }

    /** Width in bits; 1 for a predicate. */
    public int bits() {
        return bits;
    }

    /** Width in bytes of a value in memory. */
    public int bytes() {
        return bits / 8;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the type is an integer whose upper bits are copies of its sign. */
    public boolean signed() {
        return kind == Kind.SIGNED;
    }

    /** Whether the type is a floating-point number, or a pair of them. */
    public boolean floating() {
        return kind == Kind.FLOAT;
    }

    /** The type of that name as PTX writes it, without the dot; null if there is none. */
    public static PtxType named(String name) {
        return NAMED.get(name);
    }

    /** The name as PTX writes it, without the dot. */
    public String ptxName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
