package dev.halcyon.io;

import dev.halcyon.nn.Module;
import dev.halcyon.nn.Parameter;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network's parameters in files, with PyTorch's names and layouts: convolutions [cout, cin / groups, kh, kw] instead of
 * [kh, kw, cin / groups, cout], linear layers [out, in] instead of [in, out].
 */
public final class Weights {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** A counter that PyTorch keeps with batch norms and that nothing here needs. */
    private static final String IGNORED = "num_batches_tracked";
    /** What PyTorch's data-parallel wrapper puts before every name. */
    private static final String WRAPPER = "module.";
    private static final int NAMES_LISTED = 8;

    private Weights() {
    }

    /**
     * Saves all parameters and statistics.
     *
     * @param metadata free text to go with them
     * @throws IOException if the file cannot be written; an old one is as it was
     */
    public static void save(Path file, Module network, Map<String, String> metadata) throws IOException {
        Map<String, SafeTensors.Entry> entries = new LinkedHashMap<>();
        for (Parameter parameter : network.parameters()) {
            float[] values = exchange(parameter.tensor().toFloats(), parameter, true);
            entries.put(parameter.name(), new SafeTensors.Entry(DataType.FLOAT32, fileShape(parameter),
                    MemorySegment.ofArray(values).asReadOnly()));
        }
        SafeTensors.write(file, entries, metadata);
    }

    /**
     * Loads all parameters and statistics of a network. Names are PyTorch's, with or without {@code module.} before
     * them; floats of any width are converted.
     *
     * @throws FormatException if tensors are missing, unknown or of another shape; the message lists them, and the
     *         network is as it was
     */
    public static void load(SafeTensors source, Module network) {
        Map<String, SafeTensors.Entry> entries = new LinkedHashMap<>();
        source.entries().forEach((name, entry) -> {
            if (!name.endsWith(IGNORED)) {
                entries.put(name.startsWith(WRAPPER) ? name.substring(WRAPPER.length()) : name, entry);
            }
        });
        List<String> missing = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (Parameter parameter : network.parameters()) {
            SafeTensors.Entry entry = entries.remove(parameter.name());
            if (entry == null) {
                missing.add(parameter.name());
            } else if (!entry.shape().equals(fileShape(parameter)) || !entry.type().isFloating()) {
                wrong.add(parameter.name() + " (expected " + fileShape(parameter) + ", found " + entry.type() + " "
                        + entry.shape() + ")");
            }
        }
        complain(source.file(), "lacks", missing);
        complain(source.file(), "has tensors of another shape:", wrong);
        complain(source.file(), "has tensors that the network does not know:", List.copyOf(entries.keySet()));
        for (Parameter parameter : network.parameters()) {
            SafeTensors.Entry entry = find(source, parameter.name());
            float[] values = exchange(toFloats(entry), parameter, false);
            parameter.tensor().upload(MemorySegment.ofArray(values));
        }
    }

    private static SafeTensors.Entry find(SafeTensors source, String name) {
        SafeTensors.Entry entry = source.entries().get(name);
        return entry != null ? entry : source.entries().get(WRAPPER + name);
    }

    private static void complain(Path file, String problem, List<String> names) {
        if (!names.isEmpty()) {
            String rest = names.size() > NAMES_LISTED ? " and " + (names.size() - NAMES_LISTED) + " more" : "";
            throw new FormatException(file + " does not fit the network: it " + problem + " "
                    + String.join(", ", names.subList(0, Math.min(NAMES_LISTED, names.size()))) + rest);
        }
    }

    /** A parameter's shape on disk. */
    static Shape fileShape(Parameter parameter) {
        Shape s = parameter.shape();
        return switch (s.rank()) {
            case 4 -> Shape.of(s.extent(3), s.extent(2), s.extent(0), s.extent(1));
            case 2 -> Shape.of(s.extent(1), s.extent(0));
            default -> s;
        };
    }

    /** Values brought from the memory's order to the file's, or back. */
    private static float[] exchange(float[] values, Parameter parameter, boolean toFile) {
        Shape s = parameter.shape();
        if (s.rank() != 4 && s.rank() != 2) {
            return values;
        }
        int outputs = (int) s.extent(-1);
        int inputs = (int) s.extent(-2);
        int taps = values.length / outputs / inputs;
        float[] exchanged = new float[values.length];
        for (int tap = 0; tap < taps; tap++) {
            for (int in = 0; in < inputs; in++) {
                for (int out = 0; out < outputs; out++) {
                    int memory = (tap * inputs + in) * outputs + out;
                    int file = (out * inputs + in) * taps + tap;
                    exchanged[toFile ? file : memory] = values[toFile ? memory : file];
                }
            }
        }
        return exchanged;
    }

    private static float[] toFloats(SafeTensors.Entry entry) {
        float[] values = new float[Math.toIntExact(entry.shape().elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (entry.type()) {
                case FLOAT32 -> entry.data().get(FLOAT, 4L * i);
                case FLOAT64 -> (float) entry.data().get(DOUBLE, 8L * i);
                case FLOAT16 -> Float.float16ToFloat(entry.data().get(SHORT, 2L * i));
                case BFLOAT16 -> Float.intBitsToFloat(entry.data().get(SHORT, 2L * i) << 16);
                case INT32, INT64, UINT8 -> throw new IllegalArgumentException("not a float: " + entry.type());
            };
        }
        return values;
    }
}
