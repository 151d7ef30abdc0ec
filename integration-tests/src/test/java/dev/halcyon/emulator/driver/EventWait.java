package dev.halcyon.emulator.driver;

import static jcuda.driver.CUgraphNodeType.CU_GRAPH_NODE_TYPE_WAIT_EVENT;

/**
 * Waits for another stream.
 *
 * @param other stream
 * @param works that it has to have done
 */
record EventWait(Stream other, long works) implements Work {
    @Override
    public void execute() {
        other.finish(works);
    }

    @Override
    public int nodeType() {
        return CU_GRAPH_NODE_TYPE_WAIT_EVENT;
    }
}
