package io.tern.imaging.webp;

import io.tern.imaging.RgbImage;

/**
 * What is left of pixels when green has been taken off red and blue, and from that the value that the select predictor
 * gives; RFC 9649, 3.5.1 and 3.5.3. All modulo 256.
 */
final class Residuals {
    private Residuals() {}

    /** Three bytes a pixel: red, green, blue. */
    static byte[] of(RgbImage image) {
        byte[] pixels = withoutGreen(image.rgb());
        byte[] residuals = new byte[pixels.length];
        int stride = 3 * image.width();
        for (int at = 0; at < pixels.length; at += 3) {
            int from = at < stride ? at - 3 : at % stride == 0 ? at - stride : selected(pixels, at, stride);
            for (int i = 0; i < 3; i++) {
                residuals[at + i] = (byte) (pixels[at + i] - (at == 0 ? 0 : pixels[from + i]));
            }
        }
        return residuals;
    }

    private static byte[] withoutGreen(byte[] rgb) {
        byte[] pixels = rgb.clone();
        for (int at = 0; at < pixels.length; at += 3) {
            pixels[at] = (byte) (rgb[at] - rgb[at + 1]);
            pixels[at + 2] = (byte) (rgb[at + 2] - rgb[at + 1]);
        }
        return pixels;
    }

    /** The left or the upper pixel: that which is nearer to left + upper - upper left; left only if it is nearer. */
    private static int selected(byte[] pixels, int at, int stride) {
        int leftError = 0;
        int upperError = 0;
        for (int i = at; i < at + 3; i++) {
            int left = pixels[i - 3] & 0xff;
            int upper = pixels[i - stride] & 0xff;
            int corner = pixels[i - stride - 3] & 0xff;
            leftError += Math.abs(upper - corner);
            upperError += Math.abs(left - corner);
        }
        return leftError < upperError ? at - 3 : at - stride;
    }
}
