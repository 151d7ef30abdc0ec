/**
 * What the instructions of PTX compute, apart from where their operands come from: static methods on numbers and, for
 * instructions of a whole warp, on flat arrays. Source of every rule is NVIDIA's "Parallel Thread Execution ISA",
 * version 9.0, unless a method names another.
 * <p>
 * Where an operator or method of Java is exactly the instruction there is none here: {@code add.rn.f32} is
 * {@code a + b}, {@code fma.rn.f32} is {@link Math#fma(float, float, float)}, {@code neg.f32} is {@code -a},
 * {@code popc.b32} is {@link Integer#bitCount}, {@code clz.b32} {@link Integer#numberOfLeadingZeros}, {@code brev.b32}
 * {@link Integer#reverse}, and integer {@code add}, {@code sub}, {@code mul.lo}, {@code neg}, {@code abs}, {@code min.s32},
 * {@code and}, {@code or}, {@code xor}, {@code not} are Java's.
 * <p>
 * A result that is not a number is some NaN: arithmetic of Java on x86 leaves the payload and the sign of its operand.
 * A GPU writes one NaN, {@code 0x7fffffff} in float32: {@link dev.halcyon.emulator.arithmetic.Float32#bits} gives it.
 */
package dev.halcyon.emulator.arithmetic;
