package io.tern.imaging.gif;

import io.tern.base.Cancellation;
import io.tern.imaging.RgbImage;
import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.PictureException;
import io.tern.imaging.file.Size;
import java.util.Arrays;

/** Reads the first frame of a GIF, laid over white at its place on the canvas; GIF89a specification. */
public final class GifDecoder {
    private static final int EXTENSION = 0x21;
    private static final int IMAGE = 0x2c;
    private static final int GRAPHIC_CONTROL = 0xf9;
    private static final int NONE = -1;

    private final ByteCursor in;
    private final Cancellation cancellation;
    private int transparent = NONE;

    private GifDecoder(byte[] file, Cancellation cancellation) {
        this.in = ByteCursor.littleEndian(file);
        this.cancellation = cancellation;
    }

    public static RgbImage decode(byte[] file, Cancellation cancellation) throws PictureException {
        return new GifDecoder(file, cancellation).read();
    }

    private RgbImage read() throws PictureException {
        in.skip(6); // signature and version
        int width = in.u16();
        Size canvas = Size.of(width, in.u16());
        int flags = in.u8();
        in.skip(2); // background colour, which everybody ignores, and pixel aspect ratio
        int[] global = palette(flags);
        while (true) {
            int block = in.u8();
            switch (block) {
                case EXTENSION -> readExtension();
                case IMAGE -> {
                    return readFrame(canvas, global);
                }
                default -> throw PictureException.damaged("a GIF picture without a frame");
            }
        }
    }

    /** RGB colours, none if the flag of a table is not set. */
    private int[] palette(int flags) throws PictureException {
        int[] colours = new int[(flags & 0x80) == 0 ? 0 : 2 << (flags & 7)];
        for (int i = 0; i < colours.length; i++) {
            colours[i] = in.u8() << 16 | in.u8() << 8 | in.u8();
        }
        return colours;
    }

    private void readExtension() throws PictureException {
        boolean control = in.u8() == GRAPHIC_CONTROL;
        for (int length = in.u8(); length > 0; length = in.u8()) {
            ByteCursor block = in.slice(length);
            if (control && length >= 4) {
                boolean hasTransparent = (block.u8() & 1) == 1;
                block.skip(2); // delay
                transparent = hasTransparent ? block.u8() : NONE;
            }
            in.skip(length);
        }
    }

    private RgbImage readFrame(Size canvas, int[] global) throws PictureException {
        int left = in.u16();
        int top = in.u16();
        int width = in.u16();
        Size frame = Size.of(width, in.u16());
        int flags = in.u8();
        int[] local = palette(flags);
        int[] colours = local.length > 0 ? local : global;
        byte[] indices = new GifLzw(in, cancellation).unpack(frame.pixels());
        boolean interlaced = (flags & 0x40) != 0;
        byte[] rgb = new byte[3 * canvas.pixels()];
        Arrays.fill(rgb, (byte) 255);
        for (int row = 0; row < frame.height(); row++) {
            cancellation.throwIfCancelled();
            int y = top + (interlaced ? interlacedRow(row, frame.height()) : row);
            for (int x = 0; x < frame.width() && y < canvas.height() && left + x < canvas.width(); x++) {
                int index = indices[row * frame.width() + x] & 0xff;
                if (index != transparent) {
                    write(rgb, 3 * (y * canvas.width() + left + x), index < colours.length ? colours[index] : 0);
                }
            }
        }
        return canvas.image(rgb);
    }

    /** Rows come in four passes: every 8th from 0, every 8th from 4, every 4th from 2, every 2nd from 1. */
    private static int interlacedRow(int stored, int height) {
        int row = stored;
        for (int[] pass : new int[][] {{0, 8}, {4, 8}, {2, 4}}) {
            int rows = (height - pass[0] + pass[1] - 1) / pass[1];
            if (row < rows) {
                return pass[0] + row * pass[1];
            }
            row -= rows;
        }
        return 1 + 2 * row;
    }

    private static void write(byte[] rgb, int at, int colour) {
        rgb[at] = (byte) (colour >> 16);
        rgb[at + 1] = (byte) (colour >> 8);
        rgb[at + 2] = (byte) colour;
    }
}
