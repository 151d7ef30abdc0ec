package dev.halcyon.cuda;

import dev.halcyon.device.DeviceException;

/** The driver or a library of NVIDIA's refused a call. */
public final class CudaException extends DeviceException {
    private static final long serialVersionUID = 1L;

    private final int status;

    CudaException(String message, int status) {
        super(message, null);
        this.status = status;
    }

    /** The status as the driver or library numbers it. */
    public int status() {
        return status;
    }
}
