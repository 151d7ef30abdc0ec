package dev.halcyon.it.gpu;

/**
 * A kernel of the PTX that ships.
 *
 * @param target that it is for: {@code compute_75} or {@code compute_80}
 * @param family the .cu file that it comes from, without ending
 */
record ShippedKernel(String target, String family, String name) implements Comparable<ShippedKernel> {
    @Override
    public int compareTo(ShippedKernel other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return target + " " + family + "." + name;
    }
}
