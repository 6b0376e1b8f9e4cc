package io.tern.imaging.codec;

import io.tern.base.TernException;
import io.tern.imaging.RgbImage;
import io.tern.imaging.file.ImageFormat;
import io.tern.imaging.jpeg.JpegEncoder;
import io.tern.imaging.png.PngEncoder;
import io.tern.imaging.webp.WebpEncoder;
import java.util.Locale;

/** The formats that pictures are sent in. */
public enum OutputFormat {
    PNG(Integer.MAX_VALUE),
    JPEG(JpegEncoder.LONGEST_SIDE),
    /** Lossless. */
    WEBP(WebpEncoder.LONGEST_SIDE);

    private final int longestSide;

    OutputFormat(int longestSide) {
        this.longestSide = longestSide;
    }

    /**
     * @param field of the request, for messages
     * @param name empty: PNG
     * @throws TernException INVALID_ARGUMENT for another one
     */
    public static OutputFormat named(String field, String name) {
        return switch (name) {
            case "", "png" -> PNG;
            case "jpeg" -> JPEG;
            case "webp" -> WEBP;
            default -> throw TernException.invalid(field, name, "png, jpeg or webp");
        };
    }

    /**
     * That of a file.
     *
     * @param field of the request, for messages
     * @throws TernException INVALID_ARGUMENT if it is of none of them
     */
    public static OutputFormat of(String field, byte[] file) {
        return switch (ImageFormat.of(file)) {
            case PNG -> PNG;
            case JPEG -> JPEG;
            case WEBP -> WEBP;
            case null, default -> throw TernException.invalid(field, "another file", "a PNG, WebP or JPEG file");
        };
    }

    /** {@code webp} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param field of the request, for messages
     * @throws TernException INVALID_ARGUMENT for a picture that is too long for the format
     */
    public void requireRoomFor(String field, int width, int height) {
        TernException.require(
                Math.max(width, height) <= longestSide,
                field,
                label() + " for " + width + " x " + height + " pixels",
                "sides of at most " + longestSide);
    }

    /** @param picture for which there is room */
    public byte[] encode(RgbImage picture) {
        return switch (this) {
            case PNG -> PngEncoder.encode(picture);
            case JPEG -> JpegEncoder.encode(picture);
            case WEBP -> WebpEncoder.encode(picture);
        };
    }
}
