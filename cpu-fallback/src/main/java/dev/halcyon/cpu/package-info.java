/**
 * The CPU backend, in Java's Vector API and nothing else.
 *
 * <p>How it is built: {@link dev.halcyon.cpu.CpuBackend} hands each operation to one class per family, which splits the
 * work into chunks for {@link dev.halcyon.cpu.Workers}; inside a chunk run kernels on raw addresses, of which there are
 * two sets, chosen once by {@link dev.halcyon.cpu.Vectorization}: vectors (package {@code simd}) and plain loops.
 *
 * <p>Results are the same bits for any number of threads, in every tier of the JIT compiler and at every repetition:
 * <ul>
 * <li>Chunks are a function of the problem alone; sums over several chunks are added in the chunks' order.
 * <li>An element of a matrix product is one chain of fused multiply-adds in the order of its terms, so tiles, cache
 * blocking and vector width do not show in it either.
 * <li>{@code reduceLanes(ADD)} on floats adds in an order that differs between interpreter and compiler, so lanes are
 * stored and added one by one.
 * <li>{@code lanewise(EXP)} and its like give other bits when compiled than when interpreted, so such functions are
 * polynomials of our own, made of operations that are rounded exactly: +, ×, fused multiply-add.
 * </ul>
 */
package dev.halcyon.cpu;
