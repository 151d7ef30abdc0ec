package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.halcyon.device.Backend;
import dev.halcyon.device.Buffer;
import dev.halcyon.device.View;
import dev.halcyon.it.cases.Argument;
import dev.halcyon.it.cases.KernelCase;
import dev.halcyon.random.RandomStream;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a case on a backend. Every view lies between guard bytes; inputs and guards must be the same afterwards.
 */
final class KernelRun {
    private static final long SEED = 20261;
    private static final int GUARD = 64;
    private static final byte GUARD_BYTE = (byte) 0xA5;
    private static final byte GARBAGE = (byte) 0xFF;

    /** Where views start: backends have kernels for each. */
    enum Alignment {
        /** Each at a multiple of 64 bytes, as tensors do. */
        ALL,
        /** Every other one an element further, as rows of tensors may. */
        MIXED
    }

    /** What an argument that is written holds afterwards. */
    record Output(int index, Argument argument, byte[] bytes) {
        double[] numbers() {
            return HostNumbers.decode(bytes, argument.type());
        }

        /** The element at an index within the output, as {@code output 1, element 17}. */
        String place(int element) {
            return "argument " + index + " " + argument.type() + " " + argument.shape() + ", element " + element;
        }
    }

    /** An argument in a backend's memory. */
    private record Placed(Argument argument, Buffer buffer, View view, byte[] before) {
    }

    private KernelRun() {
    }

    /** What the case's outputs hold after the call, in the order of its arguments; not all of them aligned. */
    static List<Output> outputs(KernelCase row, Backend backend) {
        return outputs(row, backend, Alignment.MIXED);
    }

    /** The same with views placed as wanted. */
    static List<Output> outputs(KernelCase row, Backend backend, Alignment alignment) {
        List<Placed> placed = new ArrayList<>();
        try {
            for (int i = 0; i < row.arguments().size(); i++) {
                placed.add(place(row, i, backend, alignment));
            }
            row.call().run(backend, placed.stream().map(Placed::view).toArray(View[]::new));
            List<Output> outputs = new ArrayList<>();
            for (int i = 0; i < placed.size(); i++) {
                byte[] after = after(row, i, placed.get(i), backend);
                if (placed.get(i).argument.role() != Argument.Role.IN) {
                    outputs.add(new Output(i, placed.get(i).argument, after));
                }
            }
            return outputs;
        } finally {
            placed.forEach(p -> backend.free(p.buffer));
        }
    }

    private static Placed place(KernelCase row, int index, Backend backend, Alignment alignment) {
        Argument argument = row.arguments().get(index);
        byte[] elements = initial(row, index);
        int start = GUARD + (alignment == Alignment.ALL ? 0 : index % 2 * argument.type().bytes());
        byte[] all = new byte[start + elements.length + GUARD];
        Arrays.fill(all, GUARD_BYTE);
        System.arraycopy(elements, 0, all, start, elements.length);
        Buffer buffer = backend.allocate(all.length);
        backend.upload(MemorySegment.ofArray(all), bytes(buffer, all.length));
        return new Placed(argument, buffer, new View(buffer, start, argument.shape(), argument.type()), all);
    }

    /** What an argument of a case holds before the call. */
    private static byte[] initial(KernelCase row, int index) {
        Argument argument = row.arguments().get(index);
        int count = Math.toIntExact(argument.shape().elements());
        if (argument.values() == null) {
            byte[] garbage = new byte[count * argument.type().bytes()];
            Arrays.fill(garbage, GARBAGE);
            return garbage;
        }
        RandomStream random = RandomStream.of(SEED, RandomStream.stream(row.name(), index, 0));
        return HostNumbers.encode(argument.values().make(random, count), argument.type());
    }

    private static byte[] after(KernelCase row, int index, Placed placed, Backend backend) {
        byte[] all = new byte[placed.before.length];
        backend.download(bytes(placed.buffer, all.length), MemorySegment.ofArray(all));
        int start = Math.toIntExact(placed.view.offset());
        int end = start + Math.toIntExact(placed.view.bytes());
        byte[] expected = placed.before.clone();
        if (placed.argument.role() != Argument.Role.IN) {
            System.arraycopy(all, start, expected, start, end - start);
        }
        if (!Arrays.equals(expected, all)) {
            assertArrayEquals(expected, all, () -> row.name() + " on " + backend.description()
                    + " changed bytes of argument " + index + " that it should not write (it lies at " + start + ")");
        }
        return Arrays.copyOfRange(all, start, end);
    }

    private static View bytes(Buffer buffer, long count) {
        return new View(buffer, 0, Shape.of(count), DataType.UINT8);
    }
}
