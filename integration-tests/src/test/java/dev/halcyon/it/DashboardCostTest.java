package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.data.HostBatch;
import dev.halcyon.data.Splits;
import dev.halcyon.data.Unreadable;
import dev.halcyon.device.Device;
import dev.halcyon.models.Models;
import dev.halcyon.models.data.DataSources;
import dev.halcyon.nn.Model;
import dev.halcyon.report.dashboard.Dashboard;
import dev.halcyon.tensor.Tensor;
import dev.halcyon.train.EpochResult;
import dev.halcyon.train.Evaluation;
import dev.halcyon.train.StepResult;
import dev.halcyon.train.Trainer;
import dev.halcyon.train.TrainingListener;
import dev.halcyon.train.TrainingPlan;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What 20 viewers, one of whom stalls, cost a run. Within one run the dashboard is told of steps for some seconds, then for
 * as long it is not, and so on; neighbouring seconds are compared, so that a noisy machine shows less. The viewers read in
 * this process and count as the dashboard's cost.
 */
@EnabledIfSystemProperty(named = "halcyon.dashboardCost", matches = "true",
        disabledReason = "takes two minutes on a machine that does nothing else: -Dhalcyon.dashboardCost=true")
class DashboardCostTest {
    private static final int VIEWERS = 20;
    private static final int ROUNDS = 16;
    private static final long WARM_UP_NANOS = 15_000_000_000L;
    private static final long WINDOW_NANOS = 2_000_000_000L;
    private static final double MOST_SLOWER = 0.02;
    private static final double MOST_MEBIBYTES = 16;

    @Test
    void viewersSlowTrainingByLessThanTwoPercentAndTakeLittleMemory() throws IOException {
        Splits data = DataSources.open(DataSources.SAMPLE, Unreadable.leftOut());
        try (Device device = Device.open("cpu");
                Model model = Models.create("convnet", new Model.Input(28, 28, Models.usualNormalization(1)),
                        data.classes(), device, 0);
                ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            Trainer trainer = Trainer.of(model).epochs(10_000);
            try (Dashboard dashboard = Dashboard.open("127.0.0.1", 0, trainer);
                    Socket stalled = connect(dashboard.address())) {
                for (int i = 1; i < VIEWERS; i++) {
                    Socket socket = connect(dashboard.address());
                    readers.submit(() -> readAll(socket));
                }
                Windows windows = new Windows(dashboard, trainer);
                trainer.listen(windows).fit(data);
                assertTrue(stalled.isConnected());
                List<Double> ratios = windows.ratios.stream().sorted().toList();
                double median = (ratios.get(ROUNDS / 2 - 1) + ratios.get(ROUNDS / 2)) / 2;
                System.out.printf("with %d viewers steps take %.2f %% longer (quartiles %.2f and %.2f %%),"
                        + " of which the training thread spends %.2f %% itself%n", VIEWERS, 100 * (median - 1),
                        100 * (ratios.get(ROUNDS / 4) - 1), 100 * (ratios.get(ROUNDS - 1 - ROUNDS / 4) - 1),
                        100.0 * windows.told / windows.nanos[1]);
                System.out.printf("objects in use: %s MiB%n", windows.liveMebibytes);
                assertTrue(median - 1 < MOST_SLOWER, "steps take " + median + " times as long: " + ratios);
                assertTrue(windows.liveMebibytes.getMax() - windows.liveMebibytes.getMin() < MOST_MEBIBYTES,
                        windows.liveMebibytes::toString);
            }
        }
    }

    private static long readAll(Socket socket) throws IOException {
        try (socket; InputStream in = socket.getInputStream()) {
            return in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static Socket connect(URI page) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(1 << 16);
        socket.connect(new InetSocketAddress(page.getHost(), page.getPort()));
        socket.getOutputStream().write(("GET " + page.getPath() + "events HTTP/1.1\r\nHost: " + page.getHost() + ":"
                + page.getPort() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /**
     * Tells the dashboard of some windows of time and not of others, and measures how long steps take in each. A round has
     * four: told, not told, not told, told; so a machine that becomes faster or slower favours neither.
     */
    private static final class Windows implements TrainingListener {
        private final Dashboard dashboard;
        private final Trainer trainer;
        private final List<Double> ratios = new ArrayList<>();
        /** What the garbage collector leaves after each round. */
        private final DoubleSummaryStatistics liveMebibytes = new DoubleSummaryStatistics();
        /** Of the windows in which the dashboard was not told, and of those in which it was. */
        private final long[] nanos = new long[2];
        private final double[] nanosPerStep = new double[2];
        private long told;
        private int window;
        private boolean telling = true;
        private long began;
        private long length = WARM_UP_NANOS;
        private long lastStep;
        private int steps;

        Windows(Dashboard dashboard, Trainer trainer) {
            this.dashboard = dashboard;
            this.trainer = trainer;
        }

        @Override
        public void started(TrainingPlan plan) {
            dashboard.started(plan);
            began = System.nanoTime();
        }

        @Override
        public void answered(HostBatch batch, Tensor logits) {
            tell(() -> dashboard.answered(batch, logits));
        }

        @Override
        public void gradientsKnown() {
            tell(dashboard::gradientsKnown);
        }

        @Override
        public void step(StepResult result) {
            tell(() -> dashboard.step(result));
            steps++;
            lastStep = System.nanoTime();
            if (lastStep - began >= length) {
                end(lastStep - began);
            }
        }

        private void tell(Runnable what) {
            if (telling) {
                long before = System.nanoTime();
                what.run();
                told += System.nanoTime() - before;
            }
        }

        private void end(long passed) {
            if (length == WARM_UP_NANOS) {
                length = WINDOW_NANOS;
                told = 0;
            } else {
                nanos[telling ? 1 : 0] += passed;
                nanosPerStep[telling ? 1 : 0] += (double) passed / steps;
                window++;
            }
            if (window == 4) {
                ratios.add(nanosPerStep[1] / nanosPerStep[0]);
                Arrays.fill(nanosPerStep, 0);
                window = 0;
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                liveMebibytes.accept((runtime.totalMemory() - runtime.freeMemory()) / (double) (1 << 20));
            }
            if (ratios.size() == ROUNDS) {
                trainer.stop();
            }
            telling = window == 0 || window == 3;
            steps = 0;
            began = System.nanoTime();
        }

        @Override
        public void validated(int epoch, Evaluation validation) {
            dashboard.validated(epoch, validation);
        }

        /** Validation is not counted. */
        @Override
        public void epoch(EpochResult result) {
            dashboard.epoch(result);
            began += System.nanoTime() - lastStep;
        }
    }
}
