package dev.halcyon.it;

import dev.halcyon.device.Device;
import dev.halcyon.device.DeviceOptions;
import dev.halcyon.device.Precision;
import dev.halcyon.emulator.driver.EmulatedGpu;
import dev.halcyon.emulator.driver.Settings;
import dev.halcyon.it.cases.KernelCase;
import dev.halcyon.it.cases.OpCases;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process of its own, without cuBLAS, that compares matrix products and convolutions on an emulated GPU with the
 * reference, for every row that is not large, both targets, every precision that they have, and every size of tile. Prints
 * what fails, then the number of rows.
 */
final class ProductRun {
    /** Sizes around vectors and tiles are small; what is larger repeats them. */
    private static final long MOST_ELEMENTS = 4000;
    private static final String TILE = "halcyon.cudaTile";
    private static final List<String> TILES = List.of("64x64", "128x64", "128x128");

    private ProductRun() {
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) {
        int rows = 0;
        for (int capability : new int[] {75, 80}) {
            Settings settings = Settings.standard().withCapability(capability).withoutCublas().withoutRecording();
            try (EmulatedGpu gpu = EmulatedGpu.start(settings); Device reference = Device.open(Parity.REFERENCE)) {
                for (String tile : TILES) {
                    System.setProperty(TILE, tile);
                    for (Precision precision : Precision.values()) {
                        if (capability >= 80 || precision == Precision.FP32) {
                            rows += compare(precision, tile, reference);
                        }
                    }
                }
                gpu.findings().forEach(finding -> System.out.println("failed: " + finding));
            }
        }
        System.out.println(rows + " rows");
    }

    private static int compare(Precision precision, String tile, Device reference) {
        try (Device gpu = Device.open("cuda", DeviceOptions.DEFAULT.withPrecision(precision))) {
            List<KernelCase> rows = rows(precision);
            for (KernelCase row : rows) {
                try {
                    Parity.check(row, reference.backend(), gpu.backend(), KernelRun.Alignment.MIXED);
                } catch (AssertionError | RuntimeException failure) {
                    System.out.println("failed: " + precision + " in tiles of " + tile + ": " + failure);
                }
            }
            return rows.size();
        }
    }

    private static List<KernelCase> rows(Precision precision) {
        Stream<KernelCase> float32 = OpCases.kernels().stream().filter(ProductRun::isSmallProduct);
        return switch (precision) {
            case FP32 -> float32.toList();
            case TF32 -> rounded(float32, 0x1p-11).toList();
            case BF16 -> Stream.concat(rounded(float32, 0x1p-8),
                    OpCases.bfloat16().stream().filter(ProductRun::isSmallProduct)).toList();
        };
    }

    private static boolean isSmallProduct(KernelCase row) {
        return (row.method().startsWith("conv2d") || row.method().toLowerCase().contains("gemm"))
                && row.arguments().stream().allMatch(argument -> argument.shape().elements() <= MOST_ELEMENTS);
    }

    private static Stream<KernelCase> rounded(Stream<KernelCase> rows, double unit) {
        return rows.map(row -> row.within(row.tolerance().withFactorsRounded(unit)));
    }
}
