package dev.halcyon.cuda;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jcuda.driver.CUresult;
import org.junit.jupiter.api.Test;

/** What the driver answers becomes a sentence with the call, the status's name and what to do. */
final class StatusTest {
    @Test
    void successIsNothing() {
        assertDoesNotThrow(() -> Status.check(CUresult.CUDA_SUCCESS, "cuInit"));
    }

    @Test
    void failuresNameCallAndStatus() {
        CudaException failure = assertThrows(CudaException.class,
                () -> Status.check(CUresult.CUDA_ERROR_INVALID_VALUE, "cuMemAlloc"));
        assertEquals("cuMemAlloc failed: CUDA_ERROR_INVALID_VALUE (1)", failure.getMessage());
        assertEquals(CUresult.CUDA_ERROR_INVALID_VALUE, failure.status());
    }

    @Test
    void whatCanBeDoneIsSaid() {
        assertTrue(message(CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION).contains("525"));
        assertTrue(message(CUresult.CUDA_ERROR_OUT_OF_MEMORY).contains("smaller batch"));
        assertTrue(message(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS).contains("--resume"));
        assertTrue(message(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS).contains("blocking"));
        assertFalse(message(CUresult.CUDA_ERROR_ECC_UNCORRECTABLE).contains("blocking"));
    }

    private static String message(int status) {
        return Status.failure(status, "cuStreamSynchronize").getMessage();
    }

    @Test
    void someFailuresLoseTheDevice() {
        assertTrue(Status.losesDevice(CUresult.CUDA_ERROR_LAUNCH_FAILED));
        assertTrue(Status.losesDevice(CUresult.CUDA_ERROR_UNKNOWN));
        assertFalse(Status.losesDevice(CUresult.CUDA_ERROR_OUT_OF_MEMORY));
        assertFalse(Status.losesDevice(CUresult.CUDA_SUCCESS));
    }
}
