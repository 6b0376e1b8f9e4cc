package io.tern.imaging.jpeg;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tern.imaging.Canvas;
import io.tern.imaging.RgbImage;
import io.tern.imaging.exif.ExifText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes baseline JPEG by the JDK's own encoder; the same picture gives the same bytes with one Java runtime. */
public final class JpegEncoder {
    /** Of the format. */
    public static final int LONGEST_SIDE = 65_500;

    private static final float QUALITY = 0.9f;
    private static final byte[] EXIF = "Exif\0\0".getBytes(US_ASCII);
    /** Of what a segment holds behind its marker, its length included. */
    private static final int MOST_SEGMENT_BYTES = 65_535;

    private JpegEncoder() {}

    /** @param image of sides up to {@link #LONGEST_SIDE} */
    public static byte[] encode(RgbImage image) {
        return encode(image, QUALITY);
    }

    /** The same with texts beside the pixels, or without if they are longer than the 64 KiB that the format has for them. */
    public static byte[] encode(RgbImage image, float quality, ExifText text) {
        byte[] file = encode(image, quality);
        byte[] tiff = text.tiff();
        int length = 2 + EXIF.length + tiff.length;
        if (length > MOST_SEGMENT_BYTES) {
            return file;
        }
        ByteBuffer in = ByteBuffer.wrap(file);
        int before = 4 + in.getShort(4); // start of image and the segment of JFIF, which is the first
        return ByteBuffer.allocate(file.length + 2 + length)
                .put(file, 0, before)
                .putShort((short) 0xffe1)
                .putShort((short) length)
                .put(EXIF)
                .put(tiff)
                .put(file, before, file.length - before)
                .array();
    }

    /** @param quality 0..1 */
    public static byte[] encode(RgbImage image, float quality) {
        if (Math.max(image.width(), image.height()) > LONGEST_SIDE) {
            throw new IllegalArgumentException(
                    "sides: " + image.width() + " x " + image.height() + " (expected: at most " + LONGEST_SIDE + ")");
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(image.rgb().length / 8 + 1024);
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(quality);
            writer.setOutput(out);
            writer.write(
                    null,
                    new IIOImage(Canvas.over(image.rgb(), image.width(), image.height()), null, null),
                    parameters);
        } catch (IOException e) {
            throw new UncheckedIOException("a JPEG in memory", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
