package io.tern.imaging.bmp;

import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.PictureException;

/** The bits of a pixel that hold each colour. */
record BmpFields(int red, int green, int blue, int alpha) {
    static final BmpFields RGB_555 = new BmpFields(0x7c00, 0x3e0, 0x1f, 0);
    static final BmpFields RGB_888 = new BmpFields(0xff0000, 0xff00, 0xff, 0);

    static BmpFields read(ByteCursor in, boolean withAlpha) throws PictureException {
        return new BmpFields(in.s32(), in.s32(), in.s32(), withAlpha ? in.s32() : 0);
    }

    /** The pixel as 0xAARRGGBB; opaque where no bits are the alpha's. */
    int argb(int pixel) {
        int opacity = alpha == 0 ? 255 : scale(pixel, alpha);
        return opacity << 24 | scale(pixel, red) << 16 | scale(pixel, green) << 8 | scale(pixel, blue);
    }

    /** The bits under the mask as 0..255. */
    private static int scale(int pixel, int mask) {
        if (mask == 0) {
            return 0;
        }
        int shift = Integer.numberOfTrailingZeros(mask);
        long most = Integer.toUnsignedLong(mask >>> shift);
        long value = Integer.toUnsignedLong((pixel & mask) >>> shift);
        return (int) ((value * 255 + most / 2) / most);
    }
}
