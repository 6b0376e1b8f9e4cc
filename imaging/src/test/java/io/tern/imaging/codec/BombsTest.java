package io.tern.imaging.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tern.base.TernException;
import io.tern.imaging.png.PngWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of every format that promise or hide far more than they are: what they cost is counted in bytes of heap. */
class BombsTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long MEBIBYTE = 1 << 20;
    private static final long MOST_BYTES = 64 * MEBIBYTE;
    private static final String READ = "read";

    static Stream<Arguments> bombs() {
        byte[] zeros = new byte[64 << 20];
        return Stream.of(
                bomb("GIF: 35 bytes of 65535 x 32767", "PAYLOAD_TOO_LARGE", gif(65_535, 32_767, 1)),
                bomb("GIF: 5000 x 5000 without pixels", "INVALID_ARGUMENT", gif(5000, 5000, 1)),
                bomb("GIF: a thousand frames", READ, gif(2, 2, 1000)),
                bomb("GIF: a ZIP as well", READ, joined(gif(2, 2, 1), "PK\3\4 and so on".getBytes(ISO_8859_1))),
                bomb(
                        "PNG: 100000 x 100000",
                        "PAYLOAD_TOO_LARGE",
                        png(100_000, 100_000).end()),
                bomb(
                        "PNG: 5000 x 5000 without pixels",
                        "INVALID_ARGUMENT",
                        png(5000, 5000).data(new byte[9], 99).end()),
                bomb("PNG: packed text", READ, tiny(png(1, 1).chunk("zTXt", keyed(PngWriter.pack(zeros))))),
                bomb("PNG: packed profile", READ, tiny(png(1, 1).chunk("iCCP", keyed(PngWriter.pack(zeros))))),
                bomb(
                        "PNG: far more than its pixels",
                        READ,
                        png(1, 1).data(zeros, 1 << 20).end()),
                bomb("PNG: a thousand frames", READ, animated(1000)),
                bomb("PNG: a page as well", READ, joined(tiny(png(1, 1)), "<script>1</script>".getBytes(ISO_8859_1))),
                bomb("JPEG: 65500 x 65500", "PAYLOAD_TOO_LARGE", jpeg(65_500, 65_500, 1)),
                bomb("JPEG: a thousand scans", "UNSUPPORTED_MEDIA_TYPE", jpeg(5000, 5000, 1000)),
                bomb("JPEG: 15 MB of profiles", READ, profiled(Fixtures.file("baseline.jpg"), 230)),
                bomb("BMP: 2147483647 x 1", "PAYLOAD_TOO_LARGE", bmp(Integer.MAX_VALUE, 1)),
                bomb("BMP: 1 x -2147483648", "PAYLOAD_TOO_LARGE", bmp(1, Integer.MIN_VALUE)),
                bomb("BMP: 5000 x 5000 without pixels", "INVALID_ARGUMENT", bmp(5000, 5000)),
                bomb("WebP: 16384 x 16384", "PAYLOAD_TOO_LARGE", webp(16_384, 16_384)),
                bomb("WebP: 4000 x 4000 without pixels", "INVALID_ARGUMENT", webp(4000, 4000)),
                bomb("TIFF", "UNSUPPORTED_MEDIA_TYPE", "II*\0\10\0\0\0".getBytes(ISO_8859_1)),
                bomb("SVG", "UNSUPPORTED_MEDIA_TYPE", "<svg xmlns=\"x\"/>".getBytes(ISO_8859_1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bombs")
    void costsNoMoreThanASmallPicture(String name, String outcome, byte[] file) {
        assertThat(outcome(file)).as(name).isEqualTo(outcome); // and the classes are loaded
        assertThat(allocated(() -> outcome(file))).as(name).isLessThan(MOST_BYTES);
    }

    /** What a reader takes that unpacks all that it is told to: the count of bytes sees it. */
    @Test
    void anotherReaderWouldBeCaught() {
        byte[] packed = PngWriter.pack(new byte[64 << 20]);
        assertThat(allocated(() -> {
                    try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
                        return in.readAllBytes().length;
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }))
                .isGreaterThan(MOST_BYTES);
    }

    private static String outcome(byte[] file) {
        try {
            var _ = ImageDecoder.decode(file);
            return READ;
        } catch (TernException refused) {
            return refused.code().name();
        }
    }

    private static long allocated(Supplier<Object> work) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        var _ = work.get();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static Arguments bomb(String name, String outcome, byte[] file) {
        return Arguments.of(name, outcome, file);
    }

    private static byte[] gif(int width, int height, int frames) {
        ByteBuffer out = ByteBuffer.allocate(13 + 6 + 24 * frames + 1).order(ByteOrder.LITTLE_ENDIAN);
        out.put("GIF89a".getBytes(ISO_8859_1)).putShort((short) width).putShort((short) height);
        out.put(new byte[] {(byte) 0x80, 0, 0, 0, 0, 0, -1, -1, -1});
        for (int i = 0; i < frames; i++) {
            out.put((byte) 0x2c).putInt(0).putShort((short) width).putShort((short) height);
            // Codes of three bits: clear, four times colour 0, end.
            out.put(new byte[] {0, 2, 3, 0b00000100, 0b00000000, 0b01010000, 0});
        }
        out.put((byte) 0x3b);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static PngWriter png(int width, int height) {
        return new PngWriter().header(width, height, 8, 0, false);
    }

    private static byte[] tiny(PngWriter before) {
        return before.data(new byte[] {0, 7}, 100).end();
    }

    private static byte[] keyed(byte[] packed) {
        return joined("a\0\0".getBytes(ISO_8859_1), packed);
    }

    private static byte[] animated(int frames) {
        PngWriter png =
                png(1, 1).chunk("acTL", ByteBuffer.allocate(8).putInt(frames).array());
        png.data(new byte[] {0, 7}, 100);
        for (int i = 0; i < frames; i++) {
            png.chunk("fdAT", new byte[1000]);
        }
        return png.end();
    }

    /** Progressive, with scans of nothing. */
    private static byte[] jpeg(int width, int height, int scans) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] size = {(byte) (height >> 8), (byte) height, (byte) (width >> 8), (byte) width};
        out.writeBytes(new byte[] {-1, (byte) 0xd8, -1, (byte) 0xc2, 0, 11, 8});
        out.writeBytes(size);
        out.writeBytes(new byte[] {1, 1, 0x11, 0});
        for (int i = 0; i < scans; i++) {
            out.writeBytes(new byte[] {-1, (byte) 0xda, 0, 8, 1, 1, 0, 0, 0, 0});
        }
        out.writeBytes(new byte[] {-1, (byte) 0xd9});
        return out.toByteArray();
    }

    /** With profiles of 64 kB between its beginning and the rest. */
    private static byte[] profiled(byte[] jpeg, int profiles) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        for (int i = 0; i < profiles; i++) {
            out.writeBytes(new byte[] {-1, (byte) 0xe2, -1, -1});
            out.writeBytes(new byte[65_533]);
        }
        out.write(jpeg, 2, jpeg.length - 2);
        return out.toByteArray();
    }

    private static byte[] bmp(int width, int height) {
        ByteBuffer out = ByteBuffer.allocate(54).order(ByteOrder.LITTLE_ENDIAN);
        out.put("BM".getBytes(ISO_8859_1))
                .putInt(54)
                .putInt(0)
                .putInt(54)
                .putInt(40)
                .putInt(width)
                .putInt(height);
        return out.putShort((short) 1).putShort((short) 24).array();
    }

    private static byte[] webp(int width, int height) {
        ByteBuffer out = ByteBuffer.allocate(26).order(ByteOrder.LITTLE_ENDIAN);
        out.put("RIFF".getBytes(ISO_8859_1))
                .putInt(18)
                .put("WEBPVP8L".getBytes(ISO_8859_1))
                .putInt(5);
        return out.put((byte) 0x2f).putInt(width - 1 | (height - 1) << 14).array();
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
