package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.execution.Finding.Kind;

/** The parameters of the launch. */
final class ParameterAccess implements Memory {
    @Override
    public void load(Warp warp, int lanes, long[] at, Transfer transfer) {
        byte[] parameters = warp.block.launch.parameters();
        for (int rest = lanes; rest != 0; rest &= rest - 1) {
            int lane = Warp.first(rest);
            if (at[lane] < 0 || at[lane] + transfer.bytes() > parameters.length) {
                throw warp.fault(Kind.OUT_OF_BOUNDS, lane, "reads " + transfer.bytes() + " bytes at offset " + at[lane]
                        + " of the parameters, which have " + parameters.length + " bytes");
            }
            transfer.load(parameters, (int) at[lane], warp, lane);
        }
    }

    @Override
    public void store(Warp warp, int lanes, long[] at, Transfer transfer) {
        throw warp.fault(Kind.OUT_OF_BOUNDS, Warp.first(lanes), "a store to the parameters of the launch");
    }

    @Override
    public void update(Warp warp, int lanes, long[] at, Update update) {
        throw warp.fault(Kind.OUT_OF_BOUNDS, Warp.first(lanes), "an atomic operation on the parameters of the launch");
    }
}
