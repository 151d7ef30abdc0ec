package dev.halcyon.report.dashboard;

import com.google.gson.JsonArray;

/**
 * What the curves show of some steps that followed one another.
 *
 * @param epoch how many epochs lay behind after the last of them, with fractions
 * @param loss mean over the images
 * @param top1 share of the images classified right
 * @param lr learning rate of the last step
 * @param images that were trained on
 * @param seconds that passed, pauses left out
 * @param deviceBytes obtained from the device
 * @param heapBytes used of the Java heap
 */
record Point(double epoch, double loss, double top1, double lr, long images, double seconds, long deviceBytes,
        long heapBytes) {
    private static final double MEBIBYTE = 1 << 20;

    /** This point and the one after it as one. */
    Point with(Point next) {
        long sum = images + next.images;
        return new Point(next.epoch, (loss * images + next.loss * next.images) / sum,
                (top1 * images + next.top1 * next.images) / sum, next.lr, sum, seconds + next.seconds,
                Math.max(deviceBytes, next.deviceBytes), Math.max(heapBytes, next.heapBytes));
    }

    /** Epoch, loss, top-1, learning rate, images per second, MiB on the device, MiB of heap. */
    JsonArray toJson() {
        JsonArray json = new JsonArray();
        json.add(Numbers.shortened(epoch));
        json.add(Numbers.shortened(loss));
        json.add(Numbers.shortened(top1));
        json.add(Numbers.shortened(lr));
        json.add(Numbers.shortened(images / seconds));
        json.add(Numbers.shortened(deviceBytes / MEBIBYTE));
        json.add(Numbers.shortened(heapBytes / MEBIBYTE));
        return json;
    }
}
