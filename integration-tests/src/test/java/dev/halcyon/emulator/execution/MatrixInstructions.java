package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.arithmetic.LoadMatrix;
import dev.halcyon.emulator.arithmetic.MatrixMultiply;
import dev.halcyon.emulator.execution.Finding.Kind;
import dev.halcyon.emulator.ptx.Operand;
import dev.halcyon.emulator.ptx.PtxType;
import java.util.List;
import java.util.Locale;

/** ldmatrix and mma, which all lanes of a warp do together. */
final class MatrixInstructions {
    private static final int ROW_BYTES = 16;
    private static final int ROWS = 8;
    private static final int ROW_WORDS = 4;

    private MatrixInstructions() {
    }

    static Operation load(Opcode op, List<Operand> operands, Frame frame) {
        for (String modifier : List.of("sync", "aligned", "m8n8", "b16")) {
            op.requireOneOf(modifier);
        }
        int matrices = op.requireOneOf("x1", "x2", "x4").charAt(1) - '0';
        boolean transposed = op.take("trans");
        op.requireOneOf("shared", "shared::cta");
        op.finish();
        Encoding.expect(operands, 2, op);
        int[] targets = registers(operands.getFirst(), matrices, PtxType.B32, true, op, frame);
        Place place = Place.of(operands.get(1), frame, op);
        return new Load(place, transposed, targets);
    }

    private record Load(Place place, boolean transposed, int[] targets) implements Operation {
        @Override
        public void execute(Warp warp, int lanes) {
            requireAll(warp, lanes);
            int count = ROWS * targets.length;
            int addressing = count == Warp.LANES ? Warp.ALL : (1 << count) - 1;
            long[] at = warp.addresses;
            place.addresses(warp, at);
            for (int row = 0; row < count; row++) {
                SharedAccess.checked(warp, row, at[row], ROW_BYTES);
            }
            SharedMemory shared = warp.block.shared;
            shared.checkReads(warp, addressing, at, ROW_BYTES);
            int[] rows = new int[count * ROW_WORDS];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = Bytes.getInt(shared.data, (int) at[i / ROW_WORDS] + 4 * (i % ROW_WORDS));
            }
            SharedAccess.count(warp, addressing, at, ROW_BYTES);
            LoadMatrix.apply(rows, transposed, warp.words, targets);
        }
    }

    private static void requireAll(Warp warp, int lanes) {
        if (lanes != Warp.ALL) {
            throw warp.fault(Kind.DIVERGENT_BARRIER, Warp.first(~lanes),
                    "is not at an instruction that all threads of a warp do together");
        }
    }

    private static int[] registers(Operand operand, int count, PtxType type, boolean target, Opcode op, Frame frame) {
        List<Operand> parts = operand instanceof Operand.Tuple(List<Operand> elements) ? elements : List.of(operand);
        if (parts.size() != count) {
            throw op.error(count + " registers are expected, found " + parts.size());
        }
        return parts.stream().mapToInt(part -> target ? frame.target(part, type, op) : frame.source(part, type, op))
                .toArray();
    }

    private record Multiply(MatrixMultiply product, int[] d, int[] a, int[] b, int[] c, int floatOperations)
            implements Operation {
        @Override
        public void execute(Warp warp, int lanes) {
            requireAll(warp, lanes);
            product.apply(warp.words, d, a, b, c);
        }
    }

    static Operation multiply(Opcode op, List<Operand> operands, Frame frame) {
        for (String modifier : List.of("sync", "aligned", "row", "col")) {
            op.requireOneOf(modifier);
        }
        String shape = op.requireOneOf("m16n8k4", "m16n8k8", "m16n8k16");
        PtxType result = op.takeType();
        PtxType right = op.takeType();
        PtxType left = op.takeType();
        PtxType sum = op.takeType();
        op.finish();
        MatrixMultiply product = product(shape, left);
        if (product == null || result != PtxType.F32 || sum != PtxType.F32 || left != right) {
            throw op.unknown();
        }
        Encoding.expect(operands, 4, op);
        int bRegisters = product.depth() * left.bits() / 128;
        int[] d = registers(operands.getFirst(), 4, PtxType.F32, true, op, frame);
        int[] a = registers(operands.get(1), 2 * bRegisters, PtxType.B32, false, op, frame);
        int[] b = registers(operands.get(2), bRegisters, PtxType.B32, false, op, frame);
        int[] c = registers(operands.get(3), 4, PtxType.F32, false, op, frame);
        return new Multiply(product, d, a, b, c, 2 * 16 * 8 * product.depth() / Warp.LANES);
    }

    private static MatrixMultiply product(String shape, PtxType type) {
        String name = shape.toUpperCase(Locale.ROOT) + "_" + type.name();
        for (MatrixMultiply product : MatrixMultiply.values()) {
            if (product.name().equals(name)) {
                return product;
            }
        }
        return null;
    }
}
