/**
 * The CUDA driver of the emulated GPU: what stands behind the stand-in libraries of {@code src/test/native}. A test
 * instrument; nothing of it is reachable from what is shipped.
 */
package dev.halcyon.emulator.driver;
