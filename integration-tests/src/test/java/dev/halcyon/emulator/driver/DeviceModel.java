package dev.halcyon.emulator.driver;

/**
 * The limits of a compute capability (CUDA C++ Programming Guide, table "Technical Specifications per Compute
 * Capability").
 *
 * @param capability times ten
 * @param threads resident on a multiprocessor
 * @param blocks resident on a multiprocessor
 * @param sharedBytes of a multiprocessor
 * @param sharedBytesPerBlock that a kernel may opt into
 */
record DeviceModel(int capability, int threads, int blocks, int sharedBytes, int sharedBytesPerBlock) {
    static final int WARP = 32;
    static final int THREADS_PER_BLOCK = 1024;
    static final int REGISTERS = 65536;
    static final int SHARED_WITHOUT_OPTING = 48 << 10;
    /** What the system takes of each block's shared memory, from compute capability 8.0 on. */
    private static final int RESERVED_SHARED = 1 << 10;
    private static final int REGISTER_UNIT = 256;
    private static final int AMPERE = 80;

    /**
     * The model of a compute capability.
     *
     * @throws IllegalArgumentException if it is none that is emulated
     */
    static DeviceModel of(int capability) {
        return switch (capability) {
            case 75 -> new DeviceModel(capability, 1024, 16, 64 << 10, 64 << 10);
            case 80 -> new DeviceModel(capability, 2048, 32, 164 << 10, 163 << 10);
            case 86 -> new DeviceModel(capability, 1536, 16, 100 << 10, 99 << 10);
            case 89 -> new DeviceModel(capability, 1536, 24, 100 << 10, 99 << 10);
            case 90 -> new DeviceModel(capability, 2048, 32, 228 << 10, 227 << 10);
            default -> throw new IllegalArgumentException(
                    "expected compute capability 75, 80, 86, 89 or 90 (times ten), found " + capability);
        };
    }

    int reservedSharedBytes() {
        return capability >= AMPERE ? RESERVED_SHARED : 0;
    }

    /** Blocks of a kernel that fit on a multiprocessor at a time. */
    int residentBlocks(int blockThreads, int registersPerThread, int sharedBytesPerBlockUsed) {
        int warps = (blockThreads + WARP - 1) / WARP;
        int byThreads = threads / (warps * WARP);
        int perWarp = (registersPerThread * WARP + REGISTER_UNIT - 1) / REGISTER_UNIT * REGISTER_UNIT;
        int byRegisters = perWarp == 0 ? blocks : REGISTERS / perWarp / warps;
        int shared = sharedBytesPerBlockUsed + reservedSharedBytes();
        int byShared = shared == 0 ? blocks : sharedBytes / shared;
        return Math.min(Math.min(blocks, byThreads), Math.min(byRegisters, byShared));
    }
}
