package dev.halcyon.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PreparedWeightsTest {
    private static final long WEIGHTS = 4096;
    private static final long BYTES = 64;

    private final PreparedWeights prepared = new PreparedWeights();
    private final Scratch scratch = new Scratch();
    private final Scratch other = new Scratch();
    private int made;

    private record Form(String name, long... sources) implements PreparedWeights.Key {
        @Override
        public boolean equals(Object other) {
            return other instanceof Form form && name.equals(form.name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    @AfterEach
    void close() {
        prepared.close();
        scratch.close();
        other.close();
    }

    private long request(Form form) {
        return prepared.request(form, BYTES, scratch, at -> Memory.setInt(at, ++made));
    }

    @Test
    void aFormIsKeptFromItsSecondUseOn() {
        Form form = new Form("packed", WEIGHTS);
        long first = request(form);
        long second = request(form);
        assertNotEquals(first, second);
        assertEquals(second, request(form));
        assertEquals(2, made);
        assertEquals(2, Memory.getInt(second));
    }

    @Test
    void aWriteAnywhereInASourcesMemoryEndsIt() {
        Form form = new Form("folded", WEIGHTS, 2 * WEIGHTS);
        for (long written : new long[] {WEIGHTS, 2 * WEIGHTS}) {
            request(form);
            request(form);
            int before = made;
            prepared.written(written - 128, 256);
            assertEquals(scratch.request(BYTES), request(form));
            assertEquals(before + 1, made);
        }
    }

    @Test
    void aWriteElsewhereDoesNot() {
        Form form = new Form("packed", WEIGHTS);
        request(form);
        long kept = request(form);
        prepared.written(WEIGHTS + 1, 1024);
        prepared.written(WEIGHTS - 64, 64);
        assertEquals(kept, request(form));
    }

    @Test
    void aFormOfAFormEndsWithIt() {
        Form folded = new Form("folded", WEIGHTS);
        request(folded);
        Form packed = new Form("packed", request(folded));
        request(packed);
        request(packed);
        int before = made;
        prepared.written(WEIGHTS, 64);
        request(packed);
        assertEquals(before + 1, made);
    }

    @Test
    void aFormOfWhatIsInScratchMemoryEndsWithTheNextRequest() {
        Form packed = new Form("packed", scratch.request(BYTES));
        request(new Form("folded", WEIGHTS));
        prepared.request(packed, BYTES, other, at -> Memory.setInt(at, ++made));
        request(new Form("another folded", 2 * WEIGHTS));
        int before = made;
        prepared.request(packed, BYTES, other, at -> Memory.setInt(at, ++made));
        prepared.request(packed, BYTES, other, at -> Memory.setInt(at, ++made));
        assertEquals(before + 2, made);
    }
}
