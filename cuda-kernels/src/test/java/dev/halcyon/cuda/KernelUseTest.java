package dev.halcyon.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the compiler says of kernels is understood. */
final class KernelUseTest {
    @Test
    void registersMemoryAndSpillsAreRead() {
        assertEquals(Map.of("plain", new KernelUse(8, 0, 0, 0), "large", new KernelUse(255, 12288, 40, 56)),
                KernelUse.parse("""
                        ptxas info    : 0 bytes gmem
                        ptxas info    : Compiling entry function 'plain' for 'sm_75'
                        ptxas info    : Function properties for plain
                            0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
                        ptxas info    : Used 8 registers, 360 bytes cmem[0]
                        ptxas info    : Compiling entry function 'large' for 'sm_75'
                        ptxas info    : Function properties for large
                            40 bytes stack frame, 24 bytes spill stores, 32 bytes spill loads
                        ptxas info    : Used 255 registers, used 1 barriers, 12288 bytes smem, 388 bytes cmem[0]
                        """));
    }
}
