package dev.halcyon.emulator.arithmetic;

import java.math.BigDecimal;

/** A result without any rounding, known by how it compares with decimal numbers. */
@FunctionalInterface
interface ExactNumber {
    /** The sign of this number less {@code x}. */
    int compareTo(BigDecimal x);

    static ExactNumber of(BigDecimal number) {
        return number::compareTo;
    }

    static ExactNumber of(double number) {
        return of(new BigDecimal(number));
    }

    static ExactNumber sum(double a, double b) {
        return of(new BigDecimal(a).add(new BigDecimal(b)));
    }

    static ExactNumber product(double a, double b) {
        return of(new BigDecimal(a).multiply(new BigDecimal(b)));
    }

    static ExactNumber productAndSum(double a, double b, double c) {
        return of(new BigDecimal(a).multiply(new BigDecimal(b)).add(new BigDecimal(c)));
    }

    static ExactNumber quotient(double a, double b) {
        BigDecimal divisor = new BigDecimal(b);
        return x -> new BigDecimal(a).compareTo(x.multiply(divisor)) * divisor.signum();
    }

    static ExactNumber squareRoot(double a) {
        return x -> x.signum() < 0 ? 1 : new BigDecimal(a).compareTo(x.multiply(x));
    }
}
