package dev.halcyon.emulator.execution;

/** Whichever space a generic address lies in. */
final class GenericMemory implements Memory {
    private final Memory global = new GlobalMemory(true);
    private final Memory shared = new SharedAccess();
    private final Memory local = new LocalAccess();

    /** Something done with the lanes whose addresses are in one space. */
    @FunctionalInterface
    private interface Access {
        void with(Memory memory, int lanes);
    }

    @Override
    public void load(Warp warp, int lanes, long[] at, Transfer transfer) {
        each(lanes, at, (memory, some) -> memory.load(warp, some, at, transfer));
    }

    @Override
    public void store(Warp warp, int lanes, long[] at, Transfer transfer) {
        each(lanes, at, (memory, some) -> memory.store(warp, some, at, transfer));
    }

    @Override
    public void update(Warp warp, int lanes, long[] at, Update update) {
        each(lanes, at, (memory, some) -> memory.update(warp, some, at, update));
    }

    private void each(int lanes, long[] at, Access access) {
        int left = lanes;
        for (Window window : Window.values()) {
            int some = 0;
            for (int rest = left; rest != 0; rest &= rest - 1) {
                int lane = Warp.first(rest);
                if (Window.at(at[lane]) == window) {
                    some |= 1 << lane;
                }
            }
            left &= ~some;
            if (some != 0) {
                for (int rest = some; rest != 0; rest &= rest - 1) {
                    at[Warp.first(rest)] -= window.start();
                }
                access.with(memory(window), some);
            }
        }
    }

    private Memory memory(Window window) {
        return switch (window) {
            case GLOBAL -> global;
            case SHARED -> shared;
            case LOCAL -> local;
        };
    }
}
