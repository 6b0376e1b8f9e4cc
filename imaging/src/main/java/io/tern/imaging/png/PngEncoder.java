package io.tern.imaging.png;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tern.imaging.Grey16Image;
import io.tern.imaging.Picture;
import io.tern.imaging.RgbImage;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes PNG of 8-bit RGB or 16-bit grey. The same picture and texts always give the same bytes with one Java runtime: level, strategy and
 * row filter are fixed and nothing is stamped with the time. (Another zlib may pack the same pixels otherwise.)
 */
public final class PngEncoder {
    static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int LEVEL = 6;
    private static final byte PAETH = 4;
    private static final int MOST_KEYWORD_CHARACTERS = 79;

    private PngEncoder() {}

    public static byte[] encode(Picture image) {
        return encode(image, Map.of());
    }

    /**
     * @param text keyword to text, written in the order of the keywords: tEXt where Latin-1 suffices, else iTXt. A
     *     keyword has 1 to 79 Latin-1 characters. NUL, which PNG forbids, becomes U+FFFD.
     */
    public static byte[] encode(Picture image, Map<String, String> text) {
        Pixels pixels = Pixels.of(image);
        ByteArrayOutputStream out = new ByteArrayOutputStream(pixels.bytes().length / 2 + 1024);
        out.writeBytes(SIGNATURE);
        chunk(out, "IHDR", header(image, pixels));
        // Sorted: Map.of iterates in another order in each process.
        new TreeMap<>(text).forEach((keyword, value) -> text(out, keyword, value.replace('\0', '\ufffd')));
        chunk(out, "IDAT", deflate(filter(image, pixels)));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    /**
     * As they lie in the file before they are filtered.
     *
     * @param bits of a sample
     * @param colourType of the PNG specification, 11.2.2
     * @param pixelBytes of one pixel
     */
    private record Pixels(byte[] bytes, int bits, int colourType, int pixelBytes) {
        static Pixels of(Picture image) {
            return switch (image) {
                case RgbImage rgb -> new Pixels(rgb.rgb(), 8, 2, 3);
                case Grey16Image grey -> new Pixels(grey.bytes(), 16, 0, 2);
            };
        }
    }

    private static byte[] header(Picture image, Pixels pixels) {
        ByteArrayOutputStream header = new ByteArrayOutputStream(13);
        writeInt(header, image.width());
        writeInt(header, image.height());
        header.write(pixels.bits());
        header.write(pixels.colourType());
        header.writeBytes(new byte[3]); // deflate, adaptive filters, not interlaced
        return header.toByteArray();
    }

    /** Each row as its filter type and the differences from the Paeth prediction; PNG specification, 9.2. */
    private static byte[] filter(Picture image, Pixels pixels) {
        byte[] bytes = pixels.bytes();
        int step = pixels.pixelBytes();
        int stride = step * image.width();
        byte[] filtered = new byte[bytes.length + image.height()];
        int to = 0;
        for (int row = 0; row < bytes.length; row += stride) {
            filtered[to++] = PAETH;
            for (int i = 0; i < stride; i++) {
                int left = i < step ? 0 : bytes[row + i - step] & 0xff;
                int above = row == 0 ? 0 : bytes[row + i - stride] & 0xff;
                int aboveLeft = i < step || row == 0 ? 0 : bytes[row + i - stride - step] & 0xff;
                filtered[to++] = (byte) (bytes[row + i] - Paeth.predict(left, above, aboveLeft));
            }
        }
        return filtered;
    }

    private static byte[] deflate(byte[] data) {
        try (Deflater deflater = new Deflater(LEVEL)) {
            deflater.setStrategy(Deflater.FILTERED);
            deflater.setInput(data);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(data.length / 2 + 64);
            byte[] buffer = new byte[1 << 16];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        }
    }

    private static void text(ByteArrayOutputStream out, String keyword, String value) {
        if (keyword.isEmpty() || keyword.length() > MOST_KEYWORD_CHARACTERS || !isLatin1(keyword)) {
            throw new IllegalArgumentException("keyword: " + keyword + " (expected: 1..79 Latin-1 characters)");
        }
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(keyword.getBytes(ISO_8859_1));
        if (isLatin1(value)) {
            data.write(0);
            data.writeBytes(value.getBytes(ISO_8859_1));
            chunk(out, "tEXt", data.toByteArray());
        } else {
            data.writeBytes(
                    new byte[5]); // end of keyword, not compressed, method 0, no language, no translated keyword
            data.writeBytes(value.getBytes(UTF_8));
            chunk(out, "iTXt", data.toByteArray());
        }
    }

    /** Printable Latin-1 and line feeds; PNG specification, 11.3.3. */
    private static boolean isLatin1(String text) {
        return text.chars().allMatch(c -> c == '\n' || (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c <= 0xff));
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] typeBytes = type.getBytes(ISO_8859_1);
        CRC32 crc = new CRC32();
        crc.update(typeBytes);
        crc.update(data);
        writeInt(out, data.length);
        out.writeBytes(typeBytes);
        out.writeBytes(data);
        writeInt(out, (int) crc.getValue());
    }

    private static void writeInt(ByteArrayOutputStream out, int value) {
        out.write(value >>> 24);
        out.write(value >>> 16);
        out.write(value >>> 8);
        out.write(value);
    }
}
