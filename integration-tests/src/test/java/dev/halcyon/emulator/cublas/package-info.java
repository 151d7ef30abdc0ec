/**
 * The matrix products of cuBLAS from what its documentation says they mean ("cuBLAS Library", DU-06702-001, version 12):
 * parameters as C has them, their errors, and the work itself in emulated device memory.
 */
package dev.halcyon.emulator.cublas;
