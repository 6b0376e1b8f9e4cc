package io.tern.imaging.file;

/** Lays pixels over white, or shows how opaque they are. */
public final class Alpha {
    private Alpha() {}

    /** @param value and {@code alpha}: 0..255, alpha not yet multiplied in */
    static byte overWhite(int value, int alpha) {
        return (byte) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
    }

    /** Writes the pixel 0xAARRGGBB, over white, to the three bytes from {@code at}. */
    public static void writeOverWhite(int argb, byte[] rgb, int at) {
        int alpha = argb >>> 24;
        rgb[at] = overWhite(argb >> 16 & 0xff, alpha);
        rgb[at + 1] = overWhite(argb >> 8 & 0xff, alpha);
        rgb[at + 2] = overWhite(argb & 0xff, alpha);
    }

    /** Writes how opaque the pixel 0xAARRGGBB is, as grey, to the three bytes from {@code at}. */
    public static void writeOpacity(int argb, byte[] rgb, int at) {
        byte alpha = (byte) (argb >>> 24);
        rgb[at] = alpha;
        rgb[at + 1] = alpha;
        rgb[at + 2] = alpha;
    }
}
