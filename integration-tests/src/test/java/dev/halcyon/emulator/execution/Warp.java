package dev.halcyon.emulator.execution;

import dev.halcyon.emulator.execution.Finding.Kind;
import java.util.Arrays;

/**
 * 32 threads of a block that are executed together, and the registers of their lanes. Register i of lane l is
 * {@code words[32 i + l]} if it has 32 bits or fewer and {@code wides[32 i + l]} if it has 64; of a predicate, bit l of
 * {@code predicates[i]}. An instruction knows its registers by where they begin.
 *
 * <p>Where lanes take different ways at a branch, one part waits on a stack. The branch names the place where the ways
 * meet again; who comes there waits for the others.
 */
final class Warp {
    static final int LANES = 32;
    static final int ALL = -1;

    /** The place where lanes meet again that never do. */
    static final int NOWHERE = -1;

    /** What a warp is about. */
    enum State {
        RUNNING, WAITING, FINISHED
    }

    private static final int INSTRUCTIONS_AT_A_TIME = 1 << 22;
    private static final int DEEPEST = 128;

    final Block block;
    final int number;
    final int[] words;
    final long[] wides;
    final int[] predicates;
    final LocalMemory local;

    /** The addresses of the lanes in the access that is being carried out. */
    final long[] addresses = new long[LANES];
    final AsynchronousCopies copies = new AsynchronousCopies();

    State state;

    /** Stamps of the shared memory at the last barriers of the block and of the warp that it took part in. */
    int blockStamp;
    int warpStamp;

    private final Step[] steps;
    private final int[] initialWords;
    private final int started;
    private final int[] waitingAt = new int[DEEPEST];
    private final int[] waitingLanes = new int[DEEPEST];
    private final int[] waitingUntil = new int[DEEPEST];
    private int depth;
    private int next;
    private int active;
    private int live;
    private int until;

    /** @param number in its block, from 0 */
    Warp(Block block, int number) {
        this.block = block;
        this.number = number;
        KernelCode code = block.launch.code();
        steps = code.steps();
        initialWords = code.initialWords().clone();
        words = new int[initialWords.length];
        wides = new long[code.initialWides().length];
        predicates = new int[code.predicates()];
        local = new LocalMemory(code.localBytes());
        int threads = Math.min(LANES, block.launch.shape().threads() - number * LANES);
        started = threads == LANES ? ALL : (1 << threads) - 1;
        for (SpecialRegister.Row row : code.specials()) {
            row.fill(initialWords, this);
        }
    }

    /** Makes it ready to run from the first instruction, in a block that has just begun. */
    void begin() {
        System.arraycopy(initialWords, 0, words, 0, words.length);
        KernelCode code = block.launch.code();
        System.arraycopy(code.initialWides(), 0, wides, 0, wides.length);
        Arrays.fill(predicates, 0);
        for (SpecialRegister.Row row : code.specials()) {
            if (row.register().differsBetweenBlocks()) {
                row.fill(words, this);
            }
        }
        local.forget();
        copies.forget();
        depth = 0;
        next = 0;
        active = started;
        live = started;
        until = NOWHERE;
        state = State.RUNNING;
    }

    /** Runs until it waits, has finished, or others should have their turn. */
    void run() {
        Tally tally = block.tally;
        long instructions = 0;
        long threads = 0;
        long floatOperations = 0;
        while (state == State.RUNNING && instructions < INSTRUCTIONS_AT_A_TIME) {
            Step step = steps[next++];
            int lanes = active;
            if (step.guard() >= 0) {
                lanes &= predicates[step.guard()] ^ step.flip();
            }
            int count = Integer.bitCount(lanes) * step.issued();
            instructions += step.issued();
            threads += count;
            floatOperations += (long) count * step.floatOperations();
            if (lanes != 0) {
                execute(step.operation(), lanes);
            }
        }
        tally.warpInstructions += instructions;
        tally.threadInstructions += threads;
        tally.floatOperations += floatOperations;
    }

    /** Calls that of the most frequent kind directly, which the compiler would not find out here. */
    private void execute(Operation operation, int lanes) {
        if (operation instanceof LaneOperation each) {
            each.execute(this, lanes);
        } else {
            operation.execute(this, lanes);
        }
    }

    /** The lanes that have not ended. */
    int live() {
        return live;
    }

    /** The lanes that began. */
    int started() {
        return started;
    }

    /** Number in the block of the first lane's thread. */
    int firstThread() {
        return number * LANES;
    }

    /** Line of the PTX text of the instruction that is being carried out. */
    int line() {
        return steps[next - 1].line();
    }

    void jump(int target) {
        next = target;
    }

    /**
     * Lets some of the active lanes go elsewhere; the others go on behind the branch.
     *
     * @param lanes those that go, at least one
     * @param meeting the place where both ways meet again, or {@link #NOWHERE}
     */
    void branch(int lanes, int target, int meeting) {
        int staying = active & ~lanes;
        if (staying != 0) {
            int behind = next;
            diverge(meeting);
            suspend(behind, staying);
        }
        active = lanes;
        next = target;
    }

    /** Prepares for lanes to go different ways: all of them go on together at the place where the ways meet. */
    void diverge(int meeting) {
        if (meeting != NOWHERE && meeting != until) {
            push(meeting, active, until);
            until = meeting;
        }
    }

    /** Puts some lanes aside, to take a way of their own later. Those at the meeting place are there already. */
    void suspend(int at, int lanes) {
        if (at != until) {
            push(at, lanes, until);
        }
    }

    /** Goes on with some of the active lanes, after the others were put aside. */
    void proceed(int at, int lanes) {
        active = lanes;
        next = at;
    }

    private void push(int at, int lanes, int goal) {
        if (depth == DEEPEST) {
            throw new IllegalStateException("the lanes of a warp took more than " + DEEPEST + " ways");
        }
        waitingAt[depth] = at;
        waitingLanes[depth] = lanes;
        waitingUntil[depth++] = goal;
    }

    /** The active lanes have come to a place where lanes may meet: if theirs do, the others go on. */
    void arriveAt(int place) {
        if (place == until) {
            resume();
        }
    }

    private void resume() {
        do {
            if (depth == 0) {
                active = 0;
                state = State.FINISHED;
                return;
            }
            next = waitingAt[--depth];
            active = waitingLanes[depth] & live;
            until = waitingUntil[depth];
        } while (active == 0);
    }

    /** Ends the threads of some lanes. */
    void exit(int lanes) {
        live &= ~lanes;
        active &= ~lanes;
        if (active == 0) {
            resume();
        }
    }

    /** The first lane of a set. */
    static int first(int lanes) {
        return Integer.numberOfTrailingZeros(lanes);
    }

    /** Notes a fault after which execution goes on. */
    void report(Kind kind, int lane, String text) {
        block.launch.findings().add(finding(kind, line(), lane, text));
    }

    /** Notes a fault and ends the launch. */
    LaunchFault fault(Kind kind, int lane, String text) {
        Finding finding = finding(kind, line(), lane, text);
        block.launch.findings().add(finding);
        return new LaunchFault(finding);
    }

    Finding finding(Kind kind, int line, int lane, String text) {
        return new Finding(kind, block.launch.code().name(), line, block.place(),
                block.launch.threadPlace(firstThread() + lane), text);
    }
}
