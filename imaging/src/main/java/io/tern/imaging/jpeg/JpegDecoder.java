package io.tern.imaging.jpeg;

import io.tern.base.Cancellation;
import io.tern.imaging.RgbImage;
import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.ImageFormat;
import io.tern.imaging.file.PictureException;
import io.tern.imaging.file.PictureStream;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Reads JPEG: the JDK's native decoder unpacks the samples, colours are converted here, since its own conversion knows no
 * CMYK and guesses from markers. Luminance and colour differences become RGB as in JFIF 1.02, in libjpeg's integers.
 */
public final class JpegDecoder {
    private static final int HALF = 1 << 15;
    /** 1.402, 1.772, 0.714136 and 0.344136 in 16-bit fixed point. */
    private static final int CR_TO_RED = 91_881;

    private static final int CB_TO_BLUE = 116_130;
    private static final int CR_TO_GREEN = 46_802;
    private static final int CB_TO_GREEN = 22_554;

    private JpegDecoder() {}

    public static RgbImage decode(byte[] file, Cancellation cancellation) throws PictureException {
        JpegStructure structure = JpegStructure.of(file);
        byte[] samples = samples(structure, cancellation);
        cancellation.throwIfCancelled();
        byte[] rgb = switch (structure.frame().components()) {
            case 1 -> ofGrey(samples);
            case 3 -> structure.isYcc() ? ofYcc(samples) : samples;
            default -> ofFour(samples, structure.isYcc());
        };
        return structure.orientation().upright(structure.frame().size().image(rgb));
    }

    /** The TIFF structure of a file's EXIF data, if it has any. */
    public static Optional<ByteCursor> exif(byte[] file) throws PictureException {
        return JpegStructure.of(file).exif();
    }

    /** The picture's components as they are stored, pixel by pixel. */
    private static byte[] samples(JpegStructure structure, Cancellation cancellation) throws PictureException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        try (ImageInputStream in = new PictureStream(structure.essence(), cancellation)) {
            reader.setInput(in, true, true);
            Raster raster = reader.readRaster(0, null);
            byte[] samples = ((DataBufferByte) raster.getDataBuffer()).getData();
            JpegFrame frame = structure.frame();
            if (samples.length != frame.components() * frame.size().pixels()) {
                throw PictureException.damaged("a JPEG picture of another size than its header says");
            }
            return samples;
        } catch (IOException | RuntimeException e) {
            cancellation.throwIfCancelled();
            // The reader throws whatever comes to it, from NullPointerException to NegativeArraySizeException.
            throw PictureException.unreadable(ImageFormat.JPEG, e);
        } finally {
            reader.dispose();
        }
    }

    private static byte[] ofGrey(byte[] samples) {
        byte[] rgb = new byte[3 * samples.length];
        for (int i = 0; i < samples.length; i++) {
            rgb[3 * i] = samples[i];
            rgb[3 * i + 1] = samples[i];
            rgb[3 * i + 2] = samples[i];
        }
        return rgb;
    }

    private static byte[] ofYcc(byte[] samples) {
        for (int i = 0; i < samples.length; i += 3) {
            convertYcc(samples, i, samples, i);
        }
        return samples;
    }

    /**
     * CMYK, or YCCK, which is CMY taken for RGB and a plane of black. Everybody stores ink inverted, as Adobe began: a
     * value is the light that its ink leaves.
     */
    private static byte[] ofFour(byte[] samples, boolean ycck) {
        byte[] rgb = new byte[samples.length / 4 * 3];
        for (int from = 0, to = 0; from < samples.length; from += 4, to += 3) {
            if (ycck) {
                convertYcc(samples, from, samples, from);
            }
            int black = samples[from + 3] & 0xff;
            for (int i = 0; i < 3; i++) {
                int light = ycck ? ~samples[from + i] & 0xff : samples[from + i] & 0xff;
                rgb[to + i] = (byte) ((light * black + 127) / 255);
            }
        }
        return rgb;
    }

    private static void convertYcc(byte[] ycc, int from, byte[] rgb, int to) {
        int y = ycc[from] & 0xff;
        int cb = (ycc[from + 1] & 0xff) - 128;
        int cr = (ycc[from + 2] & 0xff) - 128;
        rgb[to] = clamp(y + ((CR_TO_RED * cr + HALF) >> 16));
        rgb[to + 1] = clamp(y + ((-CB_TO_GREEN * cb - CR_TO_GREEN * cr + HALF) >> 16));
        rgb[to + 2] = clamp(y + ((CB_TO_BLUE * cb + HALF) >> 16));
    }

    private static byte clamp(int value) {
        return (byte) Math.clamp(value, 0, 255);
    }
}
