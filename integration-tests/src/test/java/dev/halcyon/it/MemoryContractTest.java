package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.device.Backend;
import dev.halcyon.device.Buffer;
import dev.halcyon.device.Device;
import dev.halcyon.device.DeviceMemoryException;
import dev.halcyon.device.DeviceOptions;
import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every backend promises about memory and about its own life. */
@WithEmulatedGpu
final class MemoryContractTest {
    private static final long HUGE = 1L << 50;

    static Stream<String> kinds() {
        return Stream.concat(Stream.of(Parity.REFERENCE), Parity.kinds().stream());
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + 7);
        }
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void bytesComeBackAsTheyWereSent(String kind) {
        try (Device device = Device.open(kind)) {
            Backend backend = device.backend();
            for (int size : new int[] {1, 7, 64, 1000, 3_000_001}) {
                Buffer buffer = backend.allocate(size + 8);
                View view = new View(buffer, 8, Shape.of(size), DataType.UINT8);
                byte[] sent = pattern(size);
                backend.upload(MemorySegment.ofArray(sent.clone()), view);
                assertArrayEquals(sent, downloaded(backend, view));
                backend.prefetch(MemorySegment.ofArray(pattern(size)), view);
                backend.synchronize();
                assertArrayEquals(sent, downloaded(backend, view));
                backend.free(buffer);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void bytesComeFromAnotherDevice(String kind) {
        try (Device device = Device.open(kind)) {
            for (String other : List.of(kind, Parity.REFERENCE, "cpu")) {
                try (Device from = Device.open(other)) {
                    View source = new View(from.backend().allocate(5008), 8, Shape.of(5000), DataType.UINT8);
                    View target = new View(device.backend().allocate(5064), 64, Shape.of(5000), DataType.UINT8);
                    from.backend().upload(MemorySegment.ofArray(pattern(5000)), source);
                    device.backend().copyFrom(from.backend(), source, target);
                    from.backend().upload(MemorySegment.ofArray(new byte[5000]), source);
                    assertArrayEquals(pattern(5000), downloaded(device.backend(), target));
                    from.backend().free(source.buffer());
                    device.backend().free(target.buffer());
                }
            }
        }
    }

    private static byte[] downloaded(Backend backend, View view) {
        byte[] received = new byte[Math.toIntExact(view.bytes())];
        backend.download(view, MemorySegment.ofArray(received));
        return received;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void hostMemoryMayBeNativeAndReusedAfterAnUpload(String kind) {
        try (Device device = Device.open(kind); Arena arena = Arena.ofConfined()) {
            Backend backend = device.backend();
            Buffer buffer = backend.allocate(400);
            View view = new View(buffer, 0, Shape.of(100), DataType.INT32);
            MemorySegment host = arena.allocate(400, 4);
            MemorySegment.copy(pattern(400), 0, host, ValueLayout.JAVA_BYTE, 0, 400);
            backend.upload(host, view);
            host.fill((byte) 0);
            assertArrayEquals(pattern(400), downloaded(backend, view));
            backend.free(buffer);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyTypeIsStored(String kind) {
        try (Device device = Device.open(kind)) {
            for (DataType type : DataType.values()) {
                byte[] sent = pattern(33 * type.bytes());
                try (Tensor tensor = Tensor.of(device, type, Shape.of(33), MemorySegment.ofArray(sent))) {
                    byte[] received = new byte[sent.length];
                    tensor.download(MemorySegment.ofArray(received));
                    assertArrayEquals(sent, received, type.name());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void buffersHoldWhatWasAskedFor(String kind) {
        try (Device device = Device.open(kind)) {
            for (long size : new long[] {1, 63, 64, 65, 4096, 100_001}) {
                Buffer buffer = device.backend().allocate(size);
                assertEquals(size, buffer.bytes());
                device.backend().free(buffer);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void tooMuchIsRefusedWithTheSizeInTheMessage(String kind) {
        try (Device device = Device.open(kind)) {
            assertThrows(DeviceMemoryException.class, () -> device.backend().allocate(HUGE));
            DeviceMemoryException refusal = assertThrows(DeviceMemoryException.class,
                    () -> Tensor.empty(device, DataType.UINT8, Shape.of(HUGE)));
            assertEquals(HUGE, refusal.requested());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theLimitCountsAndWhatIsReleasedCanBeHadAgain(String kind) {
        try (Device device = Device.open(kind, DeviceOptions.DEFAULT.withMemoryLimit(1 << 20))) {
            for (int i = 0; i < 20; i++) {
                Tensor.empty(device, DataType.UINT8, Shape.of(600_000 + 10_000L * i)).close();
            }
            try (Tensor most = Tensor.empty(device, DataType.UINT8, Shape.of(600_000))) {
                assertThrows(DeviceMemoryException.class,
                        () -> Tensor.empty(device, DataType.UINT8, most.shape()));
            }
            assertEquals(0, device.memory().inUse());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theDescriptionSaysSomethingAndClosingTwiceIsSafe(String kind) {
        Device device = Device.open(kind);
        Backend backend = device.backend();
        assertFalse(backend.description().isBlank());
        device.close();
        device.close();
        backend.close();
        IllegalStateException refusal = assertThrows(IllegalStateException.class, device::backend);
        assertEquals("device " + device.name() + " has been closed; open it again to go on", refusal.getMessage());
    }
}
