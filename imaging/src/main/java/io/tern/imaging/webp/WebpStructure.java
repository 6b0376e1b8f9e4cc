package io.tern.imaging.webp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tern.imaging.exif.Orientation;
import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.PictureException;
import io.tern.imaging.file.Size;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A WebP file taken apart by its chunks (RFC 9649), so that the decoder is given one coded frame whose own size has been
 * checked: the size of the canvas and that of the frame are two numbers in a file, and only one of them costs memory.
 */
final class WebpStructure {
    private static final int TAG_BYTES = 8;
    private static final int ALPHA_FLAG = 0x10;

    private @Nullable Size canvas;
    private @Nullable Size frame;
    private int frameX;
    private int frameY;
    private boolean animationFrameSeen;
    private byte[] alpha = new byte[0];
    private byte[] pixels = new byte[0];
    private Orientation orientation = Orientation.UPRIGHT;
    private @Nullable ByteCursor exif;

    private WebpStructure() {}

    static WebpStructure of(byte[] file) throws PictureException {
        WebpStructure structure = new WebpStructure();
        ByteCursor in = ByteCursor.littleEndian(file);
        in.skip(4);
        long length = in.u32();
        ByteCursor chunks = in.slice(length);
        chunks.skip(4);
        structure.walk(chunks);
        return structure;
    }

    Size canvas() throws PictureException {
        return canvas == null ? frame() : canvas;
    }

    Size frame() throws PictureException {
        if (frame == null) {
            throw PictureException.damaged("a WebP picture without pixels");
        }
        return frame;
    }

    /** Where the frame's left edge lies on the canvas. */
    int frameX() {
        return frameX;
    }

    int frameY() {
        return frameY;
    }

    Orientation orientation() {
        return orientation;
    }

    /** A TIFF structure. */
    Optional<ByteCursor> exif() {
        return Optional.ofNullable(exif);
    }

    /** The frame as a file of its own. */
    byte[] essence() throws PictureException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("WEBP".getBytes(ISO_8859_1));
        if (alpha.length > 0) {
            tag(body, "VP8X", 10);
            body.write(ALPHA_FLAG);
            body.writeBytes(new byte[3]);
            little(body, frame().width() - 1, 3);
            little(body, frame().height() - 1, 3);
            body.writeBytes(alpha);
        }
        body.writeBytes(pixels);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        tag(file, "RIFF", body.size());
        file.writeBytes(body.toByteArray());
        return file.toByteArray();
    }

    private void walk(ByteCursor chunks) throws PictureException {
        while (chunks.remaining() >= TAG_BYTES) {
            int start = chunks.position();
            String type = chunks.tag();
            long length = chunks.u32();
            readChunk(type, chunks.slice(length), start);
            chunks.skip(length);
            chunks.skip(Math.min(length & 1, chunks.remaining())); // chunks are padded to an even number of bytes
        }
    }

    private void readChunk(String type, ByteCursor data, int start) throws PictureException {
        switch (type) {
            case "VP8X" -> {
                data.skip(4); // flags, which the chunks themselves say better
                int width = 1 + u24(data);
                canvas = Size.of(width, 1 + u24(data));
            }
            case "ANMF" -> readAnimationFrame(data);
            case "ALPH" -> alpha = pixels.length == 0 ? whole(data, start) : alpha;
            case "VP8 " -> readFrame(lossySize(data), data, start);
            case "VP8L" -> {
                alpha = pixels.length == 0 ? new byte[0] : alpha; // this coding has an alpha channel of its own
                readFrame(losslessSize(data), data, start);
            }
            case "EXIF" -> {
                orientation = Orientation.ofExif(data);
                exif = data;
            }
            default -> {}
        }
    }

    private void readAnimationFrame(ByteCursor data) throws PictureException {
        if (pixels.length > 0) {
            return;
        }
        if (animationFrameSeen) { // the one that we are in, or one without pixels
            throw PictureException.damaged("a WebP picture with an animation frame of no pixels");
        }
        animationFrameSeen = true;
        frameX = 2 * u24(data);
        frameY = 2 * u24(data);
        data.skip(3 + 3 + 3 + 1); // width, height (said again by the frame), duration, flags
        walk(data);
    }

    private void readFrame(Size size, ByteCursor data, int start) {
        if (pixels.length == 0) {
            frame = size;
            pixels = whole(data, start);
        }
    }

    /** RFC 6386, 9.1. The cursor does not move. */
    private static Size lossySize(ByteCursor data) throws PictureException {
        ByteCursor in = data.slice(data.remaining());
        boolean keyFrame = (in.u8() & 1) == 0;
        in.skip(2);
        if (!keyFrame || in.u8() != 0x9d || in.u8() != 0x01 || in.u8() != 0x2a) {
            throw PictureException.damaged("a WebP picture whose frame has no header");
        }
        int width = in.u16() & 0x3fff;
        return Size.of(width, in.u16() & 0x3fff);
    }

    /** RFC 9649, 3.4. The cursor does not move. */
    private static Size losslessSize(ByteCursor data) throws PictureException {
        ByteCursor in = data.slice(data.remaining());
        if (in.u8() != 0x2f) {
            throw PictureException.damaged("a WebP picture whose frame has no header");
        }
        int bits = in.s32();
        return Size.of(1 + (bits & 0x3fff), 1 + (bits >> 14 & 0x3fff));
    }

    /** The chunk from its tag to its padding. */
    private static byte[] whole(ByteCursor data, int start) {
        int length = data.position() - start + data.remaining();
        return Arrays.copyOf(Arrays.copyOfRange(data.array(), start, start + length), length + (length & 1));
    }

    private static int u24(ByteCursor in) throws PictureException {
        return in.u16() | in.u8() << 16;
    }

    private static void tag(ByteArrayOutputStream out, String tag, int length) {
        out.writeBytes(tag.getBytes(ISO_8859_1));
        little(out, length, 4);
    }

    private static void little(ByteArrayOutputStream out, int value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write(value >> (8 * i));
        }
    }
}
