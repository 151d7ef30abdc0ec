package dev.halcyon.device;

/**
 * Element-wise functions of one argument. Each says from which of its two ends the derivative is computed, so that
 * only that one has to be kept for the backward pass.
 */
public enum Unary {
    /** y = x; stands for "no activation" in fused operations. */
    IDENTITY(Saved.OUTPUT),
    /** y = max(x, 0); derivative 0 at 0. NaN stays NaN. */
    RELU(Saved.OUTPUT),
    /** y = min(max(x, 0), 6); derivative 0 at 0 and at 6 (Howard et al. 2017). */
    RELU6(Saved.OUTPUT),
    /** y = x/2 (1 + tanh(sqrt(2/π) (x + 0.044715 x³))): the tanh form of Hendrycks and Gimpel 2016. */
    GELU(Saved.INPUT),
    /** y = x σ(x), also known as swish. */
    SILU(Saved.INPUT),
    /** y = σ(x) = 1 / (1 + e^-x). */
    SIGMOID(Saved.OUTPUT),
    /** y = tanh x. */
    TANH(Saved.OUTPUT),
    /** y = x relu6(x + 3) / 6; derivative 0 up to -3, 1 from 3 on, (2x + 3)/6 between (Howard et al. 2019). */
    HARD_SWISH(Saved.INPUT),
    /** y = relu6(x + 3) / 6; derivative 1/6 within (-3, 3), 0 elsewhere. */
    HARD_SIGMOID(Saved.OUTPUT),
    /** y = ln(1 + e^x), computed without overflow. */
    SOFTPLUS(Saved.INPUT),
    /** y = e^x. */
    EXP(Saved.OUTPUT),
    /** y = ln x. */
    LOG(Saved.INPUT),
    /** y = sqrt x. */
    SQRT(Saved.OUTPUT),
    /** y = x². */
    SQUARE(Saved.INPUT),
    /** y = 1/x. */
    RECIPROCAL(Saved.OUTPUT),
    /** y = |x|; derivative 0 at 0. */
    ABS(Saved.INPUT),
    /** y = -x. */
    NEGATE(Saved.OUTPUT);

    /** Which end of the function its derivative is computed from. */
    public enum Saved {
        /** The argument x. */
        INPUT,
        /** The value y. */
        OUTPUT
    }

    private final Saved saved;

    Unary(Saved saved) {
        this.saved = saved;
    }

    /** What {@link Backend#unaryGradient} has to be given beside the gradient of the output. */
    public Saved saved() {
        return saved;
    }
}
