package io.tern.generation;

import static io.tern.base.TernException.require;

import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.OutputFormat;
import io.tern.imaging.exif.ExifText;
import io.tern.imaging.jpeg.JpegEncoder;
import io.tern.imaging.webp.WebpEncoder;

/**
 * How pictures are written into files. Each file carries its recipe, a JPEG only one of less than 64 KiB.
 *
 * @param quality of a JPEG, 0..100; 100 for the others, which lose nothing
 */
public record PictureEncoding(OutputFormat format, int quality) {
    public static final int BEST = 100;

    private static final String FORMAT = "output_format";

    /** @throws io.tern.base.TernException INVALID_ARGUMENT */
    public PictureEncoding {
        if (format == OutputFormat.JPEG) {
            require(0 <= quality && quality <= BEST, "output_compression", quality, "0..100");
        } else {
            require(
                    quality == BEST,
                    "output_compression",
                    quality,
                    "100 with " + format.label() + ", which loses nothing");
        }
    }

    /** The format of a file made here, or PNG if that one loses something. */
    public static PictureEncoding lossless(byte[] file) {
        OutputFormat own = OutputFormat.of("image", file);
        return new PictureEncoding(own == OutputFormat.JPEG ? OutputFormat.PNG : own, BEST);
    }

    /**
     * That such pictures can be written so.
     *
     * @param colours whether they are of 8-bit colours, and not of 16-bit grey
     * @throws io.tern.base.TernException INVALID_ARGUMENT
     */
    public void check(boolean colours, int width, int height) {
        require(
                colours || format == OutputFormat.PNG,
                FORMAT,
                format.label(),
                "png, as pictures of this model are of 16-bit grey");
        format.requireRoomFor(FORMAT, width, height);
    }

    public byte[] encode(GenerationEvent.PreviewReady preview) {
        return format == OutputFormat.JPEG
                ? JpegEncoder.encode(preview.image(), share())
                : format.encode(preview.image());
    }

    public byte[] encode(GenerationEvent.PictureReady picture) {
        return switch (format) {
            case PNG -> picture.png();
            case JPEG -> JpegEncoder.encode(colours(picture), share(), text(picture));
            case WEBP -> WebpEncoder.encode(colours(picture), text(picture));
        };
    }

    private static ExifText text(GenerationEvent.PictureReady picture) {
        return new ExifText(
                RecipeTexts.DESCRIPTION + RecipeTexts.ascii(picture.recipe().toJson()), picture.parameters());
    }

    private static RgbImage colours(GenerationEvent.PictureReady picture) {
        return (RgbImage) picture.image(); // as has been checked
    }

    private float share() {
        return quality / (float) BEST;
    }
}
