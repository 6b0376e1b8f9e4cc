package io.tern.imaging;

/** A picture of 8-bit sRGB pixels: row by row from the top, three bytes a pixel, no padding. */
public final class RgbImage implements Picture {
    private final int width;
    private final int height;
    private final byte[] rgb;

    /** @param rgb 3 * width * height bytes; the picture takes the array, whose values must not change any more */
    public RgbImage(int width, int height, byte[] rgb) {
        if (!(width > 0 && height > 0)) {
            throw new IllegalArgumentException("size: " + width + " x " + height + " (expected: at least 1 x 1)");
        }
        if (rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    "rgb: " + rgb.length + " bytes (expected: 3 * " + width + " * " + height + ")");
        }
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    /** The picture's own array, not a copy: read it, do not write to it. */
    public byte[] rgb() {
        return rgb;
    }

    /** A copy of a rectangle, which must lie inside. */
    public RgbImage crop(int x, int y, int cropWidth, int cropHeight) {
        if (x < 0 || y < 0 || cropWidth > width - x || cropHeight > height - y) {
            throw new IllegalArgumentException("crop: " + cropWidth + " x " + cropHeight + " at " + x + ", " + y
                    + " (expected: inside " + width + " x " + height + ")");
        }
        byte[] part = new byte[3 * cropWidth * cropHeight];
        for (int row = 0; row < cropHeight; row++) {
            System.arraycopy(rgb, 3 * ((y + row) * width + x), part, 3 * row * cropWidth, 3 * cropWidth);
        }
        return new RgbImage(cropWidth, cropHeight, part);
    }

    /** The pixel as 0xRRGGBB. */
    public int pixel(int x, int y) {
        int at = 3 * (y * width + x);
        return (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | (rgb[at + 2] & 0xff);
    }
}
