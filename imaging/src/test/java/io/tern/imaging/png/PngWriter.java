package io.tern.imaging.png;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes PNG files of every type from samples, the slow and obvious way. */
public final class PngWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public PngWriter() {
        out.writeBytes(PngEncoder.SIGNATURE);
    }

    public PngWriter header(int width, int height, int depth, int colourType, boolean interlaced) {
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put((byte) depth)
                .put((byte) colourType)
                .put((byte) 0)
                .put((byte) 0)
                .put((byte) (interlaced ? 1 : 0));
        return chunk("IHDR", header.array());
    }

    /** In several IDAT chunks. */
    public PngWriter data(byte[] rows, int chunkBytes) {
        byte[] packed = pack(rows);
        for (int from = 0; from < packed.length; from += chunkBytes) {
            chunk("IDAT", Arrays.copyOfRange(packed, from, Math.min(packed.length, from + chunkBytes)));
        }
        return this;
    }

    public PngWriter chunk(String type, byte[] data) {
        byte[] typed = new byte[4 + data.length];
        System.arraycopy(type.getBytes(ISO_8859_1), 0, typed, 0, 4);
        System.arraycopy(data, 0, typed, 4, data.length);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(typed);
        out.writeBytes(
                ByteBuffer.allocate(4).putInt(crc(typed, 0, typed.length)).array());
        return this;
    }

    public byte[] end() {
        return chunk("IEND", new byte[0]).out.toByteArray();
    }

    public static byte[] pack(byte[] data) {
        try (Deflater deflater = new Deflater(9)) {
            deflater.setInput(data);
            deflater.finish();
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (!deflater.finished()) {
                packed.write(buffer, 0, deflater.deflate(buffer));
            }
            return packed.toByteArray();
        }
    }

    /** Rows of samples to filtered bytes, pass by pass. */
    static byte[] rows(int[][][] samples, int depth, boolean interlaced, int filter) {
        int[][] passes = interlaced
                ? new int[][] {
                    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
                }
                : new int[][] {{0, 0, 1, 1}};
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int channels = samples[0][0].length;
        for (int[] pass : passes) {
            int columns = (samples[0].length - pass[0] + pass[2] - 1) / pass[2];
            byte[] above = null;
            for (int y = pass[1]; y < samples.length && columns > 0; y += pass[3]) {
                byte[] row = new byte[(columns * channels * depth + 7) / 8];
                for (int x = 0; x < columns; x++) {
                    for (int c = 0; c < channels; c++) {
                        put(row, x * channels + c, depth, samples[y][pass[0] + x * pass[2]][c]);
                    }
                }
                out.write(filter);
                out.writeBytes(filtered(row, above, Math.max(1, channels * depth / 8), filter));
                above = row;
            }
        }
        return out.toByteArray();
    }

    private static void put(byte[] row, int index, int depth, int sample) {
        for (int bit = 0; bit < depth; bit++) {
            int at = index * depth + bit;
            row[at / 8] |= (byte) ((sample >> depth - 1 - bit & 1) << 7 - at % 8);
        }
    }

    private static byte[] filtered(byte[] row, byte[] above, int bpp, int filter) {
        byte[] out = new byte[row.length];
        for (int i = 0; i < row.length; i++) {
            int a = i < bpp ? 0 : row[i - bpp] & 0xff;
            int b = above == null ? 0 : above[i] & 0xff;
            int c = i < bpp || above == null ? 0 : above[i - bpp] & 0xff;
            int prediction = new int[] {0, a, b, (a + b) / 2, Paeth.predict(a, b, c)}[filter];
            out[i] = (byte) (row[i] - prediction);
        }
        return out;
    }

    /** Makes the checksums right again after bytes were changed; stops where the chunks no longer make sense. */
    public static void repairChecksums(byte[] png) {
        ByteBuffer file = ByteBuffer.wrap(png);
        int at = 8;
        while (at + 12 <= png.length) {
            int length = file.getInt(at);
            if (length < 0 || length > png.length - at - 12) {
                return;
            }
            file.putInt(at + 8 + length, crc(png, at + 4, length + 4));
            at += 12 + length;
        }
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
