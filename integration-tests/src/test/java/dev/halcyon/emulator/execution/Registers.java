package dev.halcyon.emulator.execution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gives out the registers of a kernel's warps, those for constants and for what hardware fills in among them. */
final class Registers {
    /** Where the first register of each width begins: a result that is not wanted, or wanted only for some lanes. */
    static final int SCRATCH = 0;

    private int words = Warp.LANES;
    private int wides = Warp.LANES;
    private int predicates;
    private final Map<Integer, Integer> wordConstants = new HashMap<>();
    private final Map<Long, Integer> wideConstants = new HashMap<>();
    private final Map<SpecialRegister, Integer> specials = new LinkedHashMap<>();

    /** Where a new register of 32 bits begins. */
    int word() {
        words += Warp.LANES;
        return words - Warp.LANES;
    }

    /** Where a new register of 64 bits begins. */
    int wide() {
        wides += Warp.LANES;
        return wides - Warp.LANES;
    }

    /** Number of a new predicate. */
    int predicate() {
        return predicates++;
    }

    /** Where a register of 32 bits begins that holds a constant. */
    int constant(int value) {
        return wordConstants.computeIfAbsent(value, v -> word());
    }

    /** Where a register of 64 bits begins that holds a constant. */
    int wideConstant(long value) {
        return wideConstants.computeIfAbsent(value, v -> wide());
    }

    int special(SpecialRegister register) {
        return specials.computeIfAbsent(register, r -> word());
    }

    int predicates() {
        return predicates;
    }

    int[] initialWords() {
        int[] initial = new int[words];
        wordConstants.forEach((value, base) -> Arrays.fill(initial, base, base + Warp.LANES, value));
        return initial;
    }

    long[] initialWides() {
        long[] initial = new long[wides];
        wideConstants.forEach((value, base) -> Arrays.fill(initial, base, base + Warp.LANES, value));
        return initial;
    }

    List<SpecialRegister.Row> specials() {
        List<SpecialRegister.Row> rows = new ArrayList<>();
        specials.forEach((register, base) -> rows.add(new SpecialRegister.Row(register, base)));
        return List.copyOf(rows);
    }
}
