package dev.halcyon.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.device.View;
import dev.halcyon.tensor.DataType;
import dev.halcyon.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** Arguments lie in memory as the driver wants them: a pointer to each, in the order in which they were given. */
final class ArgumentsTest {
    @Test
    void everyKindIsWhereItsPointerPoints() {
        View view = new View(new CudaBuffer(0x7000, 64), 16, Shape.of(4), DataType.FLOAT32);
        Arguments arguments = new Arguments().view(view).view(null).int32(-7).int64(1L << 40).float32(0.1)
                .struct(11, 12, 13).int32(5);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = written(arguments, arena);
            assertEquals(0x7010, at(block, 0).get(ValueLayout.JAVA_LONG, 0));
            assertEquals(0, at(block, 1).get(ValueLayout.JAVA_LONG, 0));
            assertEquals(-7, at(block, 2).get(ValueLayout.JAVA_INT, 0));
            assertEquals(1L << 40, at(block, 3).get(ValueLayout.JAVA_LONG, 0));
            assertEquals(0.1f, at(block, 4).get(ValueLayout.JAVA_FLOAT, 0));
            assertEquals(12, at(block, 5).getAtIndex(ValueLayout.JAVA_LONG, 1));
            assertEquals(13, at(block, 5).getAtIndex(ValueLayout.JAVA_LONG, 2));
            assertEquals(5, at(block, 6).get(ValueLayout.JAVA_INT, 0));
        }
    }

    @Test
    void thereMayBeMany() {
        Arguments arguments = new Arguments();
        for (int i = 0; i < 300; i++) {
            arguments.int64(i);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = written(arguments, arena);
            for (int i = 0; i < 300; i++) {
                assertEquals(i, at(block, i).get(ValueLayout.JAVA_LONG, 0));
            }
        }
    }

    private static MemorySegment written(Arguments arguments, Arena arena) {
        MemorySegment block = arena.allocate(arguments.bytes(), Long.BYTES);
        arguments.writeTo(block);
        return block;
    }

    @SuppressWarnings("restricted")
    private static MemorySegment at(MemorySegment block, int argument) {
        return MemorySegment.ofAddress(block.getAtIndex(ValueLayout.JAVA_LONG, argument)).reinterpret(24);
    }
}
