package io.tern.imaging;

import io.tern.base.ErrorCode;

/** Width and height in pixels of a picture that may be decoded: neither empty nor larger than the limits. */
record Size(int width, int height) {
    /** Keeps a row small, whatever its depth; most formats can hold no more. */
    private static final int LONGEST_SIDE = 65_535;

    /** As a header says it, unsigned; called before anything is allocated by it. */
    static Size of(long width, long height) throws PictureException {
        if (width < 1 || height < 1) {
            throw PictureException.damaged("a picture of " + width + " x " + height + " pixels");
        }
        if (width > LONGEST_SIDE || height > LONGEST_SIDE || width * height > ImageDecoder.MOST_PIXELS) {
            throw new PictureException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    width + " x " + height + " pixels",
                    "at most " + ImageDecoder.MOST_PIXELS + " pixels and " + LONGEST_SIDE + " a side");
        }
        return new Size((int) width, (int) height);
    }

    int pixels() {
        return width * height;
    }

    RgbImage image(byte[] rgb) {
        return new RgbImage(width, height, rgb);
    }
}
