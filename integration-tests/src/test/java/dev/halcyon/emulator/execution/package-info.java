/**
 * Runs PTX kernels: the 32 lanes of a warp together, instruction by instruction, with checks of every access and exact
 * counts of what was done.
 */
package dev.halcyon.emulator.execution;
