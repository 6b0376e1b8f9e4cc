package io.tern.detection.service;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.imaging.JpegEncoder;
import io.tern.imaging.PngEncoder;
import io.tern.imaging.RgbImage;
import io.tern.imaging.WebpEncoder;
import java.util.Locale;

/** Of the pictures that are sent back. */
enum PictureFormat {
    PNG(Integer.MAX_VALUE),
    JPEG(JpegEncoder.LONGEST_SIDE),
    /** Lossless. */
    WEBP(WebpEncoder.LONGEST_SIDE);

    private final int longestSide;

    PictureFormat(int longestSide) {
        this.longestSide = longestSide;
    }

    /**
     * @param name empty: PNG
     * @throws TernException INVALID_ARGUMENT for another one
     */
    static PictureFormat named(String name) {
        return switch (name) {
            case "", "png" -> PNG;
            case "jpeg" -> JPEG;
            case "webp" -> WEBP;
            default -> throw TernException.invalid("picture_format", name, "png, jpeg or webp");
        };
    }

    /** @throws TernException INVALID_ARGUMENT for a picture that is too long for the format */
    ByteString encode(RgbImage picture) {
        TernException.require(
                Math.max(picture.width(), picture.height()) <= longestSide,
                "picture_format",
                name().toLowerCase(Locale.ROOT) + " for " + picture.width() + " x " + picture.height() + " pixels",
                "sides of at most " + longestSide);
        return ByteString.copyFrom(
                switch (this) {
                    case PNG -> PngEncoder.encode(picture);
                    case JPEG -> JpegEncoder.encode(picture);
                    case WEBP -> WebpEncoder.encode(picture);
                });
    }
}
