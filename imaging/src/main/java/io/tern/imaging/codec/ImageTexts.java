package io.tern.imaging.codec;

import io.tern.base.TernException;
import io.tern.imaging.exif.ExifText;
import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.ImageFormat;
import io.tern.imaging.file.PictureException;
import io.tern.imaging.jpeg.JpegDecoder;
import io.tern.imaging.png.PngText;
import io.tern.imaging.webp.WebpDecoder;
import java.util.Map;
import java.util.Optional;

/** The texts that lie in a picture's file beside its pixels, which are not looked at. */
public final class ImageTexts {
    private ImageTexts() {}

    /**
     * Those of a PNG, as {@link PngText#read} has them.
     *
     * @param field of the request, for messages
     * @throws TernException INVALID_ARGUMENT if the file is no PNG or its chunks do not fit
     */
    public static Map<String, String> ofPng(String field, byte[] file) {
        if (ImageFormat.of(file) != ImageFormat.PNG) {
            throw TernException.invalid(field, "no PNG", "a PNG file");
        }
        try {
            return PngText.read(file);
        } catch (PictureException e) {
            throw e.refusal(field);
        }
    }

    /**
     * Those in the EXIF data of a JPEG or WebP; empty if it has none, or such as cannot be read. A text that is missing is
     * empty.
     *
     * @param field of the request, for messages
     * @throws TernException INVALID_ARGUMENT if the file is neither or is damaged
     */
    public static Optional<ExifText> ofExif(String field, byte[] file) {
        try {
            return exif(field, file).flatMap(ExifText::of);
        } catch (PictureException e) {
            throw e.refusal(field);
        }
    }

    private static Optional<ByteCursor> exif(String field, byte[] file) throws PictureException {
        return switch (ImageFormat.of(file)) {
            case WEBP -> WebpDecoder.exif(file);
            case JPEG -> JpegDecoder.exif(file);
            case null, default -> throw TernException.invalid(field, "another file", "a JPEG or WebP file");
        };
    }
}
