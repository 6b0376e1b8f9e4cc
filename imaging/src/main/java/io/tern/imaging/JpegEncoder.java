package io.tern.imaging;

import java.awt.image.BufferedImage;
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
            writer.write(null, new IIOImage(buffered(image), null, null), parameters);
        } catch (IOException e) {
            throw new UncheckedIOException("a JPEG in memory", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static BufferedImage buffered(RgbImage image) {
        BufferedImage buffered = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
        byte[] rgb = image.rgb();
        int[] row = new int[image.width()];
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < row.length; x++) {
                int i = 3 * (y * image.width() + x);
                row[x] = (rgb[i] & 0xff) << 16 | (rgb[i + 1] & 0xff) << 8 | rgb[i + 2] & 0xff;
            }
            buffered.setRGB(0, y, row.length, 1, row, 0, row.length);
        }
        return buffered;
    }
}
