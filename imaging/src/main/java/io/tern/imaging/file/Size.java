package io.tern.imaging.file;

import io.tern.base.ErrorCode;
import io.tern.imaging.RgbImage;

/** Width and height in pixels of a picture that may be decoded: neither empty nor larger than the limits. */
public record Size(int width, int height) {
    public static final int MOST_PIXELS = 25_000_000;

    /** Keeps a row small, whatever its depth; most formats can hold no more. */
    private static final int LONGEST_SIDE = 65_535;

    /** As a header says it, unsigned; called before anything is allocated by it. */
    public static Size of(long width, long height) throws PictureException {
        if (width < 1 || height < 1) {
            throw PictureException.damaged("a picture of " + width + " x " + height + " pixels");
        }
        if (width > LONGEST_SIDE || height > LONGEST_SIDE || width * height > MOST_PIXELS) {
            throw new PictureException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    width + " x " + height + " pixels",
                    "at most " + MOST_PIXELS + " pixels and " + LONGEST_SIDE + " a side");
        }
        return new Size((int) width, (int) height);
    }

    public int pixels() {
        return width * height;
    }

    public RgbImage image(byte[] rgb) {
        return new RgbImage(width, height, rgb);
    }
}
