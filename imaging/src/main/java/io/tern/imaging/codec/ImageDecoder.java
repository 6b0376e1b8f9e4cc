package io.tern.imaging.codec;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.imaging.RgbImage;
import io.tern.imaging.bmp.BmpDecoder;
import io.tern.imaging.file.ImageFormat;
import io.tern.imaging.file.PictureException;
import io.tern.imaging.gif.GifDecoder;
import io.tern.imaging.jpeg.JpegDecoder;
import io.tern.imaging.png.PngDecoder;
import io.tern.imaging.webp.WebpDecoder;
import java.util.HexFormat;

/**
 * Turns the bytes of a picture that nobody vouches for into RGB: PNG, JPEG, WebP, GIF or BMP, told apart by their first
 * bytes. The size is read from the header before any pixel is allocated; of an animation the first frame is taken; the
 * EXIF orientation is applied; transparent pixels are laid over white; 16-bit samples keep their high byte. Colour
 * profiles, gamma and texts are not looked at, as in the libraries that detectors are trained with.
 */
public final class ImageDecoder {
    public static final int MOST_BYTES = 20 << 20;

    private static final String FORMATS = "a PNG, JPEG, WebP, GIF or BMP file";

    private ImageDecoder() {}

    /** As {@link #decode(String, byte[])}, for a request's field {@code image}. */
    public static RgbImage decode(byte[] file) {
        return decode("image", file);
    }

    /**
     * @param field of the request, for messages: {@code images[2]}
     * @throws TernException PAYLOAD_TOO_LARGE for more than 20 MiB or 25 million pixels, UNSUPPORTED_MEDIA_TYPE for
     *     another format or a variant that is not read, INVALID_ARGUMENT for a damaged or incomplete file; nothing else
     */
    public static RgbImage decode(String field, byte[] file) {
        return decode(field, file, Cancellation.none());
    }

    /**
     * The same, which ends within a few rows when it is cancelled; of a progressive JPEG or a lossy WebP once what is left is
     * only to be turned into pixels.
     *
     * @throws TernException also CANCELLED and DEADLINE_EXCEEDED
     */
    public static RgbImage decode(String field, byte[] file, Cancellation cancellation) {
        try {
            return read(file, cancellation);
        } catch (PictureException e) {
            throw e.refusal(field);
        }
    }

    /**
     * How opaque each pixel of a PNG is, as grey: 255 where nothing shines through.
     *
     * @throws TernException as {@link #decode(String, byte[])}; UNSUPPORTED_MEDIA_TYPE for every other format
     */
    public static RgbImage opacity(String field, byte[] file) {
        try {
            if (format(file) != ImageFormat.PNG) {
                throw PictureException.unsupported("a file that is no PNG", "a PNG file");
            }
            return PngDecoder.opacity(file);
        } catch (PictureException e) {
            throw e.refusal(field);
        }
    }

    private static RgbImage read(byte[] file, Cancellation cancellation) throws PictureException {
        return switch (format(file)) {
            case PNG -> PngDecoder.decode(file, cancellation);
            case JPEG -> JpegDecoder.decode(file, cancellation);
            case WEBP -> WebpDecoder.decode(file, cancellation);
            case GIF -> GifDecoder.decode(file, cancellation);
            case BMP -> BmpDecoder.decode(file, cancellation);
        };
    }

    private static ImageFormat format(byte[] file) throws PictureException {
        if (file.length == 0) {
            throw new PictureException(ErrorCode.INVALID_ARGUMENT, "no bytes", FORMATS);
        }
        if (file.length > MOST_BYTES) {
            throw new PictureException(
                    ErrorCode.PAYLOAD_TOO_LARGE, file.length + " bytes", "at most " + MOST_BYTES + " bytes");
        }
        ImageFormat format = ImageFormat.of(file);
        if (format == null) {
            throw new PictureException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "a file " + beginning(file), FORMATS);
        }
        return format;
    }

    private static String beginning(byte[] file) {
        return "that begins with " + HexFormat.ofDelimiter(" ").formatHex(file, 0, Math.min(8, file.length));
    }
}
