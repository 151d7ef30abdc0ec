package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_IMPLICIT;
import static jcuda.driver.CUstreamCaptureStatus.CU_STREAM_CAPTURE_STATUS_ACTIVE;
import static jcuda.driver.CUstreamCaptureStatus.CU_STREAM_CAPTURE_STATUS_INVALIDATED;
import static jcuda.driver.CUstreamCaptureStatus.CU_STREAM_CAPTURE_STATUS_NONE;

/** Captures of what streams are asked to do. */
final class CaptureCalls {
    private final Driver driver;

    CaptureCalls(Driver driver) {
        this.driver = driver;
    }

    void addTo(Functions functions) {
        functions.add("cuStreamBeginCapture_v2", a -> driver.captures().begin(driver.stream(a.int64(0)), a.int32(1)));
        functions.add("cuStreamEndCapture", this::end);
        functions.add("cuStreamIsCapturing", a -> a.setInt32(1, status(driver.stream(a.int64(0)))));
        functions.add("cuThreadExchangeStreamCaptureMode",
                a -> a.setInt32(0, driver.captures().exchangeMode(a.getInt32(0))));
    }

    private void end(Arguments a) {
        a.setInt64(1, 0);
        a.setInt64(1, driver.captures().end(driver.stream(a.int64(0))).handle());
    }

    private static int status(Stream stream) {
        boolean implied = stream == stream.context().defaultStream()
                && stream.context().blockingStreams().stream().anyMatch(each -> each.capture() != null);
        DriverError.unless(!implied, CUDA_ERROR_STREAM_CAPTURE_IMPLICIT);
        if (stream.capture() == null) {
            return CU_STREAM_CAPTURE_STATUS_NONE;
        }
        return stream.capture().isValid() ? CU_STREAM_CAPTURE_STATUS_ACTIVE : CU_STREAM_CAPTURE_STATUS_INVALIDATED;
    }
}
