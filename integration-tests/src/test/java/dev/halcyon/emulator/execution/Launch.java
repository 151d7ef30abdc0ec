package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.memory.DeviceMemory;

/** A launch of a kernel. */
record Launch(KernelCode code, LaunchShape shape, byte[] parameters, DeviceMemory memory, Findings findings) {
    /** The same launch with findings of its own. */
    Launch with(Findings own) {
        return new Launch(code, shape, parameters, memory, own);
    }

    Finding.Place threadPlace(int thread) {
        return new Finding.Place(thread % shape.blockX(), thread / shape.blockX() % shape.blockY(),
                thread / shape.blockX() / shape.blockY());
    }
}
