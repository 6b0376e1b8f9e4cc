package io.tern.imaging.bmp;

import io.tern.base.Cancellation;
import io.tern.imaging.RgbImage;
import io.tern.imaging.file.Alpha;
import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.PictureException;

/** Reads Windows and OS/2 bitmaps: 1 to 32 bits a pixel, run-length coded or with bit fields. */
public final class BmpDecoder {
    private final byte[] file;
    private final BmpHeader header;
    private final int width;
    private final Cancellation cancellation;

    private BmpDecoder(byte[] file, Cancellation cancellation) throws PictureException {
        this.file = file;
        this.cancellation = cancellation;
        this.header = BmpHeader.read(file);
        this.width = header.size().width();
    }

    public static RgbImage decode(byte[] file, Cancellation cancellation) throws PictureException {
        return new BmpDecoder(file, cancellation).read();
    }

    private RgbImage read() throws PictureException {
        ByteCursor pixels = ByteCursor.littleEndian(file);
        pixels.skip(header.pixelsFrom());
        if (header.isRunLength()) {
            return ofIndices(new BmpRuns(pixels, header.size(), header.depth()).unpack());
        }
        int rowBytes = (int) (((long) width * header.depth() + 31) / 32 * 4);
        pixels.slice((long) rowBytes * header.size().height()); // all there, before anything is allocated
        return header.depth() <= 8 ? ofIndices(indices(pixels, rowBytes)) : ofColours(pixels, rowBytes);
    }

    private byte[] indices(ByteCursor pixels, int rowBytes) {
        byte[] indices = new byte[header.size().pixels()];
        int depth = header.depth();
        for (int i = 0; i < indices.length; i++) {
            int bit = i % width * depth;
            int packed = file[pixels.position() + i / width * rowBytes + bit / 8];
            indices[i] = (byte) ((packed >> (8 - depth - bit % 8)) & ((1 << depth) - 1));
        }
        return indices;
    }

    /** Rows as stored to RGB rows from the top; an index past the palette is black. */
    private RgbImage ofIndices(byte[] indices) throws PictureException {
        byte[] rgb = new byte[3 * indices.length];
        int[] palette = palette();
        for (int i = 0; i < indices.length; i++) {
            int index = indices[i] & 0xff;
            if (i % width == 0) {
                cancellation.throwIfCancelled();
            }
            write(rgb, i, index < palette.length ? palette[index] : 0xff000000);
        }
        return header.size().image(rgb);
    }

    private int[] palette() throws PictureException {
        ByteCursor in = ByteCursor.littleEndian(file);
        in.skip(header.paletteFrom());
        int[] palette = new int[header.colours()];
        for (int i = 0; i < palette.length; i++) {
            palette[i] = 0xff000000 | in.u8() | (in.u8() << 8) | (in.u8() << 16);
            in.skip(header.colourBytes() - 3);
        }
        return palette;
    }

    private RgbImage ofColours(ByteCursor pixels, int rowBytes) throws PictureException {
        byte[] rgb = new byte[3 * header.size().pixels()];
        BmpFields fields = header.fields();
        int pixelBytes = header.depth() / 8;
        for (int row = 0; row < header.size().height(); row++) {
            cancellation.throwIfCancelled();
            ByteCursor in = pixels.slice(rowBytes);
            for (int x = 0; x < width; x++) {
                int low = in.u16();
                int value = switch (pixelBytes) {
                    case 2 -> low;
                    case 3 -> low | in.u8() << 16;
                    default -> low | in.u16() << 16;
                };
                write(rgb, row * width + x, fields.argb(value));
            }
            pixels.skip(rowBytes);
        }
        return header.size().image(rgb);
    }

    private void write(byte[] rgb, int stored, int argb) {
        int row = stored / width;
        int fromTop = header.topDown() ? row : header.size().height() - 1 - row;
        Alpha.writeOverWhite(argb, rgb, 3 * (fromTop * width + stored % width));
    }
}
