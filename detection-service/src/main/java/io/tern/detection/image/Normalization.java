package io.tern.detection.image;

import io.tern.tensor.FloatTensor;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * How pixel values become a network's values: {@code (value - mean) / deviation} in each channel, in float32.
 *
 * @param mean one a channel, in the network's order, on the scale 0..255
 * @param deviation likewise; not 0
 */
public record Normalization(ChannelOrder order, List<Float> mean, List<Float> deviation) {
    public Normalization {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (mean.size() != 3 || deviation.size() != 3 || deviation.contains(0f)) {
            throw new IllegalArgumentException(
                    "mean, deviation: " + mean + ", " + deviation + " (expected: three values each, deviations not 0)");
        }
    }

    /**
     * Writes pixels as planes.
     *
     * @param pixels red, green and blue of each pixel, row by row
     * @param planes [1, 3, height, width]
     */
    public void write(float[] pixels, FloatTensor planes) {
        long plane = pixels.length / 3;
        for (int channel = 0; channel < 3; channel++) {
            float m = mean.get(channel);
            float d = deviation.get(channel);
            int from = order.source(channel);
            for (int i = 0; i < plane; i++) {
                planes.segment()
                        .setAtIndex(ValueLayout.JAVA_FLOAT, channel * plane + i, (pixels[3 * i + from] - m) / d);
            }
        }
    }
}
