package dev.halcyon.it.peer;

/**
 * What a process found out about one case.
 *
 * @param number of the case in the table
 * @param microseconds median time of one execution
 * @param norm root of the sum of squares of the result, by which it is seen that both computed the same
 */
record OperationTime(int number, double microseconds, double norm) {
    /** A line that {@link #parse} reads. */
    String line() {
        return number + " " + microseconds + " " + norm;
    }

    static OperationTime parse(String line) {
        String[] words = line.split(" ");
        return new OperationTime(Integer.parseInt(words[0]), Double.parseDouble(words[1]),
                Double.parseDouble(words[2]));
    }
}
