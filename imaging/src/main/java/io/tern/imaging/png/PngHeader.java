package io.tern.imaging.png;

import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.PictureException;
import io.tern.imaging.file.Size;

/** IHDR; PNG specification, 11.2.1. */
record PngHeader(Size size, int depth, ColourType colourType, boolean interlaced) {

    enum ColourType {
        GREY(1, 0b11111),
        RGB(3, 0b11000),
        PALETTE(1, 0b01111),
        GREY_ALPHA(2, 0b11000),
        RGB_ALPHA(4, 0b11000);

        private final int channels;
        /** Bit {@code log2(depth)} is set for each depth that the type may have. */
        private final int depths;

        ColourType(int channels, int depths) {
            this.channels = channels;
            this.depths = depths;
        }

        int channels() {
            return channels;
        }

        private boolean mayHave(int depth) {
            return Integer.bitCount(depth) == 1 && (depths >> Integer.numberOfTrailingZeros(depth) & 1) == 1;
        }
    }

    static PngHeader read(ByteCursor in) throws PictureException {
        Size size = Size.of(in.u32(), in.u32());
        int depth = in.u8();
        ColourType colourType = colourType(in.u8());
        int compression = in.u8();
        int filter = in.u8();
        int interlace = in.u8();
        if (!colourType.mayHave(depth) || compression != 0 || filter != 0 || interlace > 1) {
            throw PictureException.damaged("a PNG picture with an impossible header");
        }
        return new PngHeader(size, depth, colourType, interlace == 1);
    }

    private static ColourType colourType(int code) throws PictureException {
        return switch (code) {
            case 0 -> ColourType.GREY;
            case 2 -> ColourType.RGB;
            case 3 -> ColourType.PALETTE;
            case 4 -> ColourType.GREY_ALPHA;
            case 6 -> ColourType.RGB_ALPHA;
            default -> throw PictureException.damaged("a PNG picture of colour type " + code);
        };
    }

    int bitsPerPixel() {
        return depth * colourType.channels();
    }

    /** Bytes of all pixels with the filter types of their rows. */
    long unpackedBytes() {
        return PngPass.of(this).stream().mapToLong(pass -> pass.bytes(this)).sum();
    }

    /** Bytes of a row of so many pixels, without its filter type. */
    int rowBytes(int width) {
        return (int) (((long) width * bitsPerPixel() + 7) / 8);
    }
}
