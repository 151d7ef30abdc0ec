package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import java.util.List;

/**
 * What a load or store moves between memory and registers: one number of each lane, or a vector of them.
 *
 * @param width bytes of a number in memory
 * @param signed whether its sign fills a wider register
 * @param wide whether the registers have 64 bits
 * @param mask the bits of a register that are used
 * @param registers where each register begins
 */
record Transfer(int width, boolean signed, boolean wide, int mask, int[] registers) {
    static Transfer load(PtxType type, int lanes, Operand operand, Frame frame, Opcode op) {
        List<Operand> parts = parts(lanes, operand, op);
        int[] registers = parts.stream().mapToInt(part -> frame.anyTarget(part, type, op)).toArray();
        boolean wide = isWide(parts, type, op);
        int mask = parts.stream().allMatch(part -> Frame.bits(part, type) == 16) ? 0xffff : -1;
        return new Transfer(type.bytes(), type.signed(), wide, mask, registers);
    }

    static Transfer store(PtxType type, int lanes, Operand operand, Frame frame, Opcode op) {
        List<Operand> parts = parts(lanes, operand, op);
        int[] registers = parts.stream().mapToInt(part -> frame.anySource(part, type, op)).toArray();
        return new Transfer(type.bytes(), false, isWide(parts, type, op), -1, registers);
    }

    private static List<Operand> parts(int lanes, Operand operand, Opcode op) {
        List<Operand> parts = operand instanceof Operand.Tuple(List<Operand> elements) ? elements : List.of(operand);
        if (parts.size() != lanes) {
            throw op.error(lanes + " registers are expected, found " + parts.size());
        }
        return parts;
    }

    private static boolean isWide(List<Operand> parts, PtxType type, Opcode op) {
        boolean wide = Frame.isWide(parts.getFirst(), type);
        for (Operand part : parts) {
            if (Frame.isWide(part, type) != wide || Frame.bits(part, type) < type.bits()) {
                throw op.error("registers of one width, and no narrower than " + type.ptxName() + ", are expected");
            }
        }
        return wide;
    }

    /** Bytes of a lane's access. */
    int bytes() {
        return width * registers.length;
    }

    /** Moves what lies at an offset into the registers of a lane. */
    void load(byte[] data, int at, Warp warp, int lane) {
        for (int k = 0; k < registers.length; k++) {
            long value = Bytes.get(data, at + k * width, width);
            if (signed) {
                int unused = 64 - 8 * width;
                value = value << unused >> unused;
            }
            if (wide) {
                warp.wides[registers[k] + lane] = value;
            } else {
                warp.words[registers[k] + lane] = (int) value & mask;
            }
        }
    }

    /** Moves what lies at the offset of each lane into its registers. */
    void load(byte[] data, long[] at, Warp warp, int lanes) {
        if (width != 4 || wide || lanes != Warp.ALL) {
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                int lane = Warp.first(rest);
                load(data, (int) at[lane], warp, lane);
            }
            return;
        }
        int[] words = warp.words;
        for (int k = 0; k < registers.length; k++) {
            int register = registers[k];
            for (int i = 0; i < Warp.LANES; i++) {
                words[register + i] = Bytes.getInt(data, (int) at[i] + 4 * k);
            }
        }
    }

    /** Moves what lies at an offset, lane after lane, into the registers of all lanes. */
    void loadAll(byte[] data, int at, Warp warp) {
        if (width != 4 || wide) {
            for (int lane = 0; lane < Warp.LANES; lane++) {
                load(data, at + lane * bytes(), warp, lane);
            }
            return;
        }
        int[] words = warp.words;
        int stride = bytes();
        for (int k = 0; k < registers.length; k++) {
            int register = registers[k];
            int from = at + 4 * k;
            for (int i = 0; i < Warp.LANES; i++) {
                words[register + i] = Bytes.getInt(data, from + i * stride);
            }
        }
    }

    /** Moves the registers of a lane to an offset. */
    void store(byte[] data, int at, Warp warp, int lane) {
        for (int k = 0; k < registers.length; k++) {
            Bytes.set(data, at + k * width, width, value(warp, k, lane));
        }
    }

    private long value(Warp warp, int k, int lane) {
        return wide ? warp.wides[registers[k] + lane] : warp.words[registers[k] + lane];
    }

    /** Moves the registers of all lanes to an offset, lane after lane. */
    void storeAll(byte[] data, int at, Warp warp) {
        if (width != 4 || wide) {
            for (int lane = 0; lane < Warp.LANES; lane++) {
                store(data, at + lane * bytes(), warp, lane);
            }
            return;
        }
        int[] words = warp.words;
        int stride = bytes();
        for (int k = 0; k < registers.length; k++) {
            int register = registers[k];
            int to = at + 4 * k;
            for (int i = 0; i < Warp.LANES; i++) {
                Bytes.setInt(data, to + i * stride, words[register + i]);
            }
        }
    }

    /** Whether a store would leave what lies at an offset as it is. */
    boolean same(byte[] data, int at, Warp warp, int lane) {
        for (int k = 0; k < registers.length; k++) {
            long bits = width == 8 ? -1 : (1L << 8 * width) - 1;
            if (Bytes.get(data, at + k * width, width) != (value(warp, k, lane) & bits)) {
                return false;
            }
        }
        return true;
    }
}
