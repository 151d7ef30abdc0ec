package dev.halcyon.it.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.device.Precision;
import dev.halcyon.emulator.driver.EmulatedGpu;
import dev.halcyon.emulator.driver.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What training costs a GPU, counted: writes {@code target/gpu-cost.md} and {@code target/gpu-efficiency.md}. Whole
 * steps are recorded without being executed, and their costs are formulas of the launches' arguments; these are
 * compared with what is counted while every kernel is executed on small shapes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GpuCostTest {
    private static final String COST_HEADER = """
            # What training steps cost a GPU

            Counted and computed, not timed: no GPU was there.

            Launches are those of a step (forward, backward, update by SGD with momentum) that the CUDA backend
            submitted to an emulated driver as one graph; nothing was executed. What a launch costs is a formula of
            its arguments. Each formula is checked in the same test against what the emulated GPU counts while it
            executes the kernel on small shapes, within 2 % or half a kilobyte: different sectors of 32 bytes read and
            written, floating-point operations.

            *Moved* are the bytes that memory has to give and take: every byte that a launch reads or writes counts
            once for that launch, as if the L2 cache kept what blocks of one launch read again and nothing from one
            launch to the next. (Blocks that read the same run at about the same time, but for input gradients with a
            stride, which go through all of their operand four times: 26 MB at most.) cuBLAS is taken to read its
            matrices once and write its result once; nothing of it could be counted.

            *Least* is what the same operations move if each reads every tensor that it needs once and writes its
            results once: convolutions by themselves; batch norm, residual sum and activation as one operation; sums
            that are added to and parameters that are changed both ways; of images under 1 × 1 convolutions with a
            stride what these see.

            *Operations* are those of products and convolutions, with the zeros that fill up tiles. All others are
            bound by memory. *Times* are the longer of bytes by bandwidth and operations by peak rate, summed over the
            launches, without gaps between them: H100 3.35 TB/s and 67 (float32), 495 (TF32) or 990 (bfloat16)
            Tflop/s; RTX 4090 1.01 TB/s and 82.6, 82.6 or 165.

            """;
    private static final String EFFICIENCY_HEADER = """
            # How kernels use memory

            Counted by emulated GPUs while every kernel that ships ran, those for compute_80 and those for older GPUs:
            on shapes of resnet18 and resnet50 with few images, of mobilenetv2 and LeNet, of vectors and of logits, and
            those of single elements on channels and classes that fill no access, such as 75 and 10.

            *Sectors*: as few sectors of 32 bytes as the different bytes of each request of a warp would fit into, as
            a share of those that it touches. *Conflicts*: passes over the banks of shared memory beyond the least for
            the width of a request, for each request. *Asked for*: bytes that requests ask for, for each byte that
            memory has to move; caches serve the rest.

            | kernel | precision | operation, first shapes | sectors % | conflicts % | asked for |
            | --- | --- | --- | ---: | ---: | ---: |
            """;
    private static final int MOST_LAUNCHES = 200;
    private static final double MOST_MOVED = 1.3;
    private static final double LEAST_EFFICIENCY = 0.9;
    private static final double MOST_CONFLICTS = 0.05;

    private Executions executions;
    private final List<StepReport> steps = new ArrayList<>();

    @BeforeAll
    void run() throws IOException {
        executions = Executions.run();
        for (Precision precision : List.of(Precision.FP32, Precision.BF16)) {
            steps.add(step("resnet18", 32, 10, 128, precision));
            steps.add(step("resnet50", 224, 1000, 64, precision));
        }
    }

    private static StepReport step(String network, int extent, int classes, int images, Precision precision) {
        Settings largest = Settings.standard().withCapability(90).withMultiprocessors(132).withMemory(80L << 30);
        try (EmulatedGpu gpu = EmulatedGpu.start(largest.withoutExecution());
                Training training = new Training(gpu, network, extent, classes, images, precision)) {
            String name = network + ", " + images + " images of " + extent + " × " + extent;
            return StepReport.of(name, precision, training.submitted(), training.operations());
        }
    }

    @Test
    void formulasSayWhatIsCounted() {
        assertEquals(List.of(), executions.ofSteps().stream().filter(launch -> !launch.costsWhatWasCounted()).toList());
    }

    @Test
    void everyKernelOfTheStepsWasCounted() {
        Set<String> known =
                executions.ofSteps().stream().map(launch -> launch.launch().kernel()).collect(Collectors.toSet());
        for (StepReport step : steps) {
            Set<String> unknown = new TreeSet<>(step.kernelNames());
            unknown.removeAll(known);
            assertEquals(Set.of(), unknown, step.name());
        }
    }

    @Test
    void stepsAreOneGraphAndMoveLittle() throws IOException {
        StringBuilder text = new StringBuilder(COST_HEADER);
        steps.forEach(step -> text.append(step.markdown()));
        Files.writeString(Path.of("target", "gpu-cost.md"), text);
        for (StepReport step : steps) {
            assertTrue(step.isOneGraph(), () -> step.name() + ": graphs with " + step.nodes() + " nodes for "
                    + step.launches().size() + " launches");
            assertTrue(step.isExplained(), step.name());
            assertTrue(step.ratio() <= MOST_MOVED, () -> step.name() + ": " + step.ratio() + " times the least bytes");
            assertTrue(step.launches().size() <= MOST_LAUNCHES || !step.name().startsWith("resnet18"),
                    () -> step.name() + ": " + step.launches().size() + " launches");
        }
    }

    @Test
    void everyKernelThatShipsWasExecuted() {
        assertEquals(Set.of(), executions.missing());
    }

    @Test
    void requestsAreWholeSectorsAndMeetNoBusyBanks() throws IOException {
        StringBuilder text = new StringBuilder(EFFICIENCY_HEADER);
        List<ExecutedLaunch> all = executions.all();
        all.stream().map(ExecutedLaunch::row).sorted().distinct().forEach(text::append);
        text.append("\nBelow 90 % of sectors, and why:\n\n");
        NarrowRequests.ALL.forEach(text::append);
        Files.writeString(Path.of("target", "gpu-efficiency.md"), text);
        assertEquals(List.of(), all.stream().filter(launch -> !isEfficient(launch)).map(ExecutedLaunch::row)
                .sorted().distinct().toList());
    }

    @Test
    void noReasonIsGivenWithoutNeed() {
        assertEquals(List.of(), NarrowRequests.ALL.stream().filter(narrow -> executions.all().stream()
                .noneMatch(launch -> launch.sectorEfficiency() < LEAST_EFFICIENCY && narrow.explains(launch)))
                .toList());
    }

    private static boolean isEfficient(ExecutedLaunch launch) {
        return launch.conflicts() <= MOST_CONFLICTS && (launch.sectorEfficiency() >= LEAST_EFFICIENCY
                || NarrowRequests.ALL.stream().anyMatch(narrow -> narrow.explains(launch)));
    }
}
