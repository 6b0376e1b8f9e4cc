package io.tern.detection.service;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.imaging.JpegEncoder;
import io.tern.imaging.PngEncoder;
import io.tern.imaging.RgbImage;

/** Of the pictures that are sent back. */
enum PictureFormat {
    PNG,
    JPEG;

    /**
     * @param name empty: PNG
     * @throws TernException INVALID_ARGUMENT for another one
     */
    static PictureFormat named(String name) {
        return switch (name) {
            case "", "png" -> PNG;
            case "jpeg" -> JPEG;
            default -> throw TernException.invalid("picture_format", name, "png or jpeg");
        };
    }

    /** @throws TernException INVALID_ARGUMENT for a picture that is too long for the format */
    ByteString encode(RgbImage picture) {
        return switch (this) {
            case PNG -> ByteString.copyFrom(PngEncoder.encode(picture));
            case JPEG -> {
                TernException.require(
                        Math.max(picture.width(), picture.height()) <= JpegEncoder.LONGEST_SIDE,
                        "picture_format",
                        "jpeg for " + picture.width() + " x " + picture.height() + " pixels",
                        "sides of at most " + JpegEncoder.LONGEST_SIDE);
                yield ByteString.copyFrom(JpegEncoder.encode(picture));
            }
        };
    }
}
