package dev.halcyon.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Weights in forms that kernels want (packed, mapped, with a norm folded in), kept until somebody writes to what they
 * were made of: inference makes them once. A form has memory of its own from its second use on; in training there is
 * none, since weights change first.
 */
final class PreparedWeights {
    private final Map<Key, Form> forms = new HashMap<>();
    private final NavigableMap<Long, List<Form>> bySource = new TreeMap<>();

    /** What a form is made of, and how: equal keys mean equal bits, as long as nobody writes. */
    interface Key {
        /** Where it is read from: an address in each buffer. */
        long[] sources();
    }

    private static final class Form {
        private final Key key;
        private CpuBuffer memory;

        Form(Key key) {
            this.key = key;
        }
    }

    /**
     * A form, made if it is not at hand.
     *
     * @param bytes of the form
     * @param scratch where it is made at its first use
     * @param make writes it to an address
     * @return where it lies until the next request with this scratch memory, or until its sources change
     */
    long request(Key key, long bytes, Scratch scratch, LongConsumer make) {
        if (isKnown(key)) {
            return request(key, bytes, make);
        }
        long address = scratch.request(bytes);
        make.accept(address);
        written(address, bytes);
        return address;
    }

    /** Whether this form was asked for before, with the same content. If not, it is from now on. */
    boolean isKnown(Key key) {
        if (forms.containsKey(key)) {
            return true;
        }
        Form form = new Form(key);
        forms.put(key, form);
        for (long source : key.sources()) {
            bySource.computeIfAbsent(source, _ -> new ArrayList<>()).add(form);
        }
        return false;
    }

    /** A form that {@link #isKnown}, in memory of its own. */
    long request(Key key, long bytes, LongConsumer make) {
        Form form = forms.get(key);
        if (form.memory == null) {
            form.memory = CpuBuffer.allocate(bytes);
            make.accept(form.memory.address());
        }
        return form.memory.address();
    }

    /** Drops all forms of what lies in a piece of memory that is written to, or given back. */
    void written(long address, long bytes) {
        if (bySource.isEmpty()) {
            return;
        }
        NavigableMap<Long, List<Form>> changed = bySource.subMap(address, true, address + bytes, false);
        while (!changed.isEmpty()) {
            drop(changed.firstEntry().getValue().getFirst());
        }
    }

    private void drop(Form form) {
        forms.remove(form.key);
        for (long source : form.key.sources()) {
            bySource.computeIfPresent(source, (_, using) -> {
                using.remove(form);
                return using.isEmpty() ? null : using;
            });
        }
        if (form.memory != null) {
            written(form.memory.address(), form.memory.bytes());
            form.memory.free();
        }
    }

    void close() {
        while (!forms.isEmpty()) {
            drop(forms.values().iterator().next());
        }
    }
}
