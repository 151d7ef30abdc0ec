package dev.halcyon.emulator.ptx;

import java.util.Locale;

/** A state space of PTX: where a variable lives and which addresses an access may take. */
public enum Space {
    GLOBAL, SHARED, LOCAL, CONST, PARAM, GENERIC;

    /** The space of that name as PTX writes it, without the dot; null if there is none. */
    public static Space named(String name) {
        return switch (name) {
            case "global" -> GLOBAL;
            case "shared", "shared::cta" -> SHARED;
            case "local" -> LOCAL;
            case "const" -> CONST;
            case "param", "param::entry", "param::func" -> PARAM;
            default -> null;
        };
    }

    /** The name as PTX writes it, without the dot. */
    public String ptxName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
