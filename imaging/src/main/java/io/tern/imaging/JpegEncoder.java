package io.tern.imaging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    private JpegEncoder() {}

    /** @param image of sides up to {@link #LONGEST_SIDE} */
    public static byte[] encode(RgbImage image) {
        if (Math.max(image.width(), image.height()) > LONGEST_SIDE) {
            throw new IllegalArgumentException(
                    "sides: " + image.width() + " x " + image.height() + " (expected: at most " + LONGEST_SIDE + ")");
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(image.rgb().length / 8 + 1024);
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(QUALITY);
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
