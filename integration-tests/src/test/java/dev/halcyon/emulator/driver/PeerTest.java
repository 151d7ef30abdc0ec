package dev.halcyon.emulator.driver;

import static dev.halcyon.emulator.driver.TestDevice.check;
import static dev.halcyon.emulator.driver.TestDevice.expect;
import static jcuda.driver.CUresult.CUDA_ERROR_LAUNCH_FAILED;
import static jcuda.driver.CUresult.CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED;
import static jcuda.driver.CUresult.CUDA_ERROR_PEER_ACCESS_NOT_ENABLED;
import static jcuda.driver.CUresult.CUDA_ERROR_PEER_ACCESS_UNSUPPORTED;
import static jcuda.driver.JCudaDriver.cuCtxDisablePeerAccess;
import static jcuda.driver.JCudaDriver.cuCtxEnablePeerAccess;
import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuDeviceCanAccessPeer;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuMemcpyPeerAsync;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUstream;
import org.junit.jupiter.api.Test;

/** Two devices in one machine. */
final class PeerTest {
    private final CUdevice second = new CUdevice();
    private final CUcontext other = new CUcontext();

    private TestDevice start(Settings settings) {
        TestDevice device = TestDevice.start(settings.withDevices(2));
        check(cuDeviceGet(second, 1));
        check(cuDevicePrimaryCtxRetain(other, second));
        return device;
    }

    private int canAccess(TestDevice device) {
        int[] can = new int[1];
        check(cuDeviceCanAccessPeer(can, device.device(), second));
        return can[0];
    }

    @Test
    void memoryIsCopiedFromOneToTheOther() {
        try (TestDevice device = start(Settings.standard())) {
            CUdeviceptr target = device.numbers(0, 0);
            check(cuCtxSetCurrent(other));
            CUdeviceptr source = device.numbers(1, 2);
            CUstream stream = device.stream();
            check(cuMemcpyPeerAsync(target, device.context(), source, other, 8, stream));
            check(cuStreamSynchronize(stream));
            check(cuCtxSetCurrent(device.context()));
            assertArrayEquals(new float[] {1, 2}, device.read(target, 2));
            assertEquals(Launch.Direction.BY_WAY_OF_HOST,
                    ((Launch.Copy) device.gpu().launches().get(2)).direction());
            check(cuDevicePrimaryCtxRelease(second));
            assertEquals(8, device.gpu().alive().deviceBytes());
        }
    }

    @Test
    void aDeviceThatFailsDoesNotTakeTheOtherAlong() {
        try (TestDevice device = start(Settings.standard().withFailures(Failures.launchFailureAt(1)))) {
            CUdeviceptr memory = device.numbers(1);
            CUstream failing = device.stream();
            CUevent event = new CUevent();
            check(cuEventCreate(event, 0));
            check(TestDevice.add(device.function("add"), memory, 1, 1, failing));
            check(cuEventRecord(event, failing));
            check(cuCtxSetCurrent(other));
            CUstream waiting = device.stream();
            check(cuStreamWaitEvent(waiting, event, 0));
            check(cuStreamSynchronize(waiting));
            CUdeviceptr target = device.numbers(0);
            check(cuMemcpyPeerAsync(target, other, memory, device.context(), 4, waiting));
            expect(CUDA_ERROR_LAUNCH_FAILED, cuStreamSynchronize(waiting)); // its memory cannot be had any more
            check(cuDevicePrimaryCtxRelease(second));
            check(cuCtxSetCurrent(device.context()));
            expect(CUDA_ERROR_LAUNCH_FAILED, cuStreamSynchronize(failing));
        }
    }

    @Test
    void accessIsGrantedOnce() {
        try (TestDevice device = start(Settings.standard())) {
            assertEquals(1, canAccess(device));
            expect(CUDA_ERROR_PEER_ACCESS_NOT_ENABLED, cuCtxDisablePeerAccess(other));
            check(cuCtxEnablePeerAccess(other, 0));
            expect(CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED, cuCtxEnablePeerAccess(other, 0));
            check(cuCtxDisablePeerAccess(other));
            check(cuDevicePrimaryCtxRelease(second));
        }
    }

    @Test
    void devicesMayBeUnableToAccessEachOther() {
        try (TestDevice device = start(Settings.standard().withoutPeerAccess())) {
            assertEquals(0, canAccess(device));
            expect(CUDA_ERROR_PEER_ACCESS_UNSUPPORTED, cuCtxEnablePeerAccess(other, 0));
            check(cuDevicePrimaryCtxRelease(second));
        }
    }
}
