package io.tern.imaging;

/** A picture of 16-bit grey levels, for what is measured and not only looked at: row by row from the top, no padding. */
public final class Grey16Image implements Picture {
    private final int width;
    private final int height;
    private final char[] levels;

    /** @param levels width * height of them; the picture takes the array, whose values must not change any more */
    public Grey16Image(int width, int height, char[] levels) {
        if (!(width > 0 && height > 0)) {
            throw new IllegalArgumentException("size: " + width + " x " + height + " (expected: at least 1 x 1)");
        }
        if (levels.length != (long) width * height) {
            throw new IllegalArgumentException(
                    "levels: " + levels.length + " (expected: " + width + " * " + height + ")");
        }
        this.width = width;
        this.height = height;
        this.levels = levels;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    /** 0..65535. */
    public int level(int x, int y) {
        return levels[y * width + x];
    }

    /** The higher byte of each level in all three colours, to be looked at. */
    public RgbImage toRgb() {
        byte[] rgb = new byte[3 * levels.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (levels[i / 3] >>> 8);
        }
        return new RgbImage(width, height, rgb);
    }

    /** Two bytes a pixel, the higher one first. */
    public byte[] bytes() {
        byte[] bytes = new byte[2 * levels.length];
        for (int i = 0; i < levels.length; i++) {
            bytes[2 * i] = (byte) (levels[i] >>> 8);
            bytes[2 * i + 1] = (byte) levels[i];
        }
        return bytes;
    }
}
