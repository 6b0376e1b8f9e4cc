package io.tern.imaging.png;

import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.PictureException;
import org.jspecify.annotations.Nullable;

/** What PLTE and tRNS say. Immutable: the arrays are not written to after construction. */
final class PngColours {
    static final PngColours NONE = new PngColours(new int[0], null);

    /** 0xAARRGGBB. */
    private final int[] palette;
    /** The samples of the one colour that is transparent in a grey or RGB picture, at the picture's own depth. */
    private final int @Nullable [] transparent;

    private PngColours(int[] palette, int @Nullable [] transparent) {
        this.palette = palette;
        this.transparent = transparent;
    }

    PngColours withPalette(ByteCursor plte) throws PictureException {
        int entries = plte.remaining() / 3;
        if (entries == 0 || entries > 256 || plte.remaining() % 3 != 0) {
            throw PictureException.damaged("a PNG picture with a palette of " + plte.remaining() + " bytes");
        }
        int[] colours = new int[entries];
        for (int i = 0; i < entries; i++) {
            colours[i] = 0xff << 24 | plte.u8() << 16 | plte.u8() << 8 | plte.u8();
        }
        return new PngColours(colours, transparent);
    }

    PngColours withTransparency(PngHeader header, ByteCursor trns) throws PictureException {
        return switch (header.colourType()) {
            case PALETTE -> new PngColours(paletteWithAlpha(trns), null);
            case GREY -> new PngColours(palette, new int[] {trns.u16()});
            case RGB -> new PngColours(palette, new int[] {trns.u16(), trns.u16(), trns.u16()});
            case GREY_ALPHA, RGB_ALPHA -> this; // forbidden there, and without meaning
        };
    }

    private int[] paletteWithAlpha(ByteCursor trns) throws PictureException {
        int[] colours = palette.clone();
        int entries = Math.min(colours.length, trns.remaining());
        for (int i = 0; i < entries; i++) {
            colours[i] = (trns.u8() << 24) | (colours[i] & 0xffffff);
        }
        return colours;
    }

    int argb(int index) throws PictureException {
        if (index >= palette.length) {
            throw PictureException.damaged("a PNG picture that uses colour " + index + " of " + palette.length);
        }
        return palette[index];
    }

    boolean isTransparent(int grey) {
        return transparent != null && transparent[0] == grey;
    }

    boolean isTransparent(int red, int green, int blue) {
        return transparent != null && transparent[0] == red && transparent[1] == green && transparent[2] == blue;
    }

    boolean hasTransparentColour() {
        return transparent != null;
    }
}
