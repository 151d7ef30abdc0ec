package dev.halcyon.cuda;

import jcuda.driver.CUdeviceptr;

/** A device pointer of JCuda's that is made of an address, and tells the address that the driver put into it. */
final class DevicePointer extends CUdeviceptr {
    /** A pointer for the driver to fill in. */
    DevicePointer() {
    }

    /** A pointer to an address. */
    DevicePointer(long address) {
        super(new CUdeviceptr(), address);
    }

    long address() {
        return getNativePointer() + getByteOffset();
    }
}
