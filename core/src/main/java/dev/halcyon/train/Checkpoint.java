package dev.halcyon.train;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.halcyon.io.AtomicFile;
import dev.halcyon.io.FormatException;
import dev.halcyon.io.SafeTensors;
import dev.halcyon.nn.Dropout;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Module;
import dev.halcyon.optim.Optimizer;
import dev.halcyon.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The whole state of a run in one file: parameters, the optimiser's memory, how far data and schedule have come, and how
 * many random numbers were drawn. A safetensors file, with a checksum over everything in it. The last but one is kept
 * beside the last, in case that is damaged.
 */
final class Checkpoint {
    /** The newest checkpoint of a run. */
    static final String LAST = "last.ckpt";
    /** The one before. */
    static final String PREVIOUS = "previous.ckpt";

    private static final String PROGRESS = "progress";
    private static final String DRAWN = "drawn";
    private static final String SETTINGS = "settings";
    private static final String CHECKSUM = "crc32c";

    private final Model model;
    private final Optimizer optimizer;
    private final String settings;

    /**
     * What checkpoints of a run keep.
     *
     * @param settings of the run, in text: a checkpoint fits only a run with the same
     */
    Checkpoint(Model model, Optimizer optimizer, String settings) {
        this.model = model;
        this.optimizer = optimizer;
        this.settings = settings;
    }

    private Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        model.network().parameters().forEach(parameter -> tensors.put("model." + parameter.name(), parameter.tensor()));
        optimizer.state().forEach((name, tensor) -> tensors.put("optimizer." + name, tensor));
        return tensors;
    }

    /**
     * Writes the newest checkpoint of a folder; what was the newest becomes the previous one.
     *
     * @throws IOException if that fails; older checkpoints are as they were
     */
    void save(Path folder, Progress progress) throws IOException {
        Path last = folder.resolve(LAST);
        Path fresh = folder.resolve(LAST + ".new");
        try (Arena arena = Arena.ofConfined()) {
            Map<String, SafeTensors.Entry> entries = new LinkedHashMap<>();
            tensors().forEach((name, tensor) -> entries.put(name,
                    new SafeTensors.Entry(tensor.type(), tensor.shape(), tensor.toHost(arena))));
            Map<String, String> metadata = new LinkedHashMap<>();
            metadata.put(PROGRESS, progress.toJson().toString());
            metadata.put(DRAWN, drawn().toString());
            metadata.put(SETTINGS, settings);
            metadata.put(CHECKSUM, checksum(entries, metadata));
            SafeTensors.write(fresh, entries, metadata);
            if (Files.exists(last)) {
                AtomicFile.move(last, folder.resolve(PREVIOUS));
            }
            AtomicFile.move(fresh, last);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /**
     * Goes back to the newest checkpoint that is whole.
     *
     * @param listener is told if that is not the last one
     * @throws FormatException if there is none, or it belongs to another run
     */
    Progress load(Path folder, TrainingListener listener) {
        Path last = folder.resolve(LAST);
        Path previous = folder.resolve(PREVIOUS);
        if (!Files.exists(last) && !Files.exists(previous)) {
            throw new FormatException(folder + ": expected a run folder with a checkpoint " + LAST + ", found none");
        }
        try {
            return load(last);
        } catch (FormatException e) {
            if (!Files.exists(previous)) {
                throw e;
            }
            Progress progress = load(previous);
            listener.notice("the last checkpoint cannot be used (" + e.getMessage() + "); going on from the one before,"
                    + " after epoch " + progress.epoch + " and " + progress.batch + " batches");
            return progress;
        }
    }

    private Progress load(Path file) {
        try (SafeTensors source = SafeTensors.open(file)) {
            Map<String, String> metadata = new LinkedHashMap<>(source.metadata());
            String expected = metadata.remove(CHECKSUM);
            String found = checksum(source.entries(), metadata);
            if (!found.equals(expected)) {
                throw new FormatException(file + ": is damaged: expected checksum " + expected + ", found " + found);
            }
            if (!settings.equals(metadata.get(SETTINGS))) {
                throw new FormatException(file + ": belongs to a run with other settings: expected " + settings
                        + ", found " + metadata.get(SETTINGS));
            }
            Map<String, Tensor> tensors = tensors();
            if (!source.entries().keySet().equals(tensors.keySet())) {
                throw new FormatException(file + ": belongs to another network or optimiser");
            }
            tensors.forEach((name, tensor) -> tensor.upload(source.entries().get(name).data()));
            restoreDrawn(new Gson().fromJson(metadata.get(DRAWN), JsonObject.class));
            Progress progress = Progress.of(metadata.get(PROGRESS));
            optimizer.steps(progress.steps);
            return progress;
        }
    }

    private JsonObject drawn() {
        JsonObject drawn = new JsonObject();
        for (Module module : model.network().modules()) {
            if (module instanceof Dropout dropout) {
                drawn.addProperty(dropout.path(), dropout.drawn());
            }
        }
        return drawn;
    }

    private void restoreDrawn(JsonObject drawn) {
        for (Module module : model.network().modules()) {
            if (module instanceof Dropout dropout && drawn.has(dropout.path())) {
                dropout.drawn(drawn.get(dropout.path()).getAsLong());
            }
        }
    }

    private static String checksum(Map<String, SafeTensors.Entry> entries, Map<String, String> metadata) {
        CRC32C crc = new CRC32C();
        crc.update(new TreeMap<>(metadata).toString().getBytes(StandardCharsets.UTF_8));
        for (Map.Entry<String, SafeTensors.Entry> entry : entries.entrySet()) {
            crc.update(entry.getKey().getBytes(StandardCharsets.UTF_8));
            update(crc, entry.getValue().data());
        }
        return Long.toHexString(crc.getValue());
    }

    private static void update(CRC32C crc, MemorySegment data) {
        long largest = 1 << 30;
        for (long start = 0; start < data.byteSize(); start += largest) {
            ByteBuffer buffer = data.asSlice(start, Math.min(largest, data.byteSize() - start)).asByteBuffer();
            crc.update(buffer);
        }
    }
}
