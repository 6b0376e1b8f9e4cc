package io.tern.imaging.png;

import io.tern.base.Cancellation;
import io.tern.imaging.RgbImage;
import io.tern.imaging.exif.Orientation;
import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.PictureException;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Reads PNG: every colour type and depth, interlaced or not. Chunks that pixels do not need are skipped unread, so a
 * packed text or profile costs nothing. Of an animation the default picture is taken.
 */
public final class PngDecoder {
    private static final int SIGNATURE_BYTES = 8;

    private final ByteCursor in;
    private final PngPixels.Form form;
    private final Cancellation cancellation;
    private @Nullable PngHeader header;
    private PngColours colours = PngColours.NONE;
    private Orientation orientation = Orientation.UPRIGHT;
    private @Nullable RgbImage image;

    private PngDecoder(byte[] file, PngPixels.Form form, Cancellation cancellation) {
        this.in = ByteCursor.bigEndian(file);
        this.form = form;
        this.cancellation = cancellation;
    }

    public static RgbImage decode(byte[] file, Cancellation cancellation) throws PictureException {
        return new PngDecoder(file, PngPixels.Form.OVER_WHITE, cancellation).read();
    }

    /** How opaque each pixel is, as grey. */
    public static RgbImage opacity(byte[] file) throws PictureException {
        return new PngDecoder(file, PngPixels.Form.OPACITY, Cancellation.none()).read();
    }

    private RgbImage read() throws PictureException {
        in.skip(SIGNATURE_BYTES);
        boolean more = true;
        while (more) {
            more = readChunk();
        }
        if (image == null) {
            throw PictureException.damaged("a PNG picture without pixels");
        }
        return orientation.upright(image);
    }

    /** False after the last chunk. The end of the file will do for IEND once there are pixels. */
    private boolean readChunk() throws PictureException {
        if (image != null && in.remaining() < 8) {
            return false;
        }
        long length = in.u32();
        String type = in.tag();
        ByteCursor data = in.slice(length);
        switch (type) {
            case "IHDR" -> header = onlyHeader(checked(data, type));
            case "PLTE" -> colours = colours.withPalette(checked(data, type));
            case "tRNS" -> colours = colours.withTransparency(header(), checked(data, type));
            case "eXIf" -> orientation = Orientation.ofExif(data);
            case "IDAT" -> {
                if (image == null) {
                    PngData packed = new PngData(in, (int) length, header().unpackedBytes());
                    image = new PngPixels(header(), colours, packed, form, cancellation).read();
                    return true;
                }
            }
            case "IEND" -> {
                return false;
            }
            default -> header();
        }
        in.skip(length);
        in.skip(Math.min(4, in.remaining())); // the checksum
        return true;
    }

    private PngHeader onlyHeader(ByteCursor data) throws PictureException {
        if (header != null) {
            throw PictureException.damaged("a PNG picture with two headers");
        }
        return PngHeader.read(data);
    }

    private PngHeader header() throws PictureException {
        if (header == null) {
            throw PictureException.damaged("a PNG picture without header");
        }
        return header;
    }

    private static ByteCursor checked(ByteCursor data, String type) throws PictureException {
        checkChecksum(data.array(), data.position(), data.remaining(), type);
        return data;
    }

    /** The checksum stands behind the data and covers the type before it. */
    static void checkChecksum(byte[] file, int from, int length, String type) throws PictureException {
        CRC32 crc = new CRC32();
        crc.update(file, from - 4, length + 4);
        ByteCursor after = ByteCursor.bigEndian(file);
        after.skip(from + (long) length);
        if (after.u32() != crc.getValue()) {
            throw PictureException.damaged("a PNG picture whose chunk " + type + " has a wrong checksum");
        }
    }
}
