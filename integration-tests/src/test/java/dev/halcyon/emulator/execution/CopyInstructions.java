package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.execution.AsynchronousCopies.Copy;
import dev.halcyon.emulator.memory.Allocation;
import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import java.util.Arrays;
import java.util.List;

/**
 * cp.async: copies from global to shared memory that go on by themselves. The bytes are copied at once, as they may be;
 * but nobody may look at them before the copying thread has waited for the group and, other threads, passed a barrier.
 */
final class CopyInstructions {
    private CopyInstructions() {
    }

    static Operation compile(Opcode op, List<Operand> operands, Frame frame) {
        op.requireOneOf("async");
        if (op.take("commit_group")) {
            op.finish();
            Encoding.expect(operands, 0, op);
            return (warp, lanes) -> warp.copies.commit(lanes);
        }
        if (op.take("wait_all")) {
            op.finish();
            Encoding.expect(operands, 0, op);
            return (warp, lanes) -> warp.copies.completeAll(lanes, warp.block.shared, warp);
        }
        if (op.take("wait_group")) {
            op.finish();
            if (operands.size() != 1 || !(operands.getFirst() instanceof Operand.IntegerLiteral(long latest))) {
                throw op.error("a number of groups is expected");
            }
            return (warp, lanes) -> warp.copies.complete(lanes, (int) latest, warp.block.shared, warp);
        }
        return copy(op, operands, frame);
    }

    private static Operation copy(Opcode op, List<Operand> operands, Frame frame) {
        boolean onlyGlobal = op.requireOneOf("ca", "cg").equals("cg");
        op.requireOneOf("shared", "shared::cta");
        op.requireOneOf("global");
        op.takeOneOf("L2::64B", "L2::128B", "L2::256B");
        op.finish();
        if (operands.size() < 3 || operands.size() > 4
                || !(operands.get(2) instanceof Operand.IntegerLiteral(long size))) {
            throw op.error("two addresses, a size and perhaps the bytes to be read are expected");
        }
        int bytes = (int) size;
        if (bytes != 16 && (onlyGlobal || bytes != 4 && bytes != 8)) {
            throw op.error("a copy of " + bytes + " bytes is not possible");
        }
        Place target = Place.of(operands.getFirst(), frame, op);
        Place source = Place.of(operands.get(1), frame, op);
        int read = operands.size() == 4 ? frame.source(operands.get(3), PtxType.U32, op) : -1;
        return new AsynchronousCopy(target, source, bytes, read, new GlobalMemory(true));
    }

    /** @param read where the register begins that says how many bytes to read, the rest being zero; -1 for all */
    private record AsynchronousCopy(Place target, Place source, int bytes, int read, GlobalMemory global)
            implements Operation {

        @Override
        public void execute(Warp warp, int lanes) {
            long[] from = new long[Warp.LANES];
            source.addresses(warp, from);
            target.addresses(warp, warp.addresses);
            int[] offsets = new int[Warp.LANES];
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                int lane = Warp.first(rest);
                offsets[lane] = SharedAccess.checked(warp, lane, warp.addresses[lane], bytes);
            }
            Copy copy = new Copy(lanes, offsets, bytes);
            warp.block.shared.beginCopy(warp, copy);
            warp.copies.add(copy);
            int whole = 0;
            for (int rest = lanes; rest != 0; rest &= rest - 1) {
                int lane = Warp.first(rest);
                int count = read < 0 ? bytes : Math.clamp(warp.words[read + lane], 0, bytes);
                copy(warp, lane, from[lane], offsets[lane], count);
                whole |= (count == bytes ? 1 : 0) << lane;
                if (count > 0 && count < bytes) {
                    global.count(warp, 1 << lane, from, count, true, false);
                }
            }
            if (whole != 0) {
                global.count(warp, whole, from, bytes, true, false);
            }
            SharedAccess.count(warp, lanes, warp.addresses, bytes);
        }

        private void copy(Warp warp, int lane, long from, int offset, int count) {
            byte[] shared = warp.block.shared.data;
            if (count > 0) {
                Allocation allocation = global.checked(warp, lane, from, count, bytes, true);
                System.arraycopy(allocation.data(), (int) (from - allocation.start()), shared, offset, count);
            }
            Arrays.fill(shared, offset + count, offset + bytes, (byte) 0);
        }
    }
}
