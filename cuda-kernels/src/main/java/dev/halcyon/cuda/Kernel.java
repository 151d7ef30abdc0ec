package dev.halcyon.cuda;

import jcuda.driver.CUfunction;

/**
 * A kernel that has been loaded, see {@link Launcher#kernel}.
 *
 * @param family the .cu file that it comes from, without ending
 * @param name its name there
 * @param function the driver's handle
 */
record Kernel(String family, String name, CUfunction function) {
    @Override
    public String toString() {
        return family + "." + name;
    }

    /** By name: the same in every process. */
    @Override
    public int hashCode() {
        return 31 * family.hashCode() + name.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Kernel kernel && function == kernel.function;
    }
}
