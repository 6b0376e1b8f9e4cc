package io.tern.imaging.webp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tern.imaging.RgbImage;
import io.tern.imaging.exif.ExifText;
import java.io.ByteArrayOutputStream;

/**
 * Writes lossless WebP (VP8L, RFC 9649): green taken off red and blue, the select predictor, copies of earlier pixels, and
 * one set of prefix codes. The same picture always gives the same bytes.
 */
public final class WebpEncoder {
    /** Of the format. */
    public static final int LONGEST_SIDE = 16_384;

    private static final int LITERALS = 256;
    private static final int LENGTH_SYMBOLS = 24;
    private static final int DISTANCE_SYMBOLS = 40;
    /** Codes of distances up to here stand for places near the pixel. */
    private static final int NEAR_PLACES = 120;

    /** Of the extended header; RFC 9649, 2.7.1. */
    private static final int EXIF_FLAG = 0x08;

    private static final int PREDICTOR = 0;
    private static final int SUBTRACT_GREEN = 2;
    private static final int SELECT = 11;

    private final RgbImage image;
    private final BackwardReferences references;
    private final byte[] residuals;
    private final BitWriter out;

    private WebpEncoder(RgbImage image) {
        if (Math.max(image.width(), image.height()) > LONGEST_SIDE) {
            throw new IllegalArgumentException(
                    "sides: " + image.width() + " x " + image.height() + " (expected: at most " + LONGEST_SIDE + ")");
        }
        this.image = image;
        this.residuals = Residuals.of(image);
        this.references = new BackwardReferences(residuals, image.width());
        this.out = new BitWriter(image.rgb().length / 3 + 64);
    }

    /** @param image of sides up to {@link #LONGEST_SIDE} */
    public static byte[] encode(RgbImage image) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        chunk(chunks, "VP8L", new WebpEncoder(image).stream());
        return file(chunks);
    }

    /** The same with texts beside the pixels. */
    public static byte[] encode(RgbImage image, ExifText text) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        writeInt(header, EXIF_FLAG, 4);
        writeInt(header, image.width() - 1, 3);
        writeInt(header, image.height() - 1, 3);
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        chunk(chunks, "VP8X", header.toByteArray());
        chunk(chunks, "VP8L", new WebpEncoder(image).stream());
        chunk(chunks, "EXIF", text.tiff());
        return file(chunks);
    }

    private static byte[] file(ByteArrayOutputStream chunks) {
        ByteArrayOutputStream file = new ByteArrayOutputStream(chunks.size() + 12);
        file.writeBytes("RIFF".getBytes(ISO_8859_1));
        writeInt(file, 4 + chunks.size(), 4);
        file.writeBytes("WEBP".getBytes(ISO_8859_1));
        file.writeBytes(chunks.toByteArray());
        return file.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream chunks, String type, byte[] data) {
        chunks.writeBytes(type.getBytes(ISO_8859_1));
        writeInt(chunks, data.length, 4);
        chunks.writeBytes(data);
        chunks.writeBytes(new byte[data.length & 1]);
    }

    private static void writeInt(ByteArrayOutputStream file, int value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            file.write(value >> (8 * i));
        }
    }

    private byte[] stream() {
        out.write(0x2f, 8);
        out.write(image.width() - 1, 14);
        out.write(image.height() - 1, 14);
        out.write(0, 1 + 3); // no alpha, version 0
        writeTransforms();
        out.write(0, 1); // no colour cache
        out.write(0, 1); // one set of codes for the whole picture
        writePixels();
        return out.toByteArray();
    }

    private void writeTransforms() {
        out.write(1, 1);
        out.write(SUBTRACT_GREEN, 2);
        out.write(1, 1);
        out.write(PREDICTOR, 2);
        out.write(7, 3); // blocks of 512 pixels, each with a predictor: a picture of one colour
        out.write(0, 1); // no colour cache
        int[] predictor = new int[LITERALS];
        predictor[SELECT] = 1;
        PrefixCode.of(predictor).writeTable(out);
        for (int other = 0; other < 4; other++) {
            PrefixCode.of(new int[0]).writeTable(out);
        }
        out.write(0, 1); // no more transforms
    }

    private void writePixels() {
        int[] greens = new int[LITERALS + LENGTH_SYMBOLS];
        int[] reds = new int[LITERALS];
        int[] blues = new int[LITERALS];
        int[] distances = new int[DISTANCE_SYMBOLS];
        references.walk(new BackwardReferences.Sink() {
            @Override
            public void literal(int at) {
                reds[residuals[at] & 0xff]++;
                greens[residuals[at + 1] & 0xff]++;
                blues[residuals[at + 2] & 0xff]++;
            }

            @Override
            public void copy(int length, int distance) {
                greens[LITERALS + PrefixedNumber.symbol(length)]++;
                distances[PrefixedNumber.symbol(distanceCode(distance))]++;
            }
        });
        PrefixCode green = PrefixCode.of(greens);
        PrefixCode red = PrefixCode.of(reds);
        PrefixCode blue = PrefixCode.of(blues);
        PrefixCode distance = PrefixCode.of(distances);
        green.writeTable(out);
        red.writeTable(out);
        blue.writeTable(out);
        PrefixCode.of(new int[0]).writeTable(out); // alpha differs nowhere from its prediction
        distance.writeTable(out);
        references.walk(new BackwardReferences.Sink() {
            @Override
            public void literal(int at) {
                green.write(out, residuals[at + 1] & 0xff);
                red.write(out, residuals[at] & 0xff);
                blue.write(out, residuals[at + 2] & 0xff);
            }

            @Override
            public void copy(int length, int pixelsBack) {
                int code = distanceCode(pixelsBack);
                green.write(out, LITERALS + PrefixedNumber.symbol(length));
                PrefixedNumber.writeRest(out, length);
                distance.write(out, PrefixedNumber.symbol(code));
                PrefixedNumber.writeRest(out, code);
            }
        });
    }

    /** Of the near places only the two that most copies come from have their own code here. */
    private int distanceCode(int pixelsBack) {
        if (pixelsBack == image.width()) {
            return 1; // above; in a picture one pixel wide also the one before
        }
        return pixelsBack == 1 ? 2 : pixelsBack + NEAR_PLACES;
    }
}
