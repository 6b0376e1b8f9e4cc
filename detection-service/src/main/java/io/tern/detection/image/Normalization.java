package io.tern.detection.image;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.tern.tensor.FloatTensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * How pixel values become a network's values: {@code (value - mean) / deviation} in each channel, in float32.
 *
 * @param mean one a channel, in the network's order, on the scale 0..255
 * @param deviation likewise; not 0
 */
public record Normalization(ChannelOrder order, List<Float> mean, List<Float> deviation) {
    /** The values 0..255 as they are. */
    public static final Normalization NONE = scaled(1);
    /** To 0..1. */
    public static final Normalization UNIT = scaled(255);
    /** To the mean and deviation of ImageNet, red first. */
    public static final Normalization IMAGENET = new Normalization(
            ChannelOrder.RGB,
            List.of(0.485f * 255, 0.456f * 255, 0.406f * 255),
            List.of(0.229f * 255, 0.224f * 255, 0.225f * 255));

    public Normalization {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (mean.size() != 3 || deviation.size() != 3 || deviation.contains(0f)) {
            throw new IllegalArgumentException(
                    "mean, deviation: " + mean + ", " + deviation + " (expected: three values each, deviations not 0)");
        }
    }

    private static Normalization scaled(float divisor) {
        return new Normalization(ChannelOrder.RGB, List.of(0f, 0f, 0f), List.of(divisor, divisor, divisor));
    }

    /** The same values with the channels the other way round. */
    public Normalization withOrder(ChannelOrder other) {
        return other == order ? this : new Normalization(other, mean.reversed(), deviation.reversed());
    }

    /** Writes pixels as planes, [.., 3, height, width]. */
    public PixelRows planes(FloatTensor planes) {
        long plane = planes.size() / 3;
        return (y, pixels) -> {
            int width = pixels.length / 3;
            // By way of an array: memory outside the heap is several times as slow to write value by value.
            float[] values = new float[width];
            for (int channel = 0; channel < 3; channel++) {
                float m = mean.get(channel);
                float d = deviation.get(channel);
                int from = order.source(channel);
                for (int x = 0; x < width; x++) {
                    values[x] = (pixels[3 * x + from] - m) / d;
                }
                copy(values, planes, channel * plane + (long) y * width);
            }
        };
    }

    /** Writes pixels as pixels, [.., height, width, 3]. */
    public PixelRows interleaved(FloatTensor rows) {
        return (y, pixels) -> {
            float[] values = new float[pixels.length];
            for (int channel = 0; channel < 3; channel++) {
                float m = mean.get(channel);
                float d = deviation.get(channel);
                int from = order.source(channel);
                for (int x = 0; x < pixels.length; x += 3) {
                    values[x + channel] = (pixels[x + from] - m) / d;
                }
            }
            copy(values, rows, (long) y * pixels.length);
        };
    }

    private static void copy(float[] values, FloatTensor to, long at) {
        MemorySegment.copy(values, 0, to.segment(), JAVA_FLOAT, at * JAVA_FLOAT.byteSize(), values.length);
    }
}
