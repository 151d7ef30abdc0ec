package dev.halcyon.optim;

/**
 * The learning rate over the course of training: a function of how far training has come and nothing else, so that a
 * resumed run goes on as it would have gone.
 */
@FunctionalInterface
public interface Schedule {
    /**
     * The learning rate of one step.
     *
     * @param epoch how many epochs lie behind, with fractions, in [0, epochs)
     * @param epochs how many there will be
     */
    double rate(double epoch, double epochs);

    /** The same rate throughout. */
    static Schedule constant(double rate) {
        return (epoch, epochs) -> rate;
    }

    /**
     * A rate multiplied by a factor every so many epochs.
     *
     * @param every epochs between drops, above 0
     * @param factor usually 0.1
     */
    static Schedule step(double rate, double every, double factor) {
        return (epoch, epochs) -> rate * Math.pow(factor, Math.floor(epoch / every));
    }

    /** A rate that falls to zero along half a cosine (Loshchilov and Hutter 2017, without restarts). */
    static Schedule cosine(double rate) {
        return (epoch, epochs) -> rate * 0.5 * (1 + Math.cos(Math.PI * epoch / epochs));
    }

    /**
     * One cycle (Smith and Topin 2018): linearly up from a 25th of the peak during the first 30 % of training, then
     * linearly down to a 10,000th of the peak.
     *
     * @param peak the highest rate
     */
    static Schedule oneCycle(double peak) {
        double up = 0.3;
        return (epoch, epochs) -> {
            double progress = epoch / epochs;
            double share = progress < up
                    ? 1.0 / 25 + (1 - 1.0 / 25) * progress / up
                    : 1e-4 + (1 - 1e-4) * (1 - progress) / (1 - up);
            return peak * share;
        };
    }

    /**
     * This schedule with a linear rise from zero before it: for so many epochs the rate is what it would be, times the
     * share of the warm-up that is done.
     *
     * @param warmUp epochs, at least 0
     */
    default Schedule warmUp(double warmUp) {
        return (epoch, epochs) -> rate(epoch, epochs) * (epoch < warmUp ? epoch / warmUp : 1);
    }
}
