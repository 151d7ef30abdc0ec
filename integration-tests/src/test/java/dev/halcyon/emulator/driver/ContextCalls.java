package dev.halcyon.emulator.driver;

import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_CONTEXT;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_DEVICE;
import static jcuda.driver.CUresult.CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED;
import static jcuda.driver.CUresult.CUDA_ERROR_PEER_ACCESS_NOT_ENABLED;
import static jcuda.driver.CUresult.CUDA_ERROR_PEER_ACCESS_UNSUPPORTED;

import java.util.Deque;

/** Contexts: whose work and memory it is. */
final class ContextCalls {
    private static final int GREATEST_PRIORITY = -5;

    private final Driver driver;

    ContextCalls(Driver driver) {
        this.driver = driver;
    }

    void addTo(Functions functions) {
        functions.add("cuDevicePrimaryCtxRetain", this::retainPrimary);
        functions.add("cuDevicePrimaryCtxRelease_v2", this::releasePrimary);
        functions.add("cuDevicePrimaryCtxReset_v2", a -> destroyPrimary(driver.device(a.int32(0))));
        functions.add("cuDevicePrimaryCtxGetState", this::primaryState);
        functions.add("cuDevicePrimaryCtxSetFlags_v2", a -> driver.device(a.int32(0)).setPrimaryFlags(a.int32(1)));
        functions.add("cuCtxCreate_v2", this::create);
        functions.add("cuCtxDestroy_v2", a -> destroy(driver.handles().get(a.int64(0), Context.class)));
        functions.add("cuCtxGetCurrent", a -> a.setInt64(0, driver.contextsOfThread().isEmpty()
                ? 0
                : driver.contextsOfThread().peek().handle()));
        functions.add("cuCtxSetCurrent", this::setCurrent);
        functions.add("cuCtxPushCurrent_v2", a -> driver.contextsOfThread().push(context(a.int64(0))));
        functions.add("cuCtxPopCurrent_v2", this::popCurrent);
        functions.add("cuCtxGetDevice", a -> a.setInt32(0, driver.currentContext().device().ordinal()));
        functions.add("cuCtxGetFlags", a -> a.setInt32(0, driver.currentContext().flags()));
        functions.add("cuCtxSynchronize", this::synchronize);
        functions.add("cuCtxGetStreamPriorityRange", this::priorities);
        functions.add("cuCtxEnablePeerAccess", this::enablePeer);
        functions.add("cuCtxDisablePeerAccess", this::disablePeer);
    }

    private Context context(long handle) {
        try {
            return driver.handles().get(handle, Context.class);
        } catch (DriverError e) {
            throw new DriverError(CUDA_ERROR_INVALID_CONTEXT);
        }
    }

    private Context newContext(Device device, int flags) {
        device.requirePresent();
        Context context = new Context(driver, device, driver.handles().reserve(), flags);
        driver.handles().put(context.handle(), context);
        return context;
    }

    private void retainPrimary(Arguments a) {
        Device device = driver.device(a.int32(1));
        if (device.primary() == null) {
            device.setPrimary(newContext(device, device.primaryFlags()));
        }
        device.setPrimaryUsers(device.primaryUsers() + 1);
        a.setInt64(0, device.primary().handle());
    }

    private void releasePrimary(Arguments a) {
        Device device = driver.device(a.int32(0));
        DriverError.unless(device.primaryUsers() > 0, CUDA_ERROR_INVALID_CONTEXT);
        device.setPrimaryUsers(device.primaryUsers() - 1);
        if (device.primaryUsers() == 0) {
            destroyPrimary(device);
        }
        device.requirePresent();
    }

    private void destroyPrimary(Device device) {
        if (device.primary() != null) {
            Context context = device.primary();
            device.setPrimary(null);
            dismantle(context);
        }
    }

    private void primaryState(Arguments a) {
        Device device = driver.device(a.int32(0));
        a.setInt32(1, device.primaryFlags());
        a.setInt32(2, device.primary() == null ? 0 : 1);
    }

    private void create(Arguments a) {
        Context context = newContext(driver.device(a.int32(2)), a.int32(1));
        driver.contextsOfThread().push(context);
        a.setInt64(0, context.handle());
    }

    private void destroy(Context context) {
        DriverError.unless(context.device().primary() != context, CUDA_ERROR_INVALID_CONTEXT);
        if (driver.contextsOfThread().peek() == context) {
            driver.contextsOfThread().pop();
        }
        dismantle(context);
    }

    /** Takes back all that is in a context, after the work that is queued in it. */
    private void dismantle(Context context) {
        try {
            context.finish();
        } catch (DriverError e) {
            // the context has failed, and it goes away
        }
        Handles handles = driver.handles();
        context.streams().forEach(stream -> {
            driver.captures().drop(stream);
            handles.remove(stream.handle());
        });
        context.events().forEach(event -> handles.remove(event.handle()));
        context.modules().forEach(module -> {
            module.functions().values().forEach(function -> handles.remove(function.handle()));
            handles.remove(module.handle());
        });
        driver.pinned().freeAllOf(context);
        context.modules().forEach(module -> module.code().unload());
        context.device().freeAllOf(context);
        handles.remove(context.handle());
        context.markDestroyed();
    }

    private void setCurrent(Arguments a) {
        Deque<Context> contexts = driver.contextsOfThread();
        Context context = a.int64(0) == 0 ? null : context(a.int64(0));
        contexts.poll();
        if (context != null) {
            contexts.push(context);
        }
    }

    private void popCurrent(Arguments a) {
        DriverError.unless(!driver.contextsOfThread().isEmpty(), CUDA_ERROR_INVALID_CONTEXT);
        a.setInt64IfWanted(0, driver.contextsOfThread().pop().handle());
    }

    private void synchronize(Arguments a) {
        Context context = driver.context();
        driver.captures().requireNone(context);
        context.finish();
        context.device().pools().forEach(MemoryPool::trimToThreshold);
    }

    private void priorities(Arguments a) {
        driver.context();
        if (a.int64(0) != 0) {
            a.setInt32(0, 0);
        }
        if (a.int64(1) != 0) {
            a.setInt32(1, GREATEST_PRIORITY);
        }
    }

    private void enablePeer(Arguments a) {
        Context peer = context(a.int64(0));
        Context own = driver.context();
        DriverError.unless(peer.device() != own.device(), CUDA_ERROR_INVALID_DEVICE);
        DriverError.unless(driver.settings().peerAccess(), CUDA_ERROR_PEER_ACCESS_UNSUPPORTED);
        DriverError.unless(own.peers().add(peer), CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED);
    }

    private void disablePeer(Arguments a) {
        DriverError.unless(driver.context().peers().remove(context(a.int64(0))), CUDA_ERROR_PEER_ACCESS_NOT_ENABLED);
    }
}
