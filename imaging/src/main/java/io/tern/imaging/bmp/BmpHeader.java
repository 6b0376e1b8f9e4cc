package io.tern.imaging.bmp;

import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.PictureException;
import io.tern.imaging.file.Size;

/**
 * What a bitmap's headers say. The palette has {@code colours} entries (none above 8 bits) of {@code colourBytes} bytes;
 * palette and pixels are given by their offset in the file.
 */
record BmpHeader(
        Size size,
        boolean topDown,
        int depth,
        Compression compression,
        BmpFields fields,
        int paletteFrom,
        int colours,
        int colourBytes,
        long pixelsFrom) {
    private static final int CORE_HEADER_BYTES = 12;
    private static final int INFO_HEADER_BYTES = 40;

    enum Compression {
        NONE,
        RLE8,
        RLE4,
        FIELDS,
        ALPHA_FIELDS
    }

    static BmpHeader read(byte[] file) throws PictureException {
        ByteCursor in = ByteCursor.littleEndian(file);
        in.skip(10);
        long pixelsFrom = in.u32();
        long headerBytes = in.u32();
        if (headerBytes == CORE_HEADER_BYTES) {
            int width = in.u16();
            Size size = Size.of(width, in.u16());
            int depth = depth(in, Compression.NONE);
            int colours = colours(depth, 0);
            return new BmpHeader(
                    size, false, depth, Compression.NONE, fields(depth), in.position(), colours, 3, pixelsFrom);
        } else if (headerBytes >= INFO_HEADER_BYTES && headerBytes <= 1024) {
            return readInfo(in, headerBytes, pixelsFrom);
        }
        throw PictureException.unsupported("a BMP picture with a header of " + headerBytes + " bytes", "12 or 40..124");
    }

    private static BmpHeader readInfo(ByteCursor in, long headerBytes, long pixelsFrom) throws PictureException {
        int width = in.s32();
        int height = in.s32();
        Size size = Size.of(width, Math.abs((long) height));
        ByteCursor ahead = in.slice(8);
        ahead.skip(4);
        Compression compression = compression(ahead.u32());
        int depth = depth(in, compression);
        in.skip(4 + 4 + 8); // compression, bytes of the pixels, pixels per metre
        long coloursUsed = in.u32();
        in.skip(4); // important colours
        BmpFields fields = fields(depth);
        long rest = headerBytes - INFO_HEADER_BYTES;
        if (compression == Compression.FIELDS || compression == Compression.ALPHA_FIELDS) {
            boolean withAlpha = compression == Compression.ALPHA_FIELDS || rest >= 16;
            fields = BmpFields.read(in, withAlpha);
            // In the shortest header the fields follow it, in longer ones they are a part.
            rest -= rest == 0 ? 0 : withAlpha ? 16 : 12;
        }
        in.skip(Math.max(0, rest));
        int colours = colours(depth, coloursUsed);
        return new BmpHeader(size, height < 0, depth, compression, fields, in.position(), colours, 4, pixelsFrom);
    }

    /** 0 means as many as the depth can tell apart. */
    private static int colours(int depth, long used) {
        if (depth > 8) {
            return 0;
        }
        return used == 0 || used > 256 ? 1 << depth : (int) used;
    }

    private static Compression compression(long code) throws PictureException {
        return switch ((int) Math.min(code, 7)) {
            case 0 -> Compression.NONE;
            case 1 -> Compression.RLE8;
            case 2 -> Compression.RLE4;
            case 3 -> Compression.FIELDS;
            case 6 -> Compression.ALPHA_FIELDS;
            default -> throw PictureException.unsupported("a BMP picture of compression " + code, "0, 1, 2, 3 or 6");
        };
    }

    /** Reads past planes and bits per pixel. */
    private static int depth(ByteCursor in, Compression compression) throws PictureException {
        in.skip(2);
        int depth = in.u16();
        boolean fits = switch (compression) {
            case NONE -> depth == 1 || depth == 4 || depth == 8 || depth == 16 || depth == 24 || depth == 32;
            case RLE8 -> depth == 8;
            case RLE4 -> depth == 4;
            case FIELDS, ALPHA_FIELDS -> depth == 16 || depth == 32;
        };
        if (!fits) {
            throw PictureException.damaged("a BMP picture with " + depth + " bits a pixel, compression " + compression);
        }
        return depth;
    }

    private static BmpFields fields(int depth) {
        return depth == 16 ? BmpFields.RGB_555 : BmpFields.RGB_888;
    }

    boolean isRunLength() {
        return compression == Compression.RLE8 || compression == Compression.RLE4;
    }
}
