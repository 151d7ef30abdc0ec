/** The memory of an emulated device: addresses, allocations, and which of their bytes were ever written. */
package dev.halcyon.emulator.memory;
