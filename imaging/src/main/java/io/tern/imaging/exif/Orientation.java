package io.tern.imaging.exif;

import io.tern.imaging.RgbImage;
import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.PictureException;
import java.nio.ByteOrder;

/** Which way up a picture was stored: EXIF tag 0x0112; CIPA DC-008, 4.6.4. In the order of its codes, from 1. */
public enum Orientation {
    UPRIGHT(false, false, false),
    MIRRORED(false, true, false),
    ROTATED_180(false, true, true),
    FLIPPED(false, false, true),
    TRANSPOSED(true, false, false),
    ROTATED_90(true, false, true),
    TRANSVERSED(true, true, true),
    ROTATED_270(true, true, false);

    private static final int TAG = 0x0112;
    private static final int SHORT = 3;

    /** Stored rows are columns of the upright picture. */
    private final boolean swapsAxes;
    /** The upright picture's x (y) runs against the stored axis that it comes from. */
    private final boolean fromRight;

    private final boolean fromBottom;

    Orientation(boolean swapsAxes, boolean fromRight, boolean fromBottom) {
        this.swapsAxes = swapsAxes;
        this.fromRight = fromRight;
        this.fromBottom = fromBottom;
    }

    /** Reads a TIFF structure; a damaged one says nothing, so it means upright. The cursor does not move. */
    public static Orientation ofExif(ByteCursor exif) {
        try {
            return read(exif.slice(exif.remaining()));
        } catch (PictureException _) {
            return UPRIGHT;
        }
    }

    private static Orientation read(ByteCursor start) throws PictureException {
        int order = start.slice(2).u16();
        if (order != 0x4d4d && order != 0x4949) {
            return UPRIGHT;
        }
        ByteCursor tiff = start.withOrder(order == 0x4d4d ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        ByteCursor directory = tiff.slice(tiff.remaining());
        tiff.skip(4); // byte order and the number 42
        directory.skip(tiff.u32());
        for (int entries = directory.u16(); entries > 0; entries--) {
            int tag = directory.u16();
            int type = directory.u16();
            directory.skip(4);
            if (tag == TAG && type == SHORT) {
                int code = directory.u16();
                return code >= 1 && code <= 8 ? values()[code - 1] : UPRIGHT;
            }
            directory.skip(4);
        }
        return UPRIGHT;
    }

    public RgbImage upright(RgbImage stored) {
        if (this == UPRIGHT) {
            return stored;
        }
        int width = swapsAxes ? stored.height() : stored.width();
        int height = swapsAxes ? stored.width() : stored.height();
        byte[] from = stored.rgb();
        byte[] to = new byte[from.length];
        int at = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int alongX = swapsAxes ? y : x;
                int alongY = swapsAxes ? x : y;
                int storedX = fromRight ? stored.width() - 1 - alongX : alongX;
                int storedY = fromBottom ? stored.height() - 1 - alongY : alongY;
                System.arraycopy(from, 3 * (storedY * stored.width() + storedX), to, at, 3);
                at += 3;
            }
        }
        return new RgbImage(width, height, to);
    }
}
