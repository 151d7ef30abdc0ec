package dev.halcyon.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * The NVIDIA driver of this machine.
 *
 * @param cuda the version of CUDA that it is for, such as 12080 for 12.8; 0 if there is no driver
 * @param gpus those that the shipped kernels run on, in the driver's order
 * @param problem why there is no such GPU, or what GPUs there are that cannot be used; empty if all is well
 */
record Driver(int cuda, List<Gpu> gpus, String problem) {
    /** What JCuda's natives and the PTX need. */
    static final int OLDEST_CUDA = 12000;

    private static final Path KERNEL_DRIVER = Path.of("/proc/driver/nvidia/version");
    private static final Pattern VERSION = Pattern.compile("\\b\\d{3}\\.\\d+(\\.\\d+)?\\b");
    /** The message of a failed load has the loader's words somewhere in pages of stack traces. */
    private static final Pattern LOADER = Pattern.compile("UnsatisfiedLinkError: (.*)");

    /** Why JCuda's classes cannot be used: it is told at the first try alone. */
    private static String unusable = "";

    /** Looks at this machine. JCuda is not touched where there is no driver. */
    static synchronized Driver look() {
        if (SharedLibrary.load(SharedLibrary.DRIVER).isEmpty()) {
            return without(Installation.noDriver(Files.exists(KERNEL_DRIVER)));
        }
        if (unusable.isEmpty()) {
            try {
                Natives.load(() -> JCudaDriver.setExceptionsEnabled(false));
                return ask();
            } catch (LinkageError e) {
                unusable = "no CUDA device: JCuda's library cannot be loaded: " + reason(e);
            } catch (RuntimeException e) {
                return without("no CUDA device: " + e.getMessage());
            }
        }
        return without(unusable);
    }

    private static Driver without(String problem) {
        return new Driver(0, List.of(), problem);
    }

    private static Driver ask() {
        int[] cuda = new int[1];
        Status.check(JCudaDriver.cuDriverGetVersion(cuda), "cuDriverGetVersion");
        if (cuda[0] < OLDEST_CUDA) {
            return new Driver(cuda[0], List.of(), Installation.oldDriver(text(cuda[0])));
        }
        int status = JCudaDriver.cuInit(0);
        if (status != CUresult.CUDA_SUCCESS) {
            return new Driver(cuda[0], List.of(), "no CUDA device: " + Status.failure(status, "cuInit").getMessage());
        }
        int[] count = new int[1];
        Status.check(JCudaDriver.cuDeviceGetCount(count), "cuDeviceGetCount");
        List<Gpu> usable = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (int i = 0; i < count[0]; i++) {
            Gpu gpu = Gpu.of(i);
            if (gpu.isUsable()) {
                usable.add(gpu);
            } else {
                others.add(gpu.toString());
            }
        }
        return new Driver(cuda[0], List.copyOf(usable),
                others.isEmpty() ? "" : "expected compute capability 7.5 or more, "
                        + "found " + String.join("; ", others) + ", which is left out");
    }

    /** {@code 12.8} for 12080. */
    private static String text(int cuda) {
        return cuda / 1000 + "." + cuda % 1000 / 10;
    }

    /** The driver's own version, where the system tells, and CUDA's: {@code 570.86.10, for CUDA 12.8}. */
    String version() {
        return kernelDriver() + "for CUDA " + text(cuda);
    }

    private static String kernelDriver() {
        if (Files.isReadable(KERNEL_DRIVER)) {
            try {
                Matcher matcher = VERSION.matcher(Files.readString(KERNEL_DRIVER));
                return matcher.find() ? matcher.group() + ", " : "";
            } catch (IOException e) {
                return "";
            }
        }
        return "";
    }

    private static String reason(LinkageError error) {
        String message = String.valueOf(error.getMessage());
        Matcher matcher = LOADER.matcher(message);
        String last = message.lines().findFirst().orElse("");
        while (matcher.find()) {
            last = matcher.group(1);
        }
        return last;
    }
}
