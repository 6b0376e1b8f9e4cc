package io.tern.detection.image;

import io.tern.imaging.RgbImage;
import java.util.Random;

/** Pictures to try a network with: each pixel has a colour of its own, the same ones for a seed. */
public final class NoisePicture {
    private NoisePicture() {}

    public static RgbImage of(int width, int height, long seed) {
        byte[] rgb = new byte[3 * width * height];
        new Random(seed).nextBytes(rgb);
        return new RgbImage(width, height, rgb);
    }
}
