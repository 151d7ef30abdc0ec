package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;
import static jcuda.driver.CUresult.CUDA_ERROR_NOT_READY;

/** Streams and events. */
final class StreamCalls {
    private static final int GREATEST_PRIORITY = -5;

    private final Driver driver;

    StreamCalls(Driver driver) {
        this.driver = driver;
    }

    void addTo(Functions functions) {
        functions.add("cuStreamCreate", a -> create(a, 0));
        functions.add("cuStreamCreateWithPriority", a -> create(a, a.int32(2)));
        functions.add("cuStreamDestroy_v2", this::destroy);
        functions.add("cuStreamSynchronize", this::synchronize);
        functions.add("cuStreamQuery", this::query);
        functions.add("cuStreamWaitEvent", a -> event(a.int64(1)).letWait(driver.stream(a.int64(0))));
        functions.add("cuStreamGetFlags", a -> a.setInt32(1, driver.stream(a.int64(0)).flags()));
        functions.add("cuStreamGetPriority", a -> a.setInt32(1, driver.stream(a.int64(0)).priority()));
        functions.add("cuStreamGetCtx", a -> a.setInt64(1, driver.stream(a.int64(0)).context().handle()));
        functions.add("cuEventCreate", this::createEvent);
        functions.add("cuEventDestroy_v2", this::destroyEvent);
        functions.add("cuEventRecord", a -> event(a.int64(0)).record(driver.stream(a.int64(1))));
        functions.add("cuEventRecordWithFlags", a -> event(a.int64(0)).record(driver.stream(a.int64(1))));
        functions.add("cuEventQuery",
                a -> DriverError.unless(event(a.int64(0)).isDone(), CUDA_ERROR_NOT_READY));
        functions.add("cuEventSynchronize", this::synchronizeEvent);
        functions.add("cuEventElapsedTime", this::elapsedTime);
    }

    private void create(Arguments a, int priority) {
        Context context = driver.context();
        int real = Math.clamp(priority, GREATEST_PRIORITY, 0);
        Stream stream = new Stream(context, driver.handles().reserve(), a.int32(1), real);
        driver.handles().put(stream.handle(), stream);
        context.streams().add(stream);
        a.setInt64(0, stream.handle());
    }

    /** The stream is gone at once; what is queued in it is still done. */
    private void destroy(Arguments a) {
        Stream stream = driver.handles().get(a.int64(0), Stream.class);
        stream.context().requireUsable();
        driver.captures().drop(stream);
        stream.finish();
        stream.context().streams().remove(stream);
        driver.handles().remove(stream.handle());
    }

    private void synchronize(Arguments a) {
        Stream stream = driver.stream(a.int64(0));
        stream.requireNoCapture();
        stream.finish();
        trimPools(stream.context());
    }

    private void query(Arguments a) {
        Stream stream = driver.stream(a.int64(0));
        stream.requireNoCapture();
        if (!stream.isIdle()) {
            stream.step(); // so that a program that asks until all is done comes to an end
            throw new DriverError(CUDA_ERROR_NOT_READY);
        }
    }

    private static void trimPools(Context context) {
        context.device().pools().forEach(MemoryPool::trimToThreshold);
    }

    private Event event(long handle) {
        Event event = driver.handles().get(handle, Event.class);
        event.context().requireUsable();
        return event;
    }

    private void createEvent(Arguments a) {
        Context context = driver.context();
        Event event = new Event(context, driver.handles().reserve(), a.int32(1));
        driver.handles().put(event.handle(), event);
        context.events().add(event);
        a.setInt64(0, event.handle());
    }

    private void destroyEvent(Arguments a) {
        Event event = event(a.int64(0));
        event.context().events().remove(event);
        driver.handles().remove(event.handle());
    }

    private void synchronizeEvent(Arguments a) {
        Event event = event(a.int64(0));
        event.finish();
        trimPools(event.context());
    }

    private void elapsedTime(Arguments a) {
        float milliseconds = event(a.int64(2)).millisecondsSince(event(a.int64(1)));
        DriverError.unless(a.int64(0) != 0, CUDA_ERROR_INVALID_VALUE);
        a.setInt32(0, Float.floatToRawIntBits(milliseconds));
    }
}
