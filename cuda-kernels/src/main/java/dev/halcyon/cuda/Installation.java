package dev.halcyon.cuda;

/** What to install, in a sentence. */
final class Installation {
    private static final String DRIVER = "install an NVIDIA driver of version 525 or newer ("
            + (SharedLibrary.isWindows()
                    ? "from nvidia.com"
                    : "Ubuntu: 'ubuntu-drivers install', Debian: 'apt install nvidia-driver', Fedora with RPM Fusion: 'dnf"
                            + " install akmod-nvidia xorg-x11-drv-nvidia-cuda'; then restart")
            + ")";

    private Installation() {
    }

    /** @param kernelDriver whether the other half of the driver, the kernel's module, is loaded */
    static String noDriver(boolean kernelDriver) {
        return "no CUDA device: the driver's library " + SharedLibrary.DRIVER + " is missing; "
                + (kernelDriver
                        ? "the kernel's part of the driver is there: in a container, start it with --gpus all; elsewhere"
                                + " install libcuda1 (Debian) or libnvidia-compute (Ubuntu) of the same version"
                        : DRIVER)
                + ", or use --device cpu";
    }

    static String oldDriver(String cuda) {
        return "no CUDA device: the driver is for CUDA " + cuda + ", expected 12.0 or newer; " + DRIVER
                + ", or use --device cpu";
    }

    static String noCublas() {
        return "cuBLAS 12 is missing (" + SharedLibrary.CUBLAS
                + "), so that matrix products are slower than they could be; "
                + (SharedLibrary.isWindows()
                        ? "install NVIDIA's CUDA 12 toolkit, whose folder bin has to be on the PATH"
                        : "install libcublas12 (Debian, Ubuntu) or libcublas-12-6 (from NVIDIA's repository), or run"
                                + " 'pip install nvidia-cublas-cu12' and add its folder nvidia/cublas/lib to"
                                + " LD_LIBRARY_PATH");
    }
}
