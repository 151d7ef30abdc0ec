package dev.halcyon.report.explain;

import dev.halcyon.device.Conv2d;
import dev.halcyon.device.Unary;
import dev.halcyon.nn.BatchNorm2d;
import dev.halcyon.tensor.Shape;

/**
 * One layer with weights and what passed through it for one picture, on the host.
 *
 * @param name path of the layer
 * @param kind what it is, in words
 * @param input what it heard [h, w, cin]; a linear layer is a convolution of a 1×1 picture
 * @param inputShape [h, w, cin]
 * @param weight [kh, kw, cin / groups, cout]
 * @param weightShape of the weights
 * @param geometry stride, padding, dilation, groups
 * @param sums activation × weight added up, and the bias [oh, ow, cout]: before norm and activation
 * @param becomes what the sums become on their way out
 * @param activation what the layer reports to the next [oh, ow, cout]: after its norm and activation
 * @param gradient of the loss with respect to that
 * @param shape [oh, ow, cout]
 * @param field which part of the picture each place sees
 */
record Floor(String name, String kind, float[] input, Shape inputShape, float[] weight, Shape weightShape,
        Conv2d geometry, float[] sums, Becomes becomes, float[] activation, float[] gradient, Shape shape,
        ReceptiveFields.Field field) {

    /**
     * What sums become: function(scale × sum + shift + shortcut).
     *
     * @param norm scale and shift per channel
     * @param shortcut what the block's shortcut adds [oh, ow, cout], or empty
     * @param function the activation
     */
    record Becomes(BatchNorm2d.Affine norm, float[] shortcut, Unary function) {
    }

    int rows() {
        return (int) shape.extent(0);
    }

    int columns() {
        return (int) shape.extent(1);
    }

    int channels() {
        return (int) shape.extent(2);
    }

    /** Where among the places of a channel its activation is the largest, row · columns + column. */
    int loudestPlace(int channel) {
        int best = 0;
        for (int place = 1; place < rows() * columns(); place++) {
            if (activation[place * channels() + channel] > activation[best * channels() + channel]) {
                best = place;
            }
        }
        return best;
    }

    /** What a channel's activation function is given at a place. */
    double given(int place, int channel) {
        return becomes.norm.scale()[channel] * (double) sums[place * channels() + channel]
                + becomes.norm.shift()[channel] + shortcut(place, channel);
    }

    /** What the block's shortcut adds to that; 0 where there is none. */
    double shortcut(int place, int channel) {
        return becomes.shortcut.length == 0 ? 0 : becomes.shortcut[place * channels() + channel];
    }

    /**
     * What each incoming channel adds to what an activation function is given: activation × weight over the kernel,
     * times the norm's scale.
     *
     * @return [cin]; channels of other groups add 0
     */
    double[] contributions(int place, int channel) {
        int perGroup = (int) weightShape.extent(2);
        int outputs = channels();
        int firstInput = channel / (outputs / geometry.groups()) * perGroup;
        int inputs = (int) inputShape.extent(2);
        double[] contributions = new double[inputs];
        for (int ky = 0; ky < weightShape.extent(0); ky++) {
            int y = place / columns() * geometry.strideHeight() - geometry.paddingHeight()
                    + ky * geometry.dilationHeight();
            for (int kx = 0; kx < weightShape.extent(1); kx++) {
                int x = place % columns() * geometry.strideWidth() - geometry.paddingWidth()
                        + kx * geometry.dilationWidth();
                if (y < 0 || y >= inputShape.extent(0) || x < 0 || x >= inputShape.extent(1)) {
                    continue;
                }
                int pixel = (int) (y * inputShape.extent(1) + x) * inputs + firstInput;
                int tap = (int) (ky * weightShape.extent(1) + kx) * perGroup;
                for (int i = 0; i < perGroup; i++) {
                    contributions[firstInput + i] += (double) input[pixel + i] * weight[(tap + i) * outputs + channel]
                            * becomes.norm.scale()[channel];
                }
            }
        }
        return contributions;
    }

    /** Each channel's share of the blame: Σ |gradient| over its places as a share of the layer's; [cout], adds up to 1. */
    double[] blame() {
        double[] blame = new double[channels()];
        double sum = 0;
        for (int i = 0; i < gradient.length; i++) {
            blame[i % channels()] += Math.abs(gradient[i]);
            sum += Math.abs(gradient[i]);
        }
        for (int c = 0; c < blame.length && sum > 0; c++) {
            blame[c] /= sum;
        }
        return blame;
    }

    /** Σ gradient over a channel's places: below 0 the channel is told to be louder, above 0 to be quieter. */
    double pull(int channel) {
        double sum = 0;
        for (int i = channel; i < gradient.length; i += channels()) {
            sum += gradient[i];
        }
        return sum;
    }
}
