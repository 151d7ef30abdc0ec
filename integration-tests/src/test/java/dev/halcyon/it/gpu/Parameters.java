package dev.halcyon.it.gpu;

import dev.halcyon.emulator.driver.Launch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Arguments of a kernel, found by how many bytes lie before them. */
final class Parameters {
    private final ByteBuffer bytes;

    Parameters(Launch.Kernel launch) {
        bytes = ByteBuffer.wrap(launch.parameters()).order(ByteOrder.LITTLE_ENDIAN);
    }

    int int32(int at) {
        return bytes.getInt(at);
    }

    long int64(int at) {
        return bytes.getLong(at);
    }

    float float32(int at) {
        return bytes.getFloat(at);
    }

    /** Whether a pointer is not null. */
    boolean given(int at) {
        return int64(at) != 0;
    }

    int size() {
        return bytes.capacity();
    }
}
