package dev.halcyon.cuda;

/**
 * An operand as the kernels of products want it: addresses and channels in whole accesses. Where the tensor is not so
 * itself, this is a copy of it.
 *
 * @param address of the first element
 * @param channels of one group, those that the copy adds included
 * @param copy null if it is the tensor itself
 */
record Operand(long address, int channels, Temporary copy) implements AutoCloseable {
    @Override
    public void close() {
        if (copy != null) {
            copy.close();
        }
    }
}
