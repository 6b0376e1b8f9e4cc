package io.tern.imaging.png;

import io.tern.base.Cancellation;
import io.tern.imaging.RgbImage;
import io.tern.imaging.file.Alpha;
import io.tern.imaging.file.PictureException;

/** Rows of filtered samples to RGB; PNG specification, 9 (filters). */
final class PngPixels {
    private final PngHeader header;
    private final PngColours colours;
    private final PngData data;
    private final Form form;
    private final Cancellation cancellation;
    private final int depth;

    /** What becomes of the pixel 0xAARRGGBB: three bytes from {@code at}. */
    @FunctionalInterface
    interface Form {
        Form OVER_WHITE = Alpha::writeOverWhite;
        Form OPACITY = Alpha::writeOpacity;

        void write(int argb, byte[] rgb, int at);
    }

    PngPixels(PngHeader header, PngColours colours, PngData data, Form form, Cancellation cancellation) {
        this.header = header;
        this.form = form;
        this.colours = colours;
        this.data = data;
        this.cancellation = cancellation;
        this.depth = header.depth();
    }

    /** Closes the data. */
    RgbImage read() throws PictureException {
        try (data) {
            byte[] rgb = new byte[3 * header.size().pixels()];
            for (PngPass pass : PngPass.of(header)) {
                readPass(rgb, pass);
            }
            return header.size().image(rgb);
        }
    }

    private void readPass(byte[] rgb, PngPass pass) throws PictureException {
        int width = pass.width(header.size());
        if (width == 0) {
            return; // not even filter types
        }
        int length = header.rowBytes(width);
        byte[] row = new byte[length + 1];
        byte[] above = new byte[length + 1];
        for (int line = 0; line < pass.height(header.size()); line++) {
            cancellation.throwIfCancelled();
            data.read(row, length + 1);
            unfilter(row, above, Math.max(1, header.bitsPerPixel() / 8));
            int at = 3 * ((pass.firstY() + line * pass.stepY()) * header.size().width() + pass.firstX());
            if (isCopied(pass)) {
                System.arraycopy(row, 1, rgb, at, length);
            } else {
                convert(row, width, rgb, at, 3 * pass.stepX());
            }
            byte[] swap = above;
            above = row;
            row = swap;
        }
    }

    /** Whether the samples are the picture's own bytes. */
    private boolean isCopied(PngPass pass) {
        return pass.stepX() == 1
                && header.bitsPerPixel() == 24
                && !colours.hasTransparentColour()
                && form == Form.OVER_WHITE;
    }

    /** In place; byte 0 of a row is its filter type, {@code above} is already unfiltered (zeros before the first row). */
    private static void unfilter(byte[] row, byte[] above, int pixelBytes) throws PictureException {
        switch (row[0]) {
            case 0 -> {}
            case 1 -> unfilterSub(row, pixelBytes);
            case 2 -> unfilterUp(row, above);
            case 3 -> unfilterAverage(row, above, pixelBytes);
            case 4 -> unfilterPaeth(row, above, pixelBytes);
            default -> throw PictureException.damaged("a PNG picture with row filter " + row[0]);
        }
    }

    private static void unfilterSub(byte[] row, int pixelBytes) {
        for (int i = 1 + pixelBytes; i < row.length; i++) {
            row[i] += row[i - pixelBytes];
        }
    }

    private static void unfilterUp(byte[] row, byte[] above) {
        for (int i = 1; i < row.length; i++) {
            row[i] += above[i];
        }
    }

    private static void unfilterAverage(byte[] row, byte[] above, int pixelBytes) {
        for (int i = 1; i < row.length; i++) {
            int left = i > pixelBytes ? row[i - pixelBytes] & 0xff : 0;
            row[i] += (byte) ((left + (above[i] & 0xff)) / 2);
        }
    }

    private static void unfilterPaeth(byte[] row, byte[] above, int pixelBytes) {
        for (int i = 1; i <= pixelBytes && i < row.length; i++) {
            row[i] += above[i]; // with nothing to the left the prediction is what is above
        }
        for (int i = 1 + pixelBytes; i < row.length; i++) {
            row[i] += (byte) Paeth.predict(row[i - pixelBytes] & 0xff, above[i] & 0xff, above[i - pixelBytes] & 0xff);
        }
    }

    private void convert(byte[] row, int width, byte[] rgb, int from, int step) throws PictureException {
        int channels = header.colourType().channels();
        for (int x = 0; x < width; x++) {
            form.write(argb(row, x * channels), rgb, from + x * step);
        }
    }

    private int argb(byte[] row, int first) throws PictureException {
        int sample = sample(row, first);
        return switch (header.colourType()) {
            case PALETTE -> colours.argb(sample);
            case GREY -> pack(sample, sample, sample, colours.isTransparent(sample) ? 0 : opaque());
            case GREY_ALPHA -> pack(sample, sample, sample, sample(row, first + 1));
            case RGB -> {
                int green = sample(row, first + 1);
                int blue = sample(row, first + 2);
                yield pack(sample, green, blue, colours.isTransparent(sample, green, blue) ? 0 : opaque());
            }
            case RGB_ALPHA -> pack(sample, sample(row, first + 1), sample(row, first + 2), sample(row, first + 3));
        };
    }

    /** Sample number {@code index} of a row, 0..2^depth - 1. */
    private int sample(byte[] row, int index) {
        if (depth == 8) {
            return row[index + 1] & 0xff;
        } else if (depth == 16) {
            return (row[2 * index + 1] & 0xff) << 8 | (row[2 * index + 2] & 0xff);
        }
        int bit = index * depth;
        return (row[bit / 8 + 1] >> (8 - depth - bit % 8)) & ((1 << depth) - 1);
    }

    private int opaque() {
        return (1 << depth) - 1;
    }

    private int pack(int red, int green, int blue, int alpha) {
        return to8Bits(alpha) << 24 | to8Bits(red) << 16 | to8Bits(green) << 8 | to8Bits(blue);
    }

    /** Exact up to 8 bits; of 16 the high byte, as OpenCV and Pillow do. */
    private int to8Bits(int sample) {
        return switch (depth) {
            case 16 -> sample >> 8;
            case 8 -> sample; // the common case, four times a pixel
            default -> sample * 255 / opaque();
        };
    }
}
