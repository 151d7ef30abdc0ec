package dev.halcyon.cpu;

import dev.halcyon.device.Unary;

/** Pixels by plain loops. */
final class ScalarChannels implements ChannelKernels {
    @Override
    public void moments(long x, long rows, int channels, long origin, long sums, long squares) {
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            double square = 0;
            for (long row = 0; row < rows; row++) {
                double deviation = at(x, row * channels + c) - at(origin, c);
                sum += deviation;
                square += deviation * deviation;
            }
            Memory.setFloat(sums + 4L * c, (float) sum);
            Memory.setFloat(squares + 4L * c, (float) square);
        }
    }

    @Override
    public void affine(Unary activation, long x, long residual, long scale, long shift, long y, long rows,
            int channels) {
        for (long row = 0; row < rows; row++) {
            for (int c = 0; c < channels; c++) {
                long i = row * channels + c;
                float value = Math.fma(at(x, i), at(scale, c), at(shift, c)) + (residual == 0 ? 0 : at(residual, i));
                Memory.setFloat(y + 4 * i, ScalarFunctions.value(activation, value));
            }
        }
    }

    @Override
    public void gradientSums(Unary activation, long x, long y, long dy, long mean, long inverse, long g, long rows,
            int channels, long sums, long products) {
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            double product = 0;
            for (long row = 0; row < rows; row++) {
                long i = row * channels + c;
                float error = ScalarFunctions.gradient(activation, at(y, i), at(dy, i));
                if (g != 0) {
                    Memory.setFloat(g + 4 * i, error);
                }
                sum += error;
                product += error * ((at(x, i) - at(mean, c)) * at(inverse, c));
            }
            Memory.setFloat(sums + 4L * c, (float) sum);
            Memory.setFloat(products + 4L * c, (float) product);
        }
    }

    @Override
    public void gradient(Unary activation, long x, long y, long dy, long a, long b, long c, long dx, long rows,
            int channels) {
        for (long row = 0; row < rows; row++) {
            for (int channel = 0; channel < channels; channel++) {
                long i = row * channels + channel;
                float error = ScalarFunctions.gradient(activation, at(y, i), at(dy, i));
                float constant = Math.fma(at(b, channel), at(x, i), at(c, channel));
                Memory.setFloat(dx + 4 * i, Math.fma(at(a, channel), error, constant));
            }
        }
    }

    @Override
    public void maxWindow(long x, int rows, int columns, long rowBytes, int first, int width, int channels, long y,
            long argument) {
        for (int c = 0; c < channels; c++) {
            float best = at(x, c);
            int place = first;
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    float value = at(x + row * rowBytes, (long) column * channels + c);
                    if (value > best || Float.isNaN(value) && !Float.isNaN(best)) {
                        best = value;
                        place = first + row * width + column;
                    }
                }
            }
            Memory.setFloat(y + 4L * c, best);
            Memory.setByte(argument + c, (byte) place);
        }
    }

    private static float at(long row, long i) {
        return Memory.getFloat(row + 4 * i);
    }
}
