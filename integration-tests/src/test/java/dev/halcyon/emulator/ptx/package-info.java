/** The text of PTX programs, read into a model that says what is declared and written, not what it means. */
package dev.halcyon.emulator.ptx;
