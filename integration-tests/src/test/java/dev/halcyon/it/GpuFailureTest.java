package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.emulator.driver.Alive;
import dev.halcyon.emulator.driver.EmulatedGpu;
import dev.halcyon.emulator.driver.Failures;
import dev.halcyon.emulator.driver.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with a GPU is told in a sentence, ends the command at once, and costs neither memory nor checkpoints. */
class GpuFailureTest {
    private static final Settings GPU = Settings.standard().withoutRecording();
    private static final Duration AT_ONCE = Duration.ofSeconds(30);
    /** In the second epoch. */
    private static final int LATE_LAUNCH = 300;

    @TempDir
    private Path folder;
    private Path photos;
    private Path run;

    @BeforeEach
    void makePictures() throws IOException {
        photos = Pictures.folder(folder.resolve("photos"), 20, 16);
        run = folder.resolve("run");
    }

    @Test
    void memoryThatIsShortForAMomentIsHadInTheEnd() {
        assertEquals(0, train(GPU.withFailures(Failures.outOfMemoryAt(30))).status());
    }

    @Test
    void memoryThatDoesNotSuffice() {
        Cli result = train(GPU.withFailures(Failures.outOfMemoryFrom(30)));
        says(result, "not enough device memory for ", "in use", "pooled", "the device has ", " MiB free");
    }

    @Test
    void graphsThatCannotBeBroughtUpToDateAreToldOfOnce() {
        Logger logger = Logger.getLogger("dev.halcyon.cuda.Steps");
        List<String> told = new ArrayList<>();
        Handler handler = new StreamHandler() {
            @Override
            public void publish(LogRecord message) {
                told.add(message.getMessage());
            }
        };
        logger.addHandler(handler);
        try {
            assertEquals(0, train(GPU.withFailures(Failures.updatesRefused())).status());
        } finally {
            logger.removeHandler(handler);
        }
        assertEquals(1, told.size(), told::toString);
    }

    @Test
    void aKernelThatFails() throws IOException {
        says(train(GPU.withFailures(Failures.launchFailureAt(LATE_LAUNCH))), "CUDA_ERROR_LAUNCH_FAILED (719)",
                "--resume", "-Dhalcyon.cudaSubmission=blocking");
        goesOnFromItsCheckpoint();
    }

    @Test
    void aKernelThatFailsIsNamedWhereEachIsWaitedFor() {
        System.setProperty("halcyon.cudaSubmission", "blocking");
        try {
            says(train(GPU.withFailures(Failures.launchFailureAt(LATE_LAUNCH))), "cuLaunchKernel of ", "(grid ",
                    "block ", "bytes of dynamic shared memory)");
        } finally {
            System.clearProperty("halcyon.cudaSubmission");
        }
    }

    @Test
    void aDeviceThatIsLost() throws IOException {
        says(train(GPU.withFailures(Failures.deviceLostAt(LATE_LAUNCH))), "the device is lost to this process",
                "--resume");
        goesOnFromItsCheckpoint();
    }

    @Test
    void aDeviceThatIsLostAtOnce() {
        says(train(GPU.withFailures(Failures.deviceLostAt(1))), "the device is lost to this process");
    }

    @Test
    void oneOfTwoDevicesThatIsLost() {
        says(train(GPU.withDevices(2).withFailures(Failures.deviceLostAt(LATE_LAUNCH)), "--device", "cuda:0,cuda:1"),
                "the device is lost to this process", "--resume");
    }

    @Test
    void aCublasThatDoesNotStart() {
        says(train(GPU.withFailures(Failures.cublasNotInitialised())),
                "cublasCreate failed: CUBLAS_STATUS_NOT_INITIALIZED (1)", "device memory");
    }

    @Test
    void aDriverThatIsTooOld() {
        Cli result = train(GPU.withDriverVersion(11070));
        assertEquals(2, result.status());
        assertTrue(result.err().contains("CUDA 11.7") && result.err().contains("525"), result.err());
    }

    @Test
    void aDriverWithoutADevice() {
        Cli result = train(GPU.withDevices(0));
        assertEquals(2, result.status());
        assertTrue(result.err().contains("CUDA_ERROR_NO_DEVICE"), result.err());
    }

    @Test
    void aPrecisionThatTheDeviceLacks() {
        Cli result = train(GPU.withCapability(75), "--device", "cuda", "--precision", "bf16");
        assertEquals(2, result.status());
        assertTrue(result.err().contains("precision bf16 is not available on Emulated GPU"), result.err());
    }

    @Test
    void doctorTriesTheDevice() {
        try (EmulatedGpu gpu = EmulatedGpu.startOrSkip(GPU.withFailures(Failures.deviceLostAt(1)))) {
            Cli doctor = Cli.run("doctor");
            assertEquals(0, doctor.status(), doctor.err());
            assertTrue(doctor.out().contains("the best device does not work: "), doctor.out());
            assertEquals(Alive.nothing(), gpu.alive());
        }
    }

    private Cli train(Settings settings) {
        return train(settings, "--device", "cuda");
    }

    private Cli train(Settings settings, Object... more) {
        Object[] arguments = {"train", "--data", photos, "--model", "mlp", "--epochs", 2, "--batch-size", 8,
            "--out", run};
        Object[] all = new Object[arguments.length + more.length];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        long began = System.nanoTime();
        try (EmulatedGpu gpu = EmulatedGpu.startOrSkip(settings)) {
            Cli result = Cli.run(all);
            assertEquals(Alive.nothing(), gpu.alive(), result.err());
            assertTrue(System.nanoTime() - began < AT_ONCE.toNanos(), "it took too long to fail");
            return result;
        }
    }

    private static void says(Cli result, String... words) {
        assertEquals(1, result.status(), result.err());
        for (String word : words) {
            assertTrue(result.err().contains(word), () -> "expected '" + word + "' in: " + result.err());
        }
        assertFalse(result.err().contains("\tat ") || result.err().contains("unexpectedly"), result.err());
    }

    /** On the CPU, and to the end. */
    private void goesOnFromItsCheckpoint() throws IOException {
        Cli resumed = Cli.run("train", "--resume", run, "--device", "cpu");
        assertEquals(0, resumed.status(), resumed.err());
        assertEquals(2, Files.readAllLines(run.resolve("metrics.jsonl")).size());
    }
}
