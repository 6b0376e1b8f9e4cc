package io.tern.imaging.webp;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import io.tern.base.Cancellation;
import io.tern.imaging.RgbImage;
import io.tern.imaging.file.Alpha;
import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.ImageFormat;
import io.tern.imaging.file.PictureException;
import io.tern.imaging.file.PictureStream;
import io.tern.imaging.file.Size;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Reads WebP, lossy and lossless; of an animation the first frame at its place on the canvas, over white. */
public final class WebpDecoder {
    private WebpDecoder() {}

    public static RgbImage decode(byte[] file, Cancellation cancellation) throws PictureException {
        WebpStructure structure = WebpStructure.of(file);
        Size canvas = structure.canvas();
        byte[] rgb = new byte[3 * canvas.pixels()];
        Arrays.fill(rgb, (byte) 255);
        BufferedImage frame = frame(structure, cancellation);
        int[] row = new int[frame.getWidth()];
        for (int y = 0; y < frame.getHeight() && structure.frameY() + y < canvas.height(); y++) {
            cancellation.throwIfCancelled();
            frame.getRGB(0, y, row.length, 1, row, 0, row.length);
            int from = (structure.frameY() + y) * canvas.width() + structure.frameX();
            for (int x = 0; x < row.length && structure.frameX() + x < canvas.width(); x++) {
                Alpha.writeOverWhite(row[x], rgb, 3 * (from + x));
            }
        }
        return structure.orientation().upright(canvas.image(rgb));
    }

    /** The TIFF structure of a file's EXIF data, if it has any. */
    public static Optional<ByteCursor> exif(byte[] file) throws PictureException {
        return WebpStructure.of(file).exif();
    }

    private static BufferedImage frame(WebpStructure structure, Cancellation cancellation) throws PictureException {
        ImageReader reader = new WebPImageReaderSpi().createReaderInstance(null);
        try (ImageInputStream in = new PictureStream(structure.essence(), cancellation)) {
            reader.setInput(in, true, true);
            BufferedImage frame = reader.read(0);
            if (frame.getWidth() != structure.frame().width()
                    || frame.getHeight() != structure.frame().height()) {
                throw PictureException.damaged("a WebP picture of another size than its header says");
            }
            return frame;
        } catch (IOException | RuntimeException e) {
            cancellation.throwIfCancelled();
            // The reader meets damage with whatever exception comes of it.
            throw PictureException.unreadable(ImageFormat.WEBP, e);
        } finally {
            reader.dispose();
        }
    }
}
