package dev.halcyon.emulator.arithmetic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code prmt} against the ISA's tables: byte n of the operands holds 0x10 + n, so a result shows what was taken. */
final class PermutationTest {
    private static final int A = 0x13121110;
    private static final int B = 0x17161514;

    /** For c modulo 4 from 0 to 3: which byte goes to places 3, 2, 1 and 0. */
    @ParameterizedTest
    @CsvSource({"f4e, 3210, 4321, 5432, 6543", "b4e, 5670, 6701, 7012, 0123", "rc8, 0000, 1111, 2222, 3333",
        "ecl, 3210, 3211, 3222, 3333", "ecr, 0000, 1110, 2210, 3210", "rc16, 1010, 3232, 1010, 3232"})
    void modes(String mode, String zero, String one, String two, String three) {
        String[] rows = {zero, one, two, three};
        for (int c = -8; c < 8; c++) {
            int expected = 0;
            for (char digit : rows[Math.floorMod(c, 4)].toCharArray()) {
                expected = expected << 8 | 0x10 + (digit - '0');
            }
            assertEquals(expected, Permutation.of(mode).apply(A, B, c));
        }
    }

    @Test
    void anyBytes() {
        for (int selector = 0; selector < 1 << 12; selector++) {
            int c = selector & 0x7 | (selector & 0x38) << 1 | (selector & 0x1c0) << 2 | (selector & 0xe00) << 3;
            int expected = 0x10101010 + (c & 7) + ((c >> 4 & 7) << 8) + ((c >> 8 & 7) << 16) + ((c >> 12 & 7) << 24);
            assertEquals(expected, Permutation.GENERIC.apply(A, B, c));
        }
    }

    @Test
    void signsAreSpread() {
        int a = 0x80ff7f00;
        assertEquals(0xffff0000, Permutation.GENERIC.apply(a, 0, 0xba98));
        assertEquals(0x80ff0000, Permutation.GENERIC.apply(a, 0, 0x3b98));
        assertEquals(0xff00ff7f, Permutation.GENERIC.apply(0x7f, 0xff00, 0xd4d0));
    }
}
