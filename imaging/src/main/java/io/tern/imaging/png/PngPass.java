package io.tern.imaging.png;

import io.tern.imaging.file.Size;
import java.util.List;

/**
 * The pixels that are sent together: all, or one of the seven parts of an interlaced picture; PNG specification, 8
 * (Adam7).
 */
record PngPass(int firstX, int firstY, int stepX, int stepY) {
    private static final List<PngPass> ADAM7 = List.of(
            new PngPass(0, 0, 8, 8),
            new PngPass(4, 0, 8, 8),
            new PngPass(0, 4, 4, 8),
            new PngPass(2, 0, 4, 4),
            new PngPass(0, 2, 2, 4),
            new PngPass(1, 0, 2, 2),
            new PngPass(0, 1, 1, 2));

    private static final List<PngPass> ONE = List.of(new PngPass(0, 0, 1, 1));

    static List<PngPass> of(PngHeader header) {
        return header.interlaced() ? ADAM7 : ONE;
    }

    /** Pixels in a row; 0 for a narrow picture. */
    int width(Size size) {
        return Math.max(0, Math.ceilDiv(size.width() - firstX, stepX));
    }

    /** Rows; 0 for a low picture. */
    int height(Size size) {
        return Math.max(0, Math.ceilDiv(size.height() - firstY, stepY));
    }

    /** Bytes of all rows with their filter types: none where there are no pixels. */
    long bytes(PngHeader header) {
        int width = width(header.size());
        return width == 0 ? 0 : (header.rowBytes(width) + 1L) * height(header.size());
    }
}
